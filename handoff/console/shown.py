"""Pages: one layout, moments in London time, and a fault said in words."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from handoff.console import words
from knowledge.dates_in_words import clock_words, day_words, local_day, span_words
from knowledge.working_hours import said_week

LONDON = ZoneInfo("Europe/London")
PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def day(moment: datetime) -> str:
    """`Thu 26 Nov 2026`, in London."""
    here = moment.astimezone(LONDON)
    return f"{here:%a} {here.day} {here:%b} {here.year}"


def clock(moment: datetime) -> str:
    """`5pm` or `10:20am`, in London."""
    here = moment.astimezone(LONDON)
    hour, half = here.hour % 12 or 12, "am" if here.hour < 12 else "pm"
    return f"{hour}:{here.minute:02}{half}" if here.minute else f"{hour}{half}"


def when(moment: datetime) -> str:
    """`Thu 26 Nov 2026, 5pm`, in London."""
    return f"{day(moment)}, {clock(moment)}"


def seconds(moment: datetime) -> str:
    """`10:20:07am`, in London."""
    here = moment.astimezone(LONDON)
    return f"{here.hour % 12 or 12}:{here.minute:02}:{here.second:02}{'am' if here.hour < 12 else 'pm'}"


def ago(moment: datetime, now: datetime) -> str:
    """`20 seconds ago`, `3 minutes ago`, then hours and days."""
    seconds = max(0, int((now - moment).total_seconds()))
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "a moment ago"


def plain_date(given: date) -> str:
    """`26 Nov 2026`."""
    return f"{given.day} {given:%b} {given.year}"


PAGES.filters.update(day=day, clock=clock, when=when, date=plain_date, seconds=seconds)
PAGES.globals.update(
    menu=words.menu, WHO=words.WHO, DOOR=words.DOOR, AGE=words.AGE, STATUS=words.STATUS, PRIORITY=words.PRIORITY
)
PAGES.globals.update(OUTCOME=words.OUTCOME, week=said_week)
PAGES.globals.update(day_words=day_words, local_day=local_day, span_words=span_words, clock_words=clock_words)
PAGES.globals.update(KIND=words.KIND, SESSION=words.SESSION, BOOKING=words.BOOKING, COMING=words.COMING)
PAGES.globals.update(STANDING=words.STANDING, STEP=words.STEP, RANKING=words.RANKING)


def page(request: Request, name: str, *, status: int = 200, **shown: object) -> Response:
    """The page `name`, filled in."""
    given = {"nonce": request.state.nonce, "problem": "", "here": "", "visitor": None, **shown}
    return HTMLResponse(PAGES.get_template(name).render(given), status_code=status)


def fault_page(request: Request, status: int, heading: str, more: str) -> Response:
    """What went wrong, and what to do."""
    return page(request, "fault.html", status=status, heading=heading, more=more)

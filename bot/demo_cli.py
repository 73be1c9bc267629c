"""`askwell demo`: sessions that are made up and say so, to see how booking works. Nothing else ever loads them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from sqlmodel import Session, col, select

from bot.app import load_settings_pack
from bot.desk_door import open_desk
from bot.settings import Settings
from bot.terminal import said, stop
from handoff.database import transaction
from handoff.desk import Desk
from handoff.models import Surgery
from handoff.surgeries.plan_file import Numbered, read_plan_file
from handoff.surgeries.planned import Planned, on_day
from handoff.surgeries.planning import plan, publish
from handoff.surgeries.rights import at_the_terminal
from knowledge.calendar import WorkingCalendar

EXAMPLES = Path(__file__).with_name("example_surgeries.yaml")
TUESDAY = 1


def demo() -> None:
    """Load made-up SEND Surgery sessions, marked as examples. Never beside a council's own sessions."""
    settings = Settings()
    calendar = load_settings_pack(settings).calendar
    found, problems = read_plan_file(EXAMPLES)
    if problems:
        stop("\n".join(map(str, problems)), code=1)
    with open_desk(settings) as (engine, desk), transaction(engine) as session:
        if _own_sessions(session, desk):
            stop("There are real sessions here. Set ASKWELL_DATA to an empty folder and run it again.", code=1)
        made = load_examples(session, desk, found, calendar)
    said.print(f"{made} example sessions are published, each marked EXAMPLE. Try: askwell book")


def load_examples(session: Session, desk: Desk, found: list[Numbered], calendar: WorkingCalendar) -> int:
    """The examples on the next open Tuesdays, a fortnight apart; how many are published."""
    day = desk.now().date() + timedelta(days=1)
    for one in found:
        day = _next_open(day, calendar)
        example = on_day(one.planned, day, one.planned.code)
        known = session.exec(select(Surgery).where(Surgery.pack == desk.pack, Surgery.code == example.code)).first()
        if known is None:
            _publish(session, desk, example, calendar)
        day += timedelta(days=14)
    return len(found)


def _publish(session: Session, desk: Desk, example: Planned, calendar: WorkingCalendar) -> None:
    plan(session, desk, at_the_terminal(), example, calendar, example=True)
    publish(session, desk, at_the_terminal(), example.code)


def _own_sessions(session: Session, desk: Desk) -> bool:
    own = select(Surgery.id).where(Surgery.pack == desk.pack, col(Surgery.example).is_(False))
    return session.exec(own.limit(1)).first() is not None


def _next_open(day: date, calendar: WorkingCalendar) -> date:
    while day.weekday() != TUESDAY or calendar.closed_because(day):
        day += timedelta(days=1)
    return day

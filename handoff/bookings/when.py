"""Times as families read them, always those of Europe/London: "Tue 8 Dec, 10:20am", "Tuesday 8 December 2026"."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from knowledge.working_hours import LONDON

if TYPE_CHECKING:
    from handoff.models import Surgery

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def clock_words(at: datetime) -> str:
    """10:20am, 4pm, 12:30pm; "midday" for 12:00."""
    here = at.astimezone(LONDON)
    if (here.hour, here.minute) == (12, 0):
        return "midday"
    half = "am" if here.hour < 12 else "pm"
    minutes = f":{here.minute:02}" if here.minute else ""
    return f"{here.hour % 12 or 12}{minutes}{half}"


def day_words(day: date) -> str:
    """Tuesday 8 December 2026."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_words(at: datetime) -> str:
    """Tue 8 Dec, 10:20am."""
    here = at.astimezone(LONDON)
    return f"{DAYS[here.weekday()][:3]} {here.day} {MONTHS[here.month - 1][:3]}, {clock_words(at)}"


def span_words(starts_at: datetime, ends_at: datetime) -> str:
    """9:30am to 12:30pm."""
    return f"{clock_words(starts_at)} to {clock_words(ends_at)}"


def until_words(until: datetime, now: datetime) -> str:
    """By when an offer stands: "5pm today", or "5pm on Wednesday 9 December 2026"."""
    here, today = until.astimezone(LONDON), now.astimezone(LONDON).date()
    return (
        f"{clock_words(until)} today" if here.date() == today else f"{clock_words(until)} on {day_words(here.date())}"
    )


def local_day(at: datetime) -> date:
    """The day on which `at` falls here."""
    return at.astimezone(LONDON).date()


def date_words(surgery: Surgery) -> str:
    """ "Tuesday 8 December 2026, 9:30am to 12:30pm, Feltham Library"."""
    when = f"{day_words(local_day(surgery.starts_at))}, {span_words(surgery.starts_at, surgery.ends_at)}"
    return f"{when}, {surgery.venue}"

"""All-day entries for a person's own calendar (RFC 5545). The same entry keeps its UID, so a new file updates it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

PRODUCT = "-//Askwell//Dates//EN"


@dataclass(frozen=True)
class DayEntry:
    """One day to note: `uid` never changes for the same thing, `url` is the page behind it, or none."""

    uid: str
    day: date
    summary: str
    description: str
    url: str | None = None


def day_calendar(entries: Iterable[DayEntry], stamp: datetime) -> bytes:
    """The entries as an iCalendar file. `stamp` (DTSTAMP) is when it was made, with a time zone."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for entry in entries:
        made.add_component(_event(entry, stamp.astimezone(UTC)))
    return bytes(made.to_ical())


def _event(entry: DayEntry, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("transp", "TRANSPARENT")
    if entry.url:
        event.add("url", entry.url)
    return event

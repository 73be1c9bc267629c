"""Entries for a person's own calendar (RFC 5545). The same entry keeps its UID, so a new file updates it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event, Timezone

from knowledge.working_hours import LONDON

PRODUCT = "-//Askwell//Dates//EN"
# The rule in force since 1996, as calendars have long carried it. The list of dates icalendar makes on its own is read
# an hour wrong in winter by dateutil, and so by every calendar built on it.
LONDON_ZONE = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
"""


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


@dataclass(frozen=True)
class Appointment:
    """An appointment by the wall clock of Europe/London. `uid` is the same for ever, `sequence` goes up with a change.

    Cancelled, it takes itself out of the calendar it is opened in (RFC 5546). `organizer` is an email address.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    changed_at: datetime
    organizer: str = ""
    url: str | None = None
    cancelled: bool = False


def appointment_calendar(entry: Appointment) -> bytes:
    """The appointment as an iCalendar file with its zone (VTIMEZONE). The same appointment makes the same bytes."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "CANCEL" if entry.cancelled else "PUBLISH")
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(LONDON))
    event.add("dtend", entry.ends_at.astimezone(LONDON))
    event.add("summary", entry.summary)
    event.add("location", entry.location)
    event.add("description", entry.description)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    if entry.organizer:
        event.add("organizer", f"mailto:{entry.organizer}")
    if entry.url:
        event.add("url", entry.url)
    made.add_component(Timezone.from_ical(LONDON_ZONE))
    made.add_component(event)
    return bytes(made.to_ical())

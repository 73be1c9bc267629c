"""Promises: by when a team will reply, counted in its own opening hours. Pure; safe across clock changes.

Everything is counted in Europe/London: wall-clock times say when a team opens, real elapsed time is what is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from knowledge.calendar import Closure, WorkingCalendar

LONDON = ZoneInfo("Europe/London")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# A team that does not open within this many days is taken never to open.
FARTHEST = 1100

_PERIOD = re.compile(r"(\d{1,2})[:.](\d{2})\s*(?:-|–|to)\s*(\d{1,2})[:.](\d{2})")
_STANDARD = re.compile(r"(\d+) working (hour|day)s?")


class Unit(StrEnum):
    """What a reply standard is counted in."""

    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True)
class Standard:
    """How long a reply may take, at least 1: hours in which the team is open, or days on which it opens."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        unit = "hour" if self.unit is Unit.HOURS else "day"
        return f"{self.number} working {unit}{'s' if self.number > 1 else ''}"


@dataclass(frozen=True)
class Period:
    """From one wall-clock time to a later one. A closing time of 00:00 is midnight at the end of the day."""

    opens: time
    closes: time


@dataclass(frozen=True)
class QueueHours:
    """When a team is open: its periods by weekday (0 is Monday), less bank holidays and closures.

    `closures` are the team's own, beside the council's in `calendar`.
    """

    week: Mapping[int, tuple[Period, ...]]
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    closures: tuple[Closure, ...] = ()

    def is_closed(self, day: date) -> bool:
        """Whether the team is shut all `day`, for a bank holiday or a closure."""
        own = any(closure.first <= day <= closure.last for closure in self.closures)
        return own or self.calendar.closed_because(day) is not None

    def periods(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """When the team is open on `day`, in UTC, in order. A period that a clock change swallows is not there."""
        if self.is_closed(day):
            return ()
        made = ((_instant(day, one.opens), _closing(day, one.closes)) for one in self.week.get(day.weekday(), ()))
        return tuple((opens, closes) for opens, closes in made if opens < closes)


def reply_by(hours: QueueHours, received_at: datetime, standard: Standard) -> datetime:
    """The moment by which a reply is promised, in Europe/London; always while the team is open, or as it closes.

    Hours run only while the team is open. Days are counted from the day on which the message could first be seen (the
    day it came, or the next one the team opens), which is day 0, and end as the team closes. Bank holidays past the
    calendar's last year are not known: `hours.calendar.covers` says so.
    Raises `ValueError` for a time without a zone, and for a team that never opens.
    """
    if received_at.tzinfo is None:
        raise ValueError("received_at needs a time zone")
    received = received_at.astimezone(UTC)
    count = _after_days if standard.unit is Unit.DAYS else _after_hours
    return count(hours, received, standard.number).astimezone(LONDON)


def opens_next(hours: QueueHours, at: datetime) -> datetime | None:
    """When a team that is closed at `at` opens again, in Europe/London; none while it is open, or if it never opens.

    Raises `ValueError` for a time without a zone.
    """
    if at.tzinfo is None:
        raise ValueError("at needs a time zone")
    now = at.astimezone(UTC)
    periods = (period for day in _open_days(hours, now) for period in day)
    opens = next((opens for opens, closes in periods if closes > now), None)
    return None if opens is None or opens <= now else opens.astimezone(LONDON)


def _after_days(hours: QueueHours, received: datetime, number: int) -> datetime:
    """The close of the `number`-th open day after the one on which the message could first be seen."""
    left = number
    for periods in _open_days(hours, received):
        if left == 0:
            return periods[-1][1]
        left -= 1
    raise ValueError("this team never opens, so it cannot promise a reply")


def _after_hours(hours: QueueHours, received: datetime, number: int) -> datetime:
    """The moment at which `number` open hours have gone by."""
    left = timedelta(hours=number)
    for periods in _open_days(hours, received):
        for opens, closes in periods:
            start = max(opens, received)
            if start + left <= closes:
                return start + left
            left -= max(closes - start, timedelta())
    raise ValueError("this team never opens, so it cannot promise a reply")


def _open_days(hours: QueueHours, received: datetime) -> Iterator[tuple[tuple[datetime, datetime], ...]]:
    """The periods of each open day, from the first that closes after `received`. Ends after `FARTHEST` shut days."""
    day, shut = received.astimezone(LONDON).date() - timedelta(days=1), 0
    while shut < FARTHEST:
        day += timedelta(days=1)
        periods = hours.periods(day)
        shut = 0 if periods else shut + 1
        if periods and periods[-1][1] > received:
            yield periods


def _instant(day: date, at: time) -> datetime:
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def _closing(day: date, at: time) -> datetime:
    return _instant(day + timedelta(days=1) if at == time(0) else day, at)


def read_week(given: Mapping[str, str]) -> dict[int, tuple[Period, ...]]:
    """`{mon-thu: "9:00-13:00, 14:00-17:00", fri: "9:00-16:30"}` as periods by weekday.

    Raises `ValueError` for a day or a time it cannot read, and for periods that overlap or run backwards.
    """
    week: dict[int, tuple[Period, ...]] = {}
    for days, text in given.items():
        periods = tuple(_read_period(part.strip(), days) for part in str(text).split(","))
        if any(one.closes == time(0) or later.opens < one.closes for one, later in pairwise(periods)):
            raise ValueError(f"{days}: the periods must follow one another: {text}")
        for day in _read_days(days):
            if day in week:
                raise ValueError(f"{DAYS[day]} is given twice")
            week[day] = periods
    return week


def said_week(hours: QueueHours) -> str:
    """The week as a file gives it: "mon-thu 9:00-17:00; fri 9:00-16:45"."""
    said = {day: ", ".join(f"{_said(one.opens)}-{_said(one.closes)}" for one in hours.week[day]) for day in hours.week}
    runs: list[tuple[int, int, str]] = []
    for day, text in sorted(said.items()):
        if runs and runs[-1][1:] == (day - 1, text):
            runs[-1] = (runs[-1][0], day, text)
        else:
            runs.append((day, day, text))
    return "; ".join(f"{DAYS[a]}{f'-{DAYS[b]}' if b > a else ''} {text}" for a, b, text in runs)


def _said(at: time) -> str:
    return f"{at.hour}:{at:%M}"


def _read_days(text: str) -> range:
    """The weekdays of `mon` or `mon-fri`."""
    first, _, last = text.lower().partition("-")
    if first not in DAYS or (last and last not in DAYS) or (last and DAYS.index(last) < DAYS.index(first)):
        raise ValueError(f"{text!r} is no day or run of days: write mon or mon-fri")
    return range(DAYS.index(first), DAYS.index(last or first) + 1)


def _read_period(text: str, days: str) -> Period:
    found = _PERIOD.fullmatch(text)
    if not found:
        raise ValueError(f"{days}: {text!r} is no period: write it like 9:00-17:00")
    first, second, third, fourth = map(int, found.groups())
    end = (0, 0) if (third, fourth) == (24, 0) else (third, fourth)
    period = Period(time(first, second), time(*end))
    if period.closes != time(0) and period.closes <= period.opens:
        raise ValueError(f"{days}: {text} closes before it opens")
    return period


def read_standard(text: str) -> Standard:
    """`3 working days` or `4 working hours`. Raises `ValueError` for anything else, and for none at all."""
    found = _STANDARD.fullmatch(text.strip().lower())
    if not found or int(found[1]) < 1:
        raise ValueError(f"{text!r} is no reply standard: write it like 3 working days or 4 working hours")
    return Standard(int(found[1]), Unit.DAYS if found[2] == "day" else Unit.HOURS)

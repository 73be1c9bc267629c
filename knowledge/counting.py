"""Date arithmetic as the law counts: weeks, same-numbered days, working days, and where an appeal's last day goes."""

from __future__ import annotations

import calendar as months
import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from knowledge.calendar import WorkingCalendar, add_working_days, next_working_day

MONTHS = tuple(months.month_name)[1:]
AUGUST, DECEMBER = 8, 12
_SPAN = re.compile(r"(?P<number>\d+) (?P<unit>working day|day|week|month)s?(?P<how> back| counting that day)?")
_FIXED = re.compile(rf"(?P<day>\d+) (?P<month>{'|'.join(MONTHS)})")


class Unit(StrEnum):
    """What a time limit is counted in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    WORKING_DAY = "working day"


@dataclass(frozen=True)
class Span:
    """So many days, weeks, months or working days, on or back. `inclusive` when the day it starts on is day 1."""

    number: int
    unit: Unit
    back: bool = False
    inclusive: bool = False


@dataclass(frozen=True)
class Fixed:
    """A day of the year that is counted from, such as 15 February."""

    day: int
    month: int


Count = tuple[Span | Fixed, ...]


class Move(StrEnum):
    """Why the last day of a time limit moved."""

    NOT_WORKING = "not_working"
    AUGUST = "august"
    CHRISTMAS = "christmas"


@dataclass(frozen=True)
class LastDay:
    """The day an appeal must arrive, and why it is not the day the count ended on; none when it is.

    `later` is where a second reading of the rule would put it; none when there is one reading.
    """

    day: date
    moved: Move | None = None
    later: date | None = None


def read_count(text: str) -> Count:
    """`6 weeks`, `12 weeks back`, `15 days counting that day`, `3 working days` or `15 February`, joined by `then`.

    Raises `ValueError` with the words that cannot be read.
    """
    return tuple(_read_one(part.strip()) for part in text.split(" then "))


def _read_one(text: str) -> Span | Fixed:
    if span := _SPAN.fullmatch(text):
        how = span["how"] or ""
        return Span(int(span["number"]), Unit(span["unit"]), how == " back", how == " counting that day")
    if fixed := _FIXED.fullmatch(text):
        return Fixed(int(fixed["day"]), MONTHS.index(fixed["month"]) + 1)
    raise ValueError(f"{text!r} is no count: write one like '6 weeks', '5 months back' or '15 February'")


def counted(day: date, count: Count, calendar: WorkingCalendar) -> date:
    """`day` after each part of `count` in turn."""
    for part in count:
        day = date(day.year, part.month, part.day) if isinstance(part, Fixed) else _moved_by(day, part, calendar)
    return day


def _moved_by(day: date, span: Span, calendar: WorkingCalendar) -> date:
    number = -span.number if span.back else span.number
    if span.unit is Unit.MONTH:
        return add_months(day, number)
    if span.unit is Unit.WORKING_DAY:
        return add_working_days(day, number, calendar)
    days = number * 7 if span.unit is Unit.WEEK else number
    return day + timedelta(days=days - span.inclusive)


def add_months(day: date, number: int) -> date:
    """The same-numbered day `number` months on (or back), or the month's last day where it is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def appeal_last_day(end: date, calendar: WorkingCalendar) -> LastDay:
    """The day an appeal must arrive when the time for it ends on `end` (Tribunal Procedure Rules 2008, rule 12).

    An end in August moves to the first working day after 31 August, one from 25 December to 1 January to the first
    working day after 1 January, any other day that is not a working day to the next one. The rule looks at the day the
    time ends on. A Saturday 31 July therefore moves to 2 August and no further; read another way it goes on to
    September, so that day is given as `later`.
    """
    if season := _season(end):
        return LastDay(_after(end, calendar), season)
    day = next_working_day(end, calendar)
    if day == end:
        return LastDay(end)
    return LastDay(day, Move.NOT_WORKING, _after(day, calendar) if _season(day) else None)


def _season(day: date) -> Move | None:
    if day.month == AUGUST:
        return Move.AUGUST
    in_christmas = (day.month, day.day) == (1, 1) or (day.month == DECEMBER and day.day >= 25)
    return Move.CHRISTMAS if in_christmas else None


def _after(day: date, calendar: WorkingCalendar) -> date:
    """The first working day after the August or the Christmas that `day` is in."""
    if day.month == AUGUST:
        return next_working_day(date(day.year, 9, 1), calendar)
    return next_working_day(date(day.year + (day.month == DECEMBER), 1, 2), calendar)


def last_friday_of_june(year: int) -> date:
    """The day on which compulsory school age ends for those who turn 16 in the school year that ends in `year`."""
    june = date(year, 6, 30)
    return june - timedelta(days=(june.weekday() - months.FRIDAY) % 7)

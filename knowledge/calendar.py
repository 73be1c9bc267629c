"""Which days are working days: weekends, England's bank holidays and the council's own closures, as dated data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from knowledge.problems import Problem
from knowledge.yaml_files import read_mapping

NAME = "calendar.yaml"
DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Closure:
    """Days on which the council's offices are shut, both ends included, and why."""

    first: date
    last: date
    why: str


@dataclass(frozen=True)
class WorkingCalendar:
    """England's bank holidays by day, and the council's closures. An empty one knows weekends alone."""

    bank_holidays: Mapping[date, str] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()

    @cached_property
    def years(self) -> frozenset[int]:
        """The years whose bank holidays are known."""
        return frozenset(day.year for day in self.bank_holidays)

    def covers(self, day: date) -> bool:
        """Whether the bank holidays of that year are known. Where not, only weekends are: say so beside the date."""
        return day.year in self.years

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day in law: no weekend and no bank holiday. Council closures do not count."""
        return day.weekday() < SATURDAY and day not in self.bank_holidays

    def closed_because(self, day: date) -> str | None:
        """Why the council's offices are shut all `day`: a bank holiday's name or a closure's reason; none when not."""
        shut = (closure.why for closure in self.closures if closure.first <= day <= closure.last)
        return self.bank_holidays.get(day) or next(shut, None)


def next_working_day(day: date, calendar: WorkingCalendar) -> date:
    """`day` itself when it is a working day, else the first one after it."""
    while not calendar.is_working(day):
        day += DAY
    return day


def add_working_days(day: date, count: int, calendar: WorkingCalendar) -> date:
    """The `count`-th working day after `day`; `day` itself is never counted. `count` is 0 or more."""
    for _ in range(count):
        day = next_working_day(day + DAY, calendar)
    return day


def read_calendar(folder: Path) -> tuple[WorkingCalendar, list[Problem]]:
    """The calendar in `folder`, and what is wrong with it; an empty one for a pack without the file."""
    if not (folder / NAME).exists():
        return WorkingCalendar(), []
    given, problems = read_mapping(folder, NAME)
    held: dict[date, str] = {}
    for year, days in (given.get("bank_holidays") or {}).items():
        for day, name in (days if isinstance(days, dict) else {}).items():
            if type(day) is not date or day.year != year:
                problems.append(Problem(NAME, 1, f"{day!r} is not a day of {year}: write it like {year}-12-25"))
                continue
            held[day] = str(name)
    try:
        closures = read_closures(given.get("closures") or [])
    except ValueError as error:
        return WorkingCalendar(held), [*problems, Problem(NAME, 1, str(error))]
    return WorkingCalendar(held, closures), problems


def read_closures(rows: Any) -> tuple[Closure, ...]:
    """The closures a list gives. Raises `ValueError` for a row without a first day, a last day and why."""
    if not isinstance(rows, list):
        raise ValueError("closures are a list, each with a first day, a last day and why")
    return tuple(_closure(row) for row in rows)


def _closure(row: Any) -> Closure:
    first, last, why = (row.get(key) for key in ("first", "last", "why")) if isinstance(row, dict) else (None,) * 3
    if type(first) is date and type(last) is date and first <= last and why:
        return Closure(first, last, str(why))
    raise ValueError(f"this closure needs a first day, a last day and why: {row!r}")

"""A series: the same session once a month, on the same weekday of the month, on days the council is open."""

from __future__ import annotations

from datetime import date, timedelta

from knowledge.calendar import WorkingCalendar

LONGEST = 24


def monthly(first: date, count: int, calendar: WorkingCalendar) -> tuple[list[date], list[tuple[date, str]]]:
    """`count` days, a month apart, on the same weekday of the month as `first` (the second Tuesday, say); and the
    days that were passed over because the council is closed, each with the reason. A fifth weekday becomes the last.

    Raises `ValueError` for a count that is not 1 to 24.
    """
    if not 1 <= count <= LONGEST:
        raise ValueError(f"A series has 1 to {LONGEST} sessions.")
    place = (first.day - 1) // 7
    days: list[date] = []
    passed: list[tuple[date, str]] = []
    month = first.replace(day=1)
    while len(days) < count and len(passed) < LONGEST:
        day = weekday_of_month(month, first.weekday(), place)
        shut = calendar.closed_because(day)
        if shut:
            passed.append((day, shut))
        else:
            days.append(day)
        month = (month + timedelta(days=32)).replace(day=1)
    return days, passed


def weekday_of_month(month: date, weekday: int, place: int) -> date:
    """The first (`place` 0), second … such weekday of the month; the last one where there is no fifth."""
    first = month + timedelta(days=(weekday - month.weekday()) % 7)
    day = first + timedelta(weeks=place)
    return day if day.month == month.month else day - timedelta(weeks=1)

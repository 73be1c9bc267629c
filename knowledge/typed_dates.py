"""Dates as people in Britain type them: day before month, years left out, weekdays, "last Tuesday".

A date that can be read in two ways is given as choices, never guessed. The one thing filled in is a missing year (the
nearest that makes sense), and the reading says so. Nothing here asks a clock: today is handed in.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

YEARS = range(1900, 2200)
WEEK = 7


class Lean(StrEnum):
    """Where a date with no year is looked for: behind today, ahead of it, or on the nearer side."""

    PAST = "past"
    FUTURE = "future"
    NEAREST = "nearest"


class Why(StrEnum):
    """Why a date can be read in several ways."""

    WEEKDAY = "weekday"
    NO_SUCH_DAY = "no_such_day"
    WHICH_WEEK = "which_week"
    WHICH_MONTH = "which_month"
    RANGE = "range"


@dataclass(frozen=True)
class Known:
    """One date. `year_assumed` when the year was not typed."""

    day: date
    year_assumed: bool = False


@dataclass(frozen=True)
class Ambiguous:
    """Two to four dates it could be, in order, and why."""

    choices: tuple[date, ...]
    why: Why


Reading = Known | Ambiguous


@dataclass(frozen=True)
class Found:
    """A date in a longer text, and where it stands."""

    start: int
    end: int
    reading: Reading


_MONTHS = {
    **{name.lower(): number for number, name in enumerate(calendar.month_name) if name},
    **{name.lower(): number for number, name in enumerate(calendar.month_abbr) if name},
    **{"sept": 9, "janurary": 1, "januray": 1, "jauary": 1, "febuary": 2, "feburary": 2, "februrary": 2, "febuarry": 2},
    **{"apirl": 4, "aprill": 4, "jully": 7, "agust": 8, "augest": 8, "septmber": 9, "setember": 9, "septemeber": 9},
    **{"ocotber": 10, "octber": 10, "octobre": 10, "novemeber": 11, "novmber": 11, "decemeber": 12, "decmber": 12},
}
_WEEKDAYS = {
    **{name.lower(): number for number, name in enumerate(calendar.day_name)},
    **{name.lower(): number for number, name in enumerate(calendar.day_abbr)},
    **{"tues": 1, "weds": 2, "wednes": 2, "thur": 3, "thurs": 3, "wensday": 2, "wednsday": 2, "thrusday": 3},
}
_COUNTS = {
    **{word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), start=1)},
    **{"a": 1, "an": 1},
}
_UNITS = {"day": 1, "week": 7, "fortnight": 14}
_INTO_NEAR = {"today": 0, "yesterday": -1, "tomorrow": 1}


def _any(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_WEEKDAY = rf"(?:(?P<weekday>{_any(_WEEKDAYS)})\.?,?\s+(?:the\s+)?)?"
_TH = r"(?:\s?(?:st|nd|rd|th))?"
_DAY = rf"(?P<day>\d{{1,2}}){_TH}"
_MONTH_WORD = rf"(?:{_any(_MONTHS)})(?![a-z])"
_MONTH = rf"(?P<month>{_any(_MONTHS)})(?![a-z])\.?"
# Two figures after a month are a year, unless they count something: "3 October 20 weeks later".
_COUNTED = "day|days|week|weeks|month|months|year|years|am|pm|people|children|of"
_YEAR = (
    r"(?:,?[\s-]{0,2}(?:(?P<year>\d{4})(?![\d:])|(?P<about>this|last|next) year"
    rf"|'?(?P<short>\d\d)(?![\d:.]|\s*(?:{_COUNTED})\b)))?"
)
_EDGE, _END = r"(?<![\w/.£-])", r"(?![\w/])"

_SHAPES = {
    "iso": r"(?P<year>\d{4})(?P<gap>[-/.])(?P<number>\d{1,2})(?P=gap)(?P<day>\d{1,2})(?:t[\d:.+z-]*)?",
    "figures": _WEEKDAY + r"(?P<day>\d{1,2})\s?(?P<gap>[-/.])\s?(?P<number>\d{1,2})\s?(?P=gap)\s?"
    r"(?:(?P<year>\d{4})|(?P<short>\d\d))",
    "range": rf"(?P<first>\d{{1,2}}){_TH}\s*(?:-|–|to|or|and|/)\s*{_DAY}\s+(?:of\s+)?{_MONTH}{_YEAR}",
    "named": rf"{_WEEKDAY}{_DAY}[\s-]{{0,2}}(?:of\s+)?{_MONTH}{_YEAR}",
    "month_first": rf"{_WEEKDAY}{_MONTH}[\s-]{{0,2}}(?:the\s+)?{_DAY}(?!\d){_YEAR}",
    "weekday_day": rf"(?P<weekday>{_any(_WEEKDAYS)}),?\s+(?:the\s+)?(?P<day>\d{{1,2}})\s?(?:st|nd|rd|th)",
    "near": r"(?P<near>(?:the )?day before yesterday|yesterday|today|tomorrow)",
    "which": r"(?P<which>last|this|next|this coming|coming|on)\s+"
    rf"(?P<weekday>{_any(_WEEKDAYS)})(?!\s+(?:week|fortnight)\b|,?\s+(?:the\s+)?(?:\d|{_MONTH_WORD}))",
}
# What is a date only where it stands alone, or (a day and a month in figures) after a word that says so.
_BARE = {
    "no_year": _WEEKDAY + r"(?P<day>\d{1,2})/(?P<number>\d{1,2})",
    "lone_day": r"(?:the\s+)?(?P<day>\d{1,2})\s?(?:st|nd|rd|th)",
    "lone_weekday": rf"(?P<weekday>{_any(_WEEKDAYS)})",
    "ago": rf"(?P<count>\d{{1,3}}|{_any(_COUNTS)})\s+(?P<unit>{_any(_UNITS)})s?\s+ago",
}
_FROM_TODAY = frozenset({"near", "which", "weekday_day", "lone_day", "lone_weekday", "ago"})
_CUED = r"(?:(?<=on )|(?<=dated )|(?<=was )|(?<=from )|(?<=received )|(?<=got it ))" + _BARE["no_year"]


def _compiled(shapes: dict[str, str]) -> list[tuple[str, re.Pattern[str]]]:
    return [(name, re.compile(_EDGE + shape + _END, re.IGNORECASE)) for name, shape in shapes.items()]


_IN_TEXT = _compiled({**_SHAPES, "no_year": _CUED})
_ALONE = _compiled(_BARE)
_BEFORE = re.compile(r"\s*(?:(?:it|they|was|is|got|on|dated|from|since|by|about|i|think)\b[\s:,]*)*", re.IGNORECASE)


def read_date(text: str, today: date, lean: Lean = Lean.NEAREST) -> Known | Ambiguous | None:
    """The date that `text` is, or names once. None when it names none, or two that have nothing to do with each other.

    `today` and `lean` decide a missing year; "last Tuesday" and the like are counted from `today`.
    """
    readings = list(dict.fromkeys(one.reading for one in find_dates(text, today, lean)))
    return readings[0] if len(readings) == 1 else None if readings else _read_alone(plain_digits(text), today, lean)


def find_dates(text: str, today: date, lean: Lean = Lean.NEAREST) -> tuple[Found, ...]:
    """The dates in a longer text, in order. Stricter than `read_date`: "3/10" alone may be a score."""
    return tuple(_scan(plain_digits(text), today, lean))


def plain_digits(text: str) -> str:
    """`text` with the digits of every script as 0 to 9; as long as before."""
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def _read_alone(text: str, today: date, lean: Lean) -> Reading | None:
    """What is read as a date because nothing else is there: "3/10", "the 3rd", "Friday", "two weeks ago"."""
    before = _BEFORE.match(text)
    bare = text[before.end() if before else 0 :].strip(" .,!?")
    matches = ((name, shape.fullmatch(bare)) for name, shape in _ALONE)
    return next((_read(name, match, today, lean) for name, match in matches if match), None)


def _scan(text: str, today: date, lean: Lean) -> Iterator[Found]:
    at = 0
    while at < len(text):
        matches = [(name, match) for name, shape in _IN_TEXT if (match := shape.search(text, at))]
        if not matches:
            return
        name, match = min(matches, key=lambda one: (one[1].start(), -one[1].end()))
        reading = _read(name, match, today, lean)
        if reading is not None:
            yield Found(match.start(), match.end(), reading)
        at = match.end() if reading is not None else match.start() + 1


def _read(shape: str, match: re.Match[str], today: date, lean: Lean) -> Reading | None:
    part = match.groupdict()
    if shape in _FROM_TODAY:
        return _from_today(shape, part, today, lean)
    month = _MONTHS[part["month"].lower()] if part.get("month") else int(part["number"])
    year = _year_of(part, today)
    if year is not None and year not in YEARS:
        return None
    if shape == "range":
        ends = [_one(int(part[name]), month, year, None, today, lean) for name in ("first", "day")]
        days = sorted({end.day for end in ends if isinstance(end, Known)})
        return Ambiguous(tuple(days), Why.RANGE) if len(days) == 2 else None
    return _one(int(part["day"]), month, year, _weekday_of(part), today, lean)


def _from_today(shape: str, part: dict[str, str], today: date, lean: Lean) -> Reading | None:
    """What is counted from today: yesterday, last Tuesday, the 3rd, two weeks ago."""
    if shape == "near":
        return Known(today + timedelta(days=_INTO_NEAR.get(part["near"].lower(), -2)))
    if shape == "ago":
        count = _COUNTS.get(part["count"].lower()) or int(part["count"])
        return Known(today - timedelta(days=count * _UNITS[part["unit"].lower()]))
    if shape in ("lone_day", "weekday_day"):
        return _without_month(int(part["day"]), _weekday_of(part), today, lean)
    weekday, which = _WEEKDAYS[part["weekday"].lower()], (part.get("which") or "on").lower()
    return _on_weekday(weekday, today, lean) if which == "on" else _told_weekday(weekday, which, today)


def _weekday_of(part: Mapping[str, str | None]) -> int | None:
    word = part.get("weekday")
    return _WEEKDAYS[word.lower()] if word else None


def _year_of(part: Mapping[str, str | None], today: date) -> int | None:
    if about := part.get("about"):
        return today.year + {"last": -1, "this": 0, "next": 1}[about.lower()]
    if year := part.get("year"):
        return int(year)
    if short := part.get("short"):
        return 2000 + int(short) if int(short) < 80 else 1900 + int(short)
    return None


def _one(day: int, month: int, year: int | None, weekday: int | None, today: date, lean: Lean) -> Reading | None:
    """The date with that day and month, its year found when it was not typed, its weekday checked when it was."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    made = _make(year, month, day) if year else _nearest(day, month, today, lean)
    if made is None:
        return _no_such_day(month, year or _nearest_year(month, today, lean))
    if weekday is None or made.weekday() == weekday:
        return Known(made, year_assumed=year is None)
    return Ambiguous(_with_weekday(made, weekday, year is None, today), Why.WEEKDAY)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(day: int, month: int, today: date, lean: Lean) -> date | None:
    """The day and month in the year that fits best. 29 February may be up to eight years away."""
    years = range(max(today.year - 8, 1), min(today.year + 9, 10_000))
    days = [made for year in years if (made := _make(year, month, day))]
    if lean is not Lean.NEAREST:
        days = [made for made in days if (made <= today if lean is Lean.PAST else made >= today)]
    return min(days, key=lambda made: (abs(made - today), made > today), default=None)


def _nearest_year(month: int, today: date, lean: Lean) -> int:
    first = _nearest(1, month, today, lean)
    return first.year if first else today.year


def _no_such_day(month: int, year: int) -> Ambiguous:
    """31 September and 29 February 2025: the last day of that month, or the first of the next."""
    last = date(year, month, calendar.monthrange(year, month)[1])
    return Ambiguous((last, last + timedelta(days=1)), Why.NO_SUCH_DAY)


def _with_weekday(made: date, weekday: int, year_open: bool, today: date) -> tuple[date, ...]:
    """What was meant, when the weekday is wrong: the day, the nearest such weekday, or the year in which they agree."""
    shift = (weekday - made.weekday()) % WEEK
    choices = {made, made + timedelta(days=shift if shift <= 3 else shift - WEEK)}
    reach = 6 if year_open else 1
    years = [year for year in range(made.year - reach, made.year + reach + 1) if year != made.year]
    agreeing = [day for year in years if (day := _make(year, made.month, made.day)) and day.weekday() == weekday]
    if agreeing:
        choices.add(min(agreeing, key=lambda day: (abs(day - today), day > today)))
    return tuple(sorted(choices))


def _told_weekday(weekday: int, which: str, today: date) -> Reading:
    """ "last Tuesday", "next Tuesday", "this Tuesday". On a Thursday, "last Tuesday" is two dates."""
    week = today - timedelta(days=today.weekday())
    before, after = _around(weekday, today)
    if which == "this":
        return Known(week + timedelta(days=weekday))
    if which == "last":
        return Known(before) if before < week else _either(before - timedelta(days=WEEK), before)
    if which == "next" and after < week + timedelta(days=WEEK):
        return _either(after, after + timedelta(days=WEEK))
    return Known(after)


def _on_weekday(weekday: int, today: date, lean: Lean) -> Reading:
    """ "on Tuesday", which side of today it is on told by `lean` alone."""
    before, after = _around(weekday, today)
    if today.weekday() == weekday:
        return _either(today, after) if lean is Lean.FUTURE else _either(before, today)
    if lean is Lean.NEAREST:
        return _either(before, after)
    return Known(before if lean is Lean.PAST else after)


def _around(weekday: int, today: date) -> tuple[date, date]:
    """The last such weekday before today, and the first one after it."""
    back, on = (today.weekday() - weekday) % WEEK or WEEK, (weekday - today.weekday()) % WEEK or WEEK
    return today - timedelta(days=back), today + timedelta(days=on)


def _either(*days: date) -> Ambiguous:
    return Ambiguous(days, Why.WHICH_WEEK)


def _without_month(day: int, weekday: int | None, today: date, lean: Lean) -> Reading | None:
    """ "the 3rd" and "Friday the 3rd": the months around today in which there is such a day."""
    if not 1 <= day <= 31:
        return None
    start = today.year * 12 + today.month - 1
    months = [divmod(start + shift, 12) for shift in range(-13, 14)]
    days = [made for year, month in months if (made := _make(year, month + 1, day))]
    if lean is not Lean.NEAREST:
        days = [made for made in days if (made <= today if lean is Lean.PAST else made >= today)]
    if weekday is not None:
        days = [made for made in days if made.weekday() == weekday]
    days.sort(key=lambda made: abs(made - today))
    return Ambiguous(tuple(sorted(days[:2])), Why.WHICH_MONTH) if len(days) >= 2 else None

"""Answers as someone gives them (JSON, a form) become answers a table knows, or a message that says what to send."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime

from knowledge.rules.table import UNKNOWN, Input, Table

_DIGITS = re.compile(r"([0-9]{1,3})")
_YEAR = re.compile(r"(?:year|yr|y)?_?([0-9]{1,3})")
YES_NO = {"yes": "yes", "no": "no", "true": "yes", "false": "no"}


class GivenError(ValueError):
    """What was given cannot be read; the message names the key and what it may be."""


def read_given(table: Table, given: object) -> dict[str, str]:
    """The answers in `given`, an object of keys and values. Raises `GivenError`.

    Keys that are missing, null or unknown are left out: all three are the same to a table.
    """
    if not isinstance(given, Mapping):
        raise GivenError('expected an object with keys and values, like {"asker": "senco"}')
    strangers = [str(key) for key in given if key not in table.inputs]
    if strangers:
        raise GivenError(f"{_short(strangers[0])} is not a key I know; the keys are {', '.join(table.inputs)}")
    read = {key: read_value(table.inputs[key], value) for key, value in given.items()}
    return {key: value for key, value in read.items() if value != UNKNOWN}


def day_given(given: object) -> date | None:
    """The day that `given` names under `date`, if it can be read."""
    return _as_day(given.get("date")) if isinstance(given, Mapping) else None


def read_value(input: Input, value: object) -> str:
    """One answer as the table writes it. Raises `GivenError` when `input` does not allow it."""
    if value is None or (isinstance(value, str) and _folded(value) in ("", UNKNOWN)):
        return UNKNOWN
    if _folded(value) in input.values:
        return _folded(value)
    found = _READERS[input.kind](input, value)
    if found is None:
        raise GivenError(f"{input.key} cannot be {_short(value)}; it may be {allowed(input)}")
    return found


def allowed(input: Input) -> str:
    """What `input` may be, in words."""
    numbers = [end for band in input.bands for end in (band.low, band.high) if isinstance(end, int)]
    words = {
        "yes_no": "true, false",
        "date": "a date like 2026-11-23",
        "number": ", ".join(
            [*input.names, f"a number from {max(0, min(numbers, default=0))} to {max(numbers, default=0)}"]
        ),
    }
    return f"{words.get(input.kind, ', '.join(input.values))}, unknown or null"


def _yes_no(input: Input, value: object) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    name = _folded(value)
    return YES_NO.get(name) or _named(input, name)


def _choice(input: Input, value: object) -> str | None:
    return _named(input, _folded(value))


def _named(input: Input, name: str) -> str | None:
    meant = input.names.get(name)
    return meant if isinstance(meant, str) else None


def _date(input: Input, value: object) -> str | None:
    day = _as_day(value)
    return None if day is None else _band(input, day)


def _as_day(value: object) -> date | None:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _number(input: Input, value: object) -> str | None:
    number = _as_number(input, value)
    return None if number is None else _band(input, number)


def _as_number(input: Input, value: object) -> int | None:
    if isinstance(value, str):
        name = _folded(value)
        if isinstance(meant := input.names.get(name), int):
            return meant
        found = (_YEAR if input.names else _DIGITS).fullmatch(name)
        return int(found[1]) if found else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Whole years: 4.9 is under 5. NaN and the infinities are not between these two, and so are no number here.
    return math.floor(value) if -1 <= value < 1000 else None


def _band(input: Input, value: int | date) -> str | None:
    return next((band.value for band in input.bands if band.holds(value)), None)


def _folded(value: object) -> str:
    return "_".join(value.casefold().replace("-", " ").split()) if isinstance(value, str) else ""


def _short(value: object) -> str:
    text = ascii(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


_READERS = {"choice": _choice, "yes_no": _yes_no, "date": _date, "number": _number}

"""One cell's text as a value of its field's kind, or what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from knowledge.directory.fields import Field, Kind
from knowledge.directory.provider import Value

LONGEST = 2000
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_MONEY = re.compile(r"£?\s?(\d{1,3}(?:,\d{3})+|\d{1,7})(\.\d{1,2})?")
_EMAIL = re.compile(r"[^@\s,;<>]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_LINK = re.compile(r"https?://[^\s<>\"']{4,300}")
_YES, _NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")


class CellError(ValueError):
    """The cell cannot be used; the message says what to write."""


def value_of(field: Field, text: str) -> Value:
    """`text` as the field's value. Raises `CellError`."""
    if len(text) > LONGEST:
        raise CellError(f"this is {len(text):,} characters long: {LONGEST:,} is the most")
    return _READERS[field.kind](field, text)


def _text(_field: Field, text: str) -> str:
    return text


def _one_of(field: Field, text: str) -> str:
    for choice in field.choices:
        if _plain(choice) == _plain(text):
            return choice
    raise CellError(f"write one of: {', '.join(field.choices)}")


def _some_of(field: Field, text: str) -> tuple[str, ...]:
    parts = [part for part in re.split(r"[,;/\n]", text) if part.strip()]
    return tuple(dict.fromkeys(_one_of(field, part) for part in parts))


def _date(_field: Field, text: str) -> date:
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _DAY.fullmatch(text):
        day, month, year = map(int, found.groups())
    else:
        raise CellError("write a date like 08/12/2026")
    try:
        return date(year, month, day)
    except ValueError:
        raise CellError("there is no such day: write a date like 08/12/2026") from None


def _yes_no(_field: Field, text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise CellError("write Yes or No")


def _number(_field: Field, text: str) -> int:
    if not re.fullmatch(r"\d{1,5}(?:\.0)?", text):
        raise CellError("write a whole number")
    return int(float(text))


def _money(_field: Field, text: str) -> float:
    found = _MONEY.fullmatch(text)
    if not found:
        raise CellError("write a sum in pounds like 85 or 85.50")
    return float(found[1].replace(",", "") + (found[2] or ""))


def _email(_field: Field, text: str) -> str:
    if not _EMAIL.fullmatch(text):
        raise CellError("write one email address")
    return text


def _link(_field: Field, text: str) -> str:
    if not _LINK.fullmatch(text):
        raise CellError("write a web address that starts with https://")
    return text


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip().lower()


_READERS: dict[Kind, Callable[[Field, str], Value]] = {
    Kind.TEXT: _text,
    Kind.ONE_OF: _one_of,
    Kind.SOME_OF: _some_of,
    Kind.DATE: _date,
    Kind.YES_NO: _yes_no,
    Kind.NUMBER: _number,
    Kind.MONEY: _money,
    Kind.EMAIL: _email,
    Kind.LINK: _link,
}

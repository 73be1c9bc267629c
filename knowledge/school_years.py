"""School years in England: asked for where a date of birth would do, and never worked out from one."""

from __future__ import annotations

import re
from datetime import date

NURSERY, RECEPTION, LAST = -1, 0, 14
SEPTEMBER = 9
_NAMED = {
    "nursery": NURSERY,
    "preschool": NURSERY,
    "pre-school": NURSERY,
    "reception": RECEPTION,
    "year r": RECEPTION,
    "r": RECEPTION,
}
_WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split()
_YEAR = re.compile(rf"(?:school\s+)?(?:y|yr|year)?\.?\s*(?P<year>\d{{1,2}}|{'|'.join(sorted(_WORDS, key=len)[::-1])})")


def read_school_year(text: str) -> int | None:
    """`Year 6`, `Y6`, `6`, `Reception` or `nursery` as a number: Reception is 0, nursery -1; else none."""
    said = " ".join(text.lower().split())
    if said in _NAMED:
        return _NAMED[said]
    found = _YEAR.fullmatch(said)
    if not found:
        return None
    year = int(found["year"]) if found["year"].isdigit() else _WORDS.index(found["year"]) + 1
    return year if RECEPTION <= year <= LAST else None


def year_name(year: int) -> str:
    """`Year 6`, `Reception` or `nursery`."""
    return {NURSERY: "nursery", RECEPTION: "Reception"}.get(year, f"Year {year}")


def school_year_end(today: date) -> int:
    """The calendar year in which the school year that `today` is in ends. A new one starts on 1 September."""
    return today.year + (today.month >= SEPTEMBER)


def move_day(year: int, leaving: int, today: date) -> date:
    """1 September after the end of school year `leaving`, for someone who is in school year `year` today."""
    return date(school_year_end(today) + leaving - year, SEPTEMBER, 1)

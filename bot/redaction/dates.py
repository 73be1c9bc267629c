"""Dates of birth: any date near words about being born. A date without such words is a deadline and stays."""

from __future__ import annotations

import re

from bot.redaction.keeping import Keeping
from bot.redaction.spans import Redaction

MONTH = (
    r"(?:jan(?:uary|aury)?|feb(?:r?uary|urary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
YEAR = r"(?:(?:19|20)\d\d|['’]?\d\d)"
DATE = re.compile(
    r"(?<![\w£/])(?:"
    r"(?:19|20)\d\d[/.\-]\d{1,2}[/.\-]\d{1,2}"
    rf"|\d{{1,2}}[ ]?[/.\-][ ]?\d{{1,2}}[ ]?[/.\-][ ]?{YEAR}"
    rf"|\d{{1,2}}[ ]\d{{1,2}}[ ]{YEAR}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ \-]{{0,2}}(?:of[ ])?{MONTH}(?:\.?,?[ \-]{{0,2}}{YEAR}(?!\w))?"
    rf"|{MONTH}\.?[ ]\d{{1,2}}(?:st|nd|rd|th)?(?:,?[ ]{{0,2}}{YEAR}(?!\w))?"
    r"|\d{2}\d{2}(?:19|20)\d\d|\d{6}"
    rf"|{MONTH}[ \-]{{0,2}}(?:19|20)\d\d"
    r")(?!\w)",
    re.IGNORECASE,
)
MONTH_AND_YEAR = re.compile(rf"{MONTH}[ \-]{{0,2}}(?:19|20)\d\d", re.IGNORECASE)

BIRTH = re.compile(
    r"(?<!\w)(?:d\.?o\.?b\.?s?|d o b|d/o/b|dates? of birth|birth ?dates?|date born|birth ?days?"
    r"|b['-]?day|born|née?|b\."
    r"|turn(?:s|ed|ing)? \d{1,2}|fecha de nacimiento|nacid[oa]|nació|data urodzenia|urodzon[ya]|urodził[a]?"
    r"|data de nascimento|nascid[oa]|nasceu|data na[sș]terii|n[aă]scut[aă]?|date de naissance"
    r"|dhalashad[a-z]{0,6}|dhashay|dhalatay|doğum)(?!\w)",
    re.IGNORECASE,
)
BORN_ONLY = re.compile(r"born", re.IGNORECASE)
OTHER_SCRIPTS_BIRTH = re.compile(
    "تاریخ پیدائش|پیدا|تاريخ الميلاد|ولد|مواليد|تاریخ تولد|متولد|जन्म|ਜਨਮ|જન્મ|জন্ম|பிறந்த|дата"
    " рождения|родил|дата народження|народи|роден"
)
# Words that say a date near "born" is about something else.
OTHER_EVENT = re.compile(
    r"\b(?:letter|dated|received|decision|meeting|review|deadline|since|appeal|tribunal|got|by|until"
    r"|before|after|due|sent"
    r"|starts?|started|applied|appointment|diagnos\w{0,6}|from|report|draft|wrote|moved|panel|hearing"
    r"|will he|will she)\b|[!?\n;]|[a-z]{3}\. ",
    re.IGNORECASE,
)
LINKED = re.compile(r"[ ,/&()]{0,3}(?:(?:and|or|also)\b)?(?:[ ,/&()]{1,3}[^\W\d]{1,20}){0,3}[ :,/&()]{0,4}")
REACH_AFTER = 40
REACH_BEFORE = 24


def find_birth_dates(view: str, _keeping: Keeping) -> list[Redaction]:
    """Dates with a birth word close before or after them, and further dates listed with those."""
    births = [match.span() for pattern in (BIRTH, OTHER_SCRIPTS_BIRTH) for match in pattern.finditer(view)]
    births.sort()
    spans: list[Redaction] = []
    nearest, previous = 0, -1
    for date in DATE.finditer(view):
        while nearest < len(births) and births[nearest][1] <= date.start():
            nearest += 1
        before = births[nearest - 1] if nearest else None
        after = births[nearest] if nearest < len(births) else None
        if is_listed(view, previous, date.start()) or is_birth(view, date.group(), date.span(), before, after):
            spans.append(Redaction("date of birth", *date.span()))
            previous = date.end()
    return spans


def is_listed(view: str, previous: int, start: int) -> bool:
    """Whether a date at `start` goes on a list of dates of birth, the last of which ended at `previous`."""
    if not 0 <= previous <= start <= previous + REACH_AFTER or OTHER_EVENT.search(view, previous, start):
        return False
    return LINKED.fullmatch(view, previous, start) is not None


def is_birth(
    view: str, date: str, at: tuple[int, int], before: tuple[int, int] | None, after: tuple[int, int] | None
) -> bool:
    """Whether the words just before or after a date make it a date of birth."""
    if before and at[0] - before[1] <= REACH_AFTER and not OTHER_EVENT.search(view, before[1], at[0]):
        # "Born in August 2021" decides the school year and names nobody, so that much may stay.
        return not (BORN_ONLY.match(view, before[0]) and MONTH_AND_YEAR.fullmatch(date))
    if not after or after[0] - at[1] > REACH_BEFORE or BORN_ONLY.match(view, after[0]):
        return False
    return not OTHER_EVENT.search(view, at[1], after[0])

"""The figures in a sentence as they are meant: "at least 15 days" is not "15 days", and "two" is 2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from knowledge.topics import topics

_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_MONTH = "January|February|March|April|June|July|August|September|October|November|December"
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_UNIT = r"(?:school |calendar |working )?(?:half )?(?:days?|weeks?|months?|years?|miles?|hours?|minutes?|terms?)"
_IN_WORDS = re.compile(rf"\b(?:{'|'.join(_WORDS[1:])}|one(?= {_UNIT}\b))\b", re.IGNORECASE)
_FIGURE = re.compile(
    rf"(?P<date>\b(?:\d{{1,2}} )?(?:{_MONTH})(?: \d{{4}})?\b|\b\d{{1,2}} May\b(?: \d{{4}})?|\bMay \d{{4}}\b)"
    r"|\b(?P<often>(?:every|each|once an?|once every) (?:half )?(?:day|week|month|year|term)"
    r"|(?:week|month|year|term)ly)\b"
    rf"|\b(?P<label>[Yy]ears?|[Ss]ections?|[Ss]tages?|[Tt]iers?|[Bb]ands?|[Dd]ay|[Ww]eek) (?P<labelled>\d+)\b"
    rf"|(?P<value>£?{_NUMBER})(?P<tail>%|(?:st|nd|rd|th)\b|\s?(?:am|pm)\b)?"
    rf"(?:\s?(?:to|-|–|and)\s?(?P<top>£?{_NUMBER})(?P<top_tail>%|(?:st|nd|rd|th)\b|\s?(?:am|pm)\b)?)?"
    rf"(?P<old>[- ]years?[- ]olds?\b)?(?: (?P<unit>{_UNIT})\b)?"
)
_FILLER = (
    r"(?:(?:the|age|ages|aged|of|a|an|their|your|his|her|they|you|turns?|are|is|reach(?:es)?|child|child's|next|day) )*"
)
_BEFORE = {
    ">=": r"at least|no (?:fewer|less) than|a minimum of|from|since",
    "<=": r"up to|at most|(?:no|not) (?:more|longer|later) than|within|by|until|till|a maximum of",
    ">": r"more than|over|older than|longer than|above|after|beyond",
    "<": r"under|less than|fewer than|below|younger than|before",
    "~": r"about|around|roughly|nearly|almost",
}
_AFTER = {
    ">=": r"(?:or|and) (?:over|older|more|above|up)|at least",
    "<=": r"(?:or|and) (?:under|less|fewer|younger)|at most",
}
_NO_MORE = re.compile(r"\b(?:no|not) (?:more|less|fewer|longer|later) than\b", re.IGNORECASE)
_BOUND_BEFORE = [(sign, re.compile(rf"\b(?:{words}) {_FILLER}$", re.IGNORECASE)) for sign, words in _BEFORE.items()]
_BOUND_AFTER = [(sign, re.compile(rf"^,? ?(?:{words})\b", re.IGNORECASE)) for sign, words in _AFTER.items()]


@dataclass(frozen=True)
class Figure:
    """A number, a date or how often.

    `beside` is what it is said of: the words next to it, and its neighbours among the figures. `passed_on` is a bound
    said of an earlier figure that counts the same thing.
    """

    value: str
    unit: str = ""
    bound: str = ""
    beside: frozenset[str] = frozenset()
    passed_on: str = ""

    @property
    def amount(self) -> str:
        return f"{self.value} {self.unit}".strip()

    def means(self, other: Figure) -> bool:
        """True when `other` is the same amount of the same thing, bounded in the same way."""
        bounds = (self.bound,) if self.bound else ("", self.passed_on)
        return self.amount == other.amount and other.bound in bounds

    def __str__(self) -> str:
        return f"{self.bound} {self.amount}".strip()


def figures_in(sentence: str) -> tuple[Figure, ...]:
    """Every figure of `sentence`, in order."""
    text = _digits(sentence)
    found = list(_FIGURE.finditer(text))
    edges = [0, *(one.end() for one in found)]
    starts = [*(one.start() for one in found), len(text)]
    figures: list[Figure] = []
    for index, one in enumerate(found):
        before, after = text[edges[index] : starts[index]], text[edges[index + 1] : starts[index + 1]]
        figure = _figure(one, _bound(before, after))
        figures.append(replace(figure, beside=topics(f"{before} {after}"), passed_on=_passed_on(figure, figures)))
    return tuple(_with_neighbours(figures))


def _with_neighbours(figures: list[Figure]) -> Iterator[Figure]:
    for at, figure in enumerate(figures):
        near = [*figures[max(0, at - 1) : at], *figures[at + 1 : at + 2]]
        yield replace(figure, beside=figure.beside | {one.amount for one in near})


def without_figures(sentence: str) -> str:
    """`sentence` with its figures taken out, and any "no more than" that belongs to one."""
    return _NO_MORE.sub(" ", _FIGURE.sub(" ", _digits(sentence)))


def _digits(text: str) -> str:
    """Number words as digits; "one" only where it counts something."""
    return _IN_WORDS.sub(lambda found: str(_WORDS.index(found[0].lower()) + 1), text)


def _figure(found: re.Match[str], bound: str) -> Figure:
    if found["date"]:
        return Figure(found["date"].lower(), "date", bound)
    if found["often"]:
        return Figure("1", "each " + _period(found["often"].lower()), bound)
    if found["label"]:
        return Figure(found["labelled"], found["label"].lower().rstrip("s") + " number", bound)
    value = found["value"] + _tail(found["tail"])
    if found["top"]:
        value += f"-{found['top']}{_tail(found['top_tail'])}"
    return Figure(value, (found["unit"] or "").removesuffix("s"), bound)


def _tail(text: str | None) -> str:
    """A percent sign or am and pm; that a number is a rank (25th) is no part of its value."""
    return "" if text in (None, "st", "nd", "rd", "th") else str(text).strip()


def _period(often: str) -> str:
    return "half term" if "half" in often else often.rsplit(maxsplit=1)[-1].removesuffix("ly")


def _bound(before: str, after: str) -> str:
    ahead = next((sign for sign, words in _BOUND_BEFORE if words.search(before)), "")
    return ahead or next((sign for sign, words in _BOUND_AFTER if words.search(after)), "")


def _passed_on(figure: Figure, earlier: list[Figure]) -> str:
    """The bound of the last figure that counts the same thing: in "over 2 miles, or 3 miles" it may hold for both."""
    return next((one.bound for one in reversed(earlier) if one.unit == figure.unit and one.bound), "")

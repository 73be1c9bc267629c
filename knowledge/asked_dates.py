"""Which event of the clock a message speaks of, and on which day. Where unsure, none: the ordinary answer stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from knowledge.dates_in_words import day_words
from knowledge.deadlines import Deadlines, Event, Hearing
from knowledge.typed_dates import Found, Known, Reading, find_dates, read_date

# How far a date may stand from the words that say what it is, in words. Words after the date, and words beyond a comma,
# count as farther off: "letter on 12 June, certificate on 3 July".
FARTHEST, AFTER, COMMA = 8, 3, 2
_APART = re.compile(r"[?!;\n]|\.(?:\s|$)")
_SAID_DAY = r"(\w+ \d{1,2} \w+ \d{4})"
_WORD = re.compile(r"\w[\w'’-]*")


@dataclass(frozen=True)
class Asked:
    """An event, the dates given for it by name (known, or with its choices), and what was assumed in reading it."""

    event: Event
    given: Mapping[str, Reading]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Link:
    """A date that stands near the words for an event; `distance` in words."""

    distance: int
    length: int
    event: Event
    hearing: Hearing


def asked_dates(text: str, deadlines: Deadlines, today: date) -> Asked | None:
    """The event and its dates, when `text` gives a date, says what it is the date of and asks for what follows."""
    words = text.lower().replace("’", "'")
    found = find_dates(words, today)
    if not found or not _any_in(words, deadlines.asks) or _any_in(words, deadlines.unless):
        return None
    links = [(one, _link(words, one, deadlines)) for one in found if not _passed_over(words, one, deadlines)]
    if len(links) == 1 and (only := links[0][1]):
        return _asked([(links[0][0], only)], only.event, words, today)
    if len(links) == 2 and (first := links[0][1]) and (second := links[1][1]):
        event = _together(first.event, second.event)
        return _asked([(links[0][0], first), (links[1][0], second)], event, words, today) if event else None
    return None


def stated(event: Event, given: Mapping[str, date]) -> str:
    """The dates given, as one sentence that `read_stated` reads back: the words of a choice, and a reply's heading."""
    parts = (event.stated[name].replace("{date}", day_words(given[name])) for name in event.takes if name in given)
    return " and ".join(parts)


def read_stated(text: str, deadlines: Deadlines, today: date) -> Asked | None:
    """The event and its dates, when `text` is a sentence of `stated`."""
    said = text.strip().rstrip(".").lower()
    for event in (one for one in deadlines.events.values() if one.hears):
        for names in _subsets(event):
            found = _sentence(tuple(event.stated[name] for name in names)).fullmatch(said)
            days = [read_date(part, today) for part in found.groups()] if found else []
            given = {name: day for name, day in zip(names, days, strict=False) if isinstance(day, Known)}
            if given and len(given) == len(names):
                return Asked(event, given)
    return None


def _subsets(event: Event) -> Iterator[tuple[str, ...]]:
    yield (event.start,)
    if event.extras:
        yield event.takes


@lru_cache(maxsize=256)
def _sentence(parts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(" and ".join(re.escape(part.lower()).replace(r"\{date\}", _SAID_DAY) for part in parts))


def _asked(links: Iterable[tuple[Found, _Link]], event: Event, words: str, today: date) -> Asked | None:
    given: dict[str, Reading] = {}
    for found, link in links:
        reading = read_date(words[found.start : found.end], today, link.hearing.lean or link.event.lean)
        if reading is None or link.event.start in given:
            return None
        given[link.event.start] = reading
    notes = tuple(dict.fromkeys(link.hearing.note for _, link in links if link.hearing.note))
    return Asked(event, given, notes)


def _together(first: Event, second: Event) -> Event | None:
    """The event that takes the dates of both, the one whose own date comes first; none when neither does."""
    both = [a for a, b in ((first, second), (second, first)) if b.start in a.extras]
    return min(both, key=lambda event: event.order.index(event.start), default=None)


def _passed_over(words: str, found: Found, deadlines: Deadlines) -> bool:
    """Whether the date belongs to something that starts no clock, such as the day a form was sent."""
    near = _nearest(words, found, deadlines.passed_over)
    link = _link(words, found, deadlines)
    return near is not None and (link is None or near[0] < link.distance)


def _link(words: str, found: Found, deadlines: Deadlines) -> _Link | None:
    """What the date is the date of: the nearest words, the longer of two as near; none when two events tie."""
    links = [
        _Link(near[0], near[1], event, hearing)
        for event in deadlines.events.values()
        for hearing in event.hears
        if _any_in(words, hearing.asks) and (near := _nearest(words, found, hearing.says))
    ]
    links.sort(key=lambda link: (link.distance, -link.length))
    best = [link for link in links if (link.distance, link.length) == (links[0].distance, links[0].length)]
    return best[0] if best and all(link.event is best[0].event for link in best) else None


def _nearest(words: str, found: Found, phrases: tuple[str, ...]) -> tuple[int, int] | None:
    """How far the nearest of `phrases` is from the date, and how long it is; none when all are too far off."""
    spans = (match.span() for phrase in phrases for match in _phrase(phrase).finditer(words))
    near = [(_distance(words, span, found), span[0] - span[1]) for span in spans]
    close = [(distance, -length) for distance, length in sorted(near) if distance <= FARTHEST]
    return close[0] if close else None


def _distance(words: str, span: tuple[int, int], found: Found) -> int:
    start, end = span
    if start < found.end and found.start < end:
        return FARTHEST + 1
    after = start >= found.end
    between = words[found.end : start] if after else words[end : found.start]
    if _APART.search(between):
        return FARTHEST + 1
    return len(_WORD.findall(between)) + AFTER * after + COMMA * ("," in between)


def _any_in(words: str, phrases: tuple[str, ...]) -> bool:
    return any(_phrase(phrase).search(words) for phrase in phrases)


@lru_cache(maxsize=2048)
def _phrase(phrase: str) -> re.Pattern[str]:
    """`they|council got it` as a pattern: either word, then `got`, then `it`, with up to two words between."""
    words = ["(?:" + "|".join(map(re.escape, word.split("|"))) + r")(?![\w'])" for word in phrase.split()]
    return re.compile(r"(?<![\w'])" + r"(?:\s+[\w'-]+){0,2}?\s+".join(words))

"""Which statements disagree: the same kind of value, of the same subject, from different sources, and not the same."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from knowledge.article import Generation, Source
from knowledge.disagreeing.statements import Statement, statements_in
from knowledge.sources.shelving import is_document

if TYPE_CHECKING:
    from knowledge.pack import Pack

# How much of what one sentence is about may be missing from the other, by the weight of its words.
MOST_MISSING = 0.28
FEWEST_SHARED = 0.45
SET_APART = 0.6
# How grave each kind is when it is wrong, for ranking.
GRAVE = {"phone": 6, "date": 5, "fee": 4, "age": 4, "address": 4, "length": 4, "time": 3, "number": 3, "name": 3}


@dataclass(frozen=True)
class Disagreement:
    """Two statements that cannot both be right. `newer` is the one to be believed first, when that is known.

    `rank` puts the gravest and surest first, for editors.
    """

    id: str
    kind: str
    one: Statement
    other: Statement
    newer: Statement | None
    rank: float

    @property
    def sections(self) -> tuple[str, str]:
        return self.one.section, self.other.section


def disagreements(pack: Pack) -> list[Disagreement]:
    """Every disagreement in which a real document takes part, the gravest first.

    What the pack's own texts say of each other is in `conflicts.yaml`, where people settled it.
    """
    documents = {article.id for article in pack.articles.values() if is_document(article)}
    if not documents:
        return []
    found = find(statements_in(pack))
    read = [one for one in found if {id.partition("#")[0] for id in one.sections} & documents]
    return sorted((_ranked(one, pack) for one in read), key=lambda one: (-one.rank, one.id))


def find(statements: Sequence[Statement]) -> list[Disagreement]:
    """Every pair that disagrees, each once. Statements of one source are never compared."""
    weights = _weights(statements)
    by_word: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, one in enumerate(statements):
        for word in one.about:
            by_word[one.kind, word].append(place)
    found: dict[str, Disagreement] = {}
    for place, one in enumerate(statements):
        best = _nearest(place, one, statements, by_word, weights)
        for other, score in best:
            made = _disagreement(one, other, score)
            if made.id not in found:
                found[made.id] = made
    return list(found.values())


def _weights(statements: Sequence[Statement]) -> dict[str, float]:
    """How rare each word is among the sources: one that most of them use sets nothing apart."""
    used: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    for one in statements:
        for word in one.context:
            used[word].add(one.sources)
    total = len({one.sources for one in statements})
    return {word: math.log(1 + total / len(sources)) for word, sources in used.items()}


def _nearest(
    place: int,
    one: Statement,
    statements: Sequence[Statement],
    by_word: Mapping[tuple[str, str], list[int]],
    weights: Mapping[str, float],
) -> list[tuple[Statement, float]]:
    """For each other source: what it says of the subject, when its nearest statement does not agree."""
    rare = sorted(one.about, key=lambda word: -weights.get(word, 0.0))[:3]
    others = {index for word in rare for index in by_word[one.kind, word] if index != place}
    scored: dict[tuple[str, ...], list[tuple[float, Statement]]] = defaultdict(list)
    for index in sorted(others):
        other = statements[index]
        if not set(one.sources) & set(other.sources) and one.labels == other.labels:
            score = alike(one, other, weights)
            if score > 0:
                scored[other.sources].append((score, other))
    best = []
    for candidates in scored.values():
        top = max(score for score, _ in candidates)
        near = [other for score, other in candidates if score >= top - 0.1]
        if not any(agree(one.values, other.values) for other in near):
            best.append((max(candidates, key=lambda pair: pair[0])[1], top))
    return best


def alike(one: Statement, other: Statement, weights: Mapping[str, float]) -> float:
    """How surely two statements are about the same, 0 to 1; 0 when each has words of its own that set it apart."""
    shared = _weight(one.about & other.about, weights)
    union = _weight(one.about | other.about, weights)
    if not union or shared / union < FEWEST_SHARED:
        shared_context = _weight(one.context & other.context, weights)
        if not union or shared_context / _weight(one.context | other.context, weights) < FEWEST_SHARED + 0.15:
            return 0.0
    missing = max(
        _weight(one.about - other.context, weights) / max(_weight(one.about, weights), 1e-9),
        _weight(other.about - one.context, weights) / max(_weight(other.about, weights), 1e-9),
    )
    apart = _set_apart(one, other, weights) and _set_apart(other, one, weights)
    return 0.0 if missing > MOST_MISSING or apart else 1.0 - missing


def _set_apart(one: Statement, other: Statement, weights: Mapping[str, float]) -> bool:
    """Whether `one` has a word the other lacks that is about as rare as its rarest: a name, most likely."""
    own = max((weights.get(word, 1.0) for word in one.about - other.context), default=0.0)
    return own > 0 and own >= SET_APART * max(weights.get(word, 1.0) for word in one.about)


def agree(values: frozenset[str], others: frozenset[str]) -> bool:
    """Whether one says no more than the other: then nothing is contradicted."""
    return all(any(_same(one, other) for other in others) for one in values) or all(
        any(_same(one, other) for other in values) for one in others
    )


def _same(one: str, other: str) -> bool:
    """Equal, or equal as far as one of two dates goes (a day without its year, a month without its day)."""
    if one == other:
        return True
    if "...." in (one[:4], other[:4]):
        return one[4:] == other[4:]
    dated = all(len(each) >= 7 and each[:4].isdigit() and each[4] == "-" for each in (one, other))
    return dated and (one.startswith(other) or other.startswith(one))


def _weight(words: Iterable[str], weights: Mapping[str, float]) -> float:
    return sum(weights.get(word, 1.0) for word in words)


def _disagreement(one: Statement, other: Statement, score: float) -> Disagreement:
    first, second = sorted((one, other), key=lambda each: (each.section, each.words))
    said = "|".join([first.kind, first.section, first.words, second.section, second.words])
    id = f"F{hashlib.sha256(said.encode()).hexdigest()[:10]}"
    return Disagreement(id, first.kind, first, second, None, GRAVE.get(first.kind.partition(" ")[0], 1) * score)


def _ranked(found: Disagreement, pack: Pack) -> Disagreement:
    """With what is known about which is newer, and higher when a family's answers would be changed by it."""
    newer = newer_of(found.one, found.other, pack.sources, pack.generations)
    phrased = sum(1 for id in found.sections if len(pack.sections[id].asked_as) > 2)
    return Disagreement(found.id, found.kind, found.one, found.other, newer, found.rank + phrased)


def newer_of(
    one: Statement, other: Statement, sources: Mapping[str, Source], generations: Sequence[Generation]
) -> Statement | None:
    """The statement from the newer page: by the pages' own dates where both have one, else by their generations."""
    first, second = _dated(one, sources), _dated(other, sources)
    if first and second and first != second:
        return one if first > second else other
    order = {generation.id: place for place, generation in enumerate(generations) if generation.ordered}
    places = [max(order.get(sources[id].generation.id, -1) for id in each.sources) for each in (one, other)]
    if min(places) < 0 or places[0] == places[1]:
        return None
    return one if places[0] > places[1] else other


def _dated(one: Statement, sources: Mapping[str, Source]) -> date | None:
    days = [day for id in one.sources if (day := _day(sources[id].page_updated))]
    return max(days, default=None)


def _day(said: str | None) -> date | None:
    try:
        return datetime.strptime(said or "", "%d %B %Y").date()
    except ValueError:
        return None

"""Which hit fits the question: search ranks by likeness, and a likely section may still be the wrong one to show."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.turn import Turn
from bot.wanted_values import lacks, values_asked_for
from knowledge.article import Kind, Passage, Section
from retrieval.hits import Hit
from retrieval.search import Results

# How far behind the first hit, in fused z-scores, what is not known may be and still be the better reply.
BEHIND = 1.0
_PAST = re.compile(
    r"\b(?:first year|year one|used to|previous(?:ly)?|earlier|older|before|back (?:in|then)|history|2018|2019"
    r"|202[0-4]|originally)\b",
    re.IGNORECASE,
)


def fitting(turn: Turn, results: Results) -> Results:
    """`results` with the hit that fits the question in front; alone, when it says that the value is not known."""
    first, *others = results.hits
    current = _current(turn, first, others)
    if current:
        gone = {first.passage.id, current.passage.id}
        rest = (hit for hit in others if hit.passage.id not in gone)
        return replace(results, hits=(replace(current, score=first.score, rank=1), *rest))
    not_known = _not_known(turn, first, others)
    return replace(results, hits=(replace(not_known, rank=1),)) if not_known else results


def _current(turn: Turn, first: Hit, others: list[Hit]) -> Hit | None:
    """What a newer page replaced gives way to what is current, unless the message asks about the past."""
    current = turn.pack.conflicts.current_for(first.passage.id)
    if not current or _PAST.search(turn.text):
        return None
    found = (hit for hit in others if hit.passage.id in current)
    return next(found, Hit(Passage(current[0], ""), first.score, 1))


def _not_known(turn: Turn, first: Hit, others: list[Hit]) -> Hit | None:
    """A section that lacks the sort of value asked for gives way to one close behind that says it is not known."""
    section = turn.pack.section(first.passage.id)
    if section.kind is not Kind.ANSWER or not lacks(section, values_asked_for(turn.text)):
        return None

    def says_so(other: Section) -> bool:
        return other.kind is Kind.UNKNOWN and other.article_id == section.article_id

    close = (hit for hit in others if first.score - hit.score <= BEHIND)
    return next((hit for hit in close if says_so(turn.pack.section(hit.passage.id))), None)

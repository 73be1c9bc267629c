"""Which hit fits the question: search ranks by likeness, and a likely section may still be the wrong one to show."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.turn import Turn
from bot.wanted_values import lacks, values_asked_for
from knowledge.article import Kind, Passage, Section
from retrieval.hits import Hit
from retrieval.search import Results
from retrieval.text import stems

# How far behind the first hit, in fused z-scores, what is not known may be and still be the better reply.
BEHIND = 1.0
# A question back is for a message of which it knows this share of the words, the rarer counting more.
VAGUE = 0.6
PAYER = "payer"
_PAST = re.compile(
    r"\b(?:first year|year one|used to|previous(?:ly)?|earlier|older|before|back (?:in|then)|history|2018|2019"
    r"|202[0-4]|originally)\b",
    re.IGNORECASE,
)


def fitting(turn: Turn, results: Results) -> Results:
    """`results` with the hit that fits the question in front; alone, when it says that the value is not known."""
    results = _not_vague(turn, results)
    first, *others = results.hits
    current = _current(turn, first, others)
    if current:
        gone = {first.passage.id, current.passage.id}
        rest = (hit for hit in others if hit.passage.id not in gone)
        return replace(results, hits=(replace(current, score=first.score, rank=1), *rest))
    nearer = _settled(turn, first, others) or _known(turn, first, others)
    if nearer is None:
        return results
    alone = turn.pack.section(nearer.passage.id).kind is Kind.UNKNOWN
    behind = () if alone else (hit for hit in results.hits if hit != nearer)
    return replace(results, hits=(replace(nearer, rank=1), *behind))


def _not_vague(turn: Turn, results: Results) -> Results:
    """`results` without the questions back, when the first is one and most words of the message are not in it.

    "Support?" is vague and "who pays for 1:1 support?" is not. Only English can be read for this.
    """
    first = turn.pack.section(results.hits[0].passage.id)
    if first.kind is not Kind.CLARIFY or turn.language != "en" or not stems(turn.text):
        return results
    if results.evidence.coverage >= VAGUE:
        return results
    rest = tuple(hit for hit in results.hits if turn.pack.section(hit.passage.id).kind is not Kind.CLARIFY)
    return replace(results, hits=rest) if rest else results


def _known(turn: Turn, first: Hit, others: list[Hit]) -> Hit | None:
    """What is not known gives way to an answer close behind in its article that says who pays, when that is asked.

    Not when who pays is what is not known. For other sorts of value this answered near-misses.
    """
    section, sorts = turn.pack.section(first.passage.id), values_asked_for(turn.text)
    if section.kind is not Kind.UNKNOWN or sorts != (PAYER,):
        return None
    if any(set(sorts) & set(values_asked_for(asked)) for asked in (section.heading, *section.asked_as)):
        return None

    def says_who(other: Section) -> bool:
        return other.kind is Kind.ANSWER and other.article_id == section.article_id and not lacks(other, sorts)

    close = (hit for hit in others if first.score - hit.score <= BEHIND)
    return next((hit for hit in close if says_who(turn.pack.section(hit.passage.id))), None)


def _current(turn: Turn, first: Hit, others: list[Hit]) -> Hit | None:
    """What a newer page replaced gives way to what is current, unless the message asks about the past."""
    current = turn.pack.conflicts.current_for(first.passage.id)
    if not current or _PAST.search(turn.text):
        return None
    found = (hit for hit in others if hit.passage.id in current)
    return next(found, Hit(Passage(current[0], ""), first.score, 1))


def _settled(turn: Turn, first: Hit, others: list[Hit]) -> Hit | None:
    """What a section that lacks the sort of value asked for gives way to: the nearest in its article that settles it.

    That is one close behind which has such a value, or says that it is not known, whichever comes first.
    """
    section, sorts = turn.pack.section(first.passage.id), values_asked_for(turn.text)
    if section.kind is not Kind.ANSWER or not lacks(section, sorts):
        return None

    def settles(other: Section) -> bool:
        says = other.kind is Kind.UNKNOWN or (other.kind is Kind.ANSWER and not lacks(other, sorts))
        return says and other.article_id == section.article_id

    close = (hit for hit in others if first.score - hit.score <= BEHIND)
    return next((hit for hit in close if settles(turn.pack.section(hit.passage.id))), None)

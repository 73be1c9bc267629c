"""Look the question up, and show the section that answers it, if we are sure enough that one does."""

from __future__ import annotations

import re

from bot.answers import compose, further_sections
from bot.answers import not_found as nothing_found
from bot.messages import Reply
from bot.questions import parts_of
from bot.turn import Turn
from knowledge.article import Kind, Section
from knowledge.routing import Queue
from retrieval.search import Results

_LEANS_BACK = re.compile(
    r"^(?:and|or|but|so|ok|okay|what about|how about|what if|also|then|same)\b"
    r"|\b(?:it|that|this|they|them|those|these|there|one|ones|he|she|him|her|his)\b",
    re.IGNORECASE,
)

# A section that states no fact (a route, a person, what is not known) may be shown on weaker evidence.
LESS_AT_STAKE = 0.4
MOST_PARTS = 2
# A part cut at a comma may be no question at all, so it needs better evidence than a whole message.
SURER = 3.0


def chosen(turn: Turn) -> Reply | None:
    """The person picked one of the readings offered last time, by its number or its words."""
    if not turn.past.choices:
        return None
    said = turn.text.strip().lower().rstrip(".!")
    for number, (label, section) in enumerate(zip(turn.past.labels, turn.past.choices, strict=True), start=1):
        if said in (str(number), label.lower()):
            return compose(turn, turn.pack.section(section), confidence=1.0)
    return None


def answering(turn: Turn) -> Reply | None:
    """The section that answers; none when the best is below the threshold."""
    results = look_up(turn)
    if not results.hits:
        return None
    section = turn.pack.section(results.hits[0].passage.id)
    states_facts = section.kind in (Kind.ANSWER, Kind.ELIGIBILITY)
    if results.confidence < (turn.threshold if states_facts else turn.threshold * LESS_AT_STAKE):
        return None
    more = further_sections(turn, results.hits)
    others = _other_parts(turn, {section.id, *(one.id for one in more)}) if section.kind is Kind.ANSWER else ()
    return compose(turn, section, results.confidence, (*others, *more), route=_route(turn, section, results))


def _other_parts(turn: Turn, shown: set[str]) -> tuple[Section, ...]:
    """What answers the other questions of a message that asks several."""
    found = (_answer_to(turn, part) for part in parts_of(turn.text, turn.language))
    others = {section.id: section for section in found if section and section.id not in shown}
    return tuple(others.values())[:MOST_PARTS]


def _route(turn: Turn, section: Section, results: Results) -> Queue:
    """Who the reply points to: the section's queue, or, for a general wish for a person, the subject's."""
    if section.kind is Kind.HANDOFF and section.queue == "local_offer":
        subjects = (turn.pack.section(hit.passage.id) for hit in results.hits)
        about = [one.queue for one in subjects if one.kind is not Kind.HANDOFF and one.queue != "local_offer"]
        return turn.pack.queues[about[0] if about else section.queue]
    return turn.pack.queues[section.queue]


def _answer_to(turn: Turn, part: str) -> Section | None:
    """The section that answers one part of a message by itself."""
    results = turn.search(part)
    least = turn.threshold if turn.language == "en" else min(0.5, turn.threshold * SURER)
    if not results.hits or results.confidence < least:
        return None
    section = turn.pack.section(results.hits[0].passage.id)
    return section if section.kind is Kind.ANSWER else None


def not_found(turn: Turn) -> Reply:
    """The last step: always replies."""
    results = look_up(turn)
    return nothing_found(turn, results.hits, results.confidence)


def look_up(turn: Turn) -> Results:
    """Search for the message, and for the message with the last question in front; keep the better."""
    alone = turn.search(turn.text)
    if not turn.past.asked:
        return alone
    together = turn.search(f"{turn.past.asked[-1]} {turn.text}")
    return together if together.confidence + _lean(turn.text) > alone.confidence else alone


def _lean(text: str) -> float:
    """How far to prefer the reading with context: short messages and pronouns lean on what came before."""
    count = len(text.split())
    if count <= 4:
        return 0.5
    return 0.25 if _LEANS_BACK.search(text) and count <= 14 else -0.1

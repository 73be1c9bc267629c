"""Look the question up, and show the section that answers it, if we are sure enough that one does."""

from __future__ import annotations

import re

from bot.answers import GENERAL, compose, further_sections, person_lines
from bot.answers import not_found as nothing_found
from bot.fitting import fitting
from bot.messages import Outcome, Reply
from bot.nearest import with_nearest
from bot.orders import without_orders
from bot.questions import parts_of
from bot.turn import Turn
from bot.wishes import wants_a_person, without_the_wish
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
# How sure an answer must be to a question that is certainly about something else: `retrieval/README.md` says why.
FURTHER_OFF = 0.8
OF_THE_SUBJECT = (Kind.ANSWER, Kind.ELIGIBILITY, Kind.UNKNOWN)
MOST_PARTS = 2
# A part cut at a comma may be no question at all, so it needs better evidence than a whole message.
SURER = 3.0


def chosen(turn: Turn) -> Reply | None:
    """The person picked one of the readings offered last time, by its number or its words."""
    if not turn.past.choices:
        return None
    said = turn.text.strip().lower().rstrip(".!")
    for number, (label, section) in enumerate(zip(turn.past.labels, turn.past.choices, strict=True), start=1):
        if said in (str(number), label.lower()) and section in turn.pack.sections:
            return compose(turn, turn.pack.section(section), confidence=1.0)
    return None


def answering(turn: Turn) -> Reply | None:
    """The section that answers; none when the best is below the threshold."""
    started = turn.pack.started_by(turn.text)
    if started:
        return compose(turn, turn.pack.section(started), confidence=1.0)
    results = look_up(turn)
    if not results.hits:
        return None
    results = fitting(turn, results)
    section = turn.pack.section(results.hits[0].passage.id)
    if results.confidence < _needed(turn, section, results):
        return None
    if section.kind is Kind.CLARIFY and turn.past.choices:
        return with_nearest(turn, still_unclear(turn), results.hits, results.searched)
    more = further_sections(turn, results.hits)
    others = _other_parts(turn, {section.id, *(one.id for one in more)}) if section.kind is Kind.ANSWER else ()
    reply = compose(turn, section, results.confidence, (*others, *more), route=_route(turn, section, results))
    return with_nearest(turn, reply, results.hits, results.searched) if section.kind is Kind.UNKNOWN else reply


def still_unclear(turn: Turn) -> Reply:
    """One question back is enough: when the answer to it is as vague, a person takes over."""
    return Reply(
        outcome=Outcome.HANDOFF,
        status="handed_over_unclear",
        language=turn.language,
        heading=turn.say("still_unclear"),
        person=person_lines(turn, turn.pack.queues[GENERAL]),
    )


def _needed(turn: Turn, section: Section, results: Results) -> float:
    """How likely it must be that `section` answers: the more, the further the question is from the pack's subject.

    Whoever asks for a person gets one, however it was put; what is not for us may be said on weak evidence.
    """
    if section.kind is Kind.HANDOFF and wants_a_person(turn.text):
        return 0.0
    at_stake = 1.0 if section.kind in (Kind.ANSWER, Kind.ELIGIBILITY) else LESS_AT_STAKE
    doubt = FURTHER_OFF * turn.outside(results.searched) if section.kind in OF_THE_SUBJECT else 0.0
    return max(turn.threshold * at_stake, doubt)


def _other_parts(turn: Turn, shown: set[str]) -> tuple[Section, ...]:
    """What answers the other questions of a message that asks several."""
    found = (_answer_to(turn, part) for part in parts_of(without_orders(turn.text), turn.language))
    others = {section.id: section for section in found if section and section.id not in shown}
    return tuple(others.values())[:MOST_PARTS]


def _route(turn: Turn, section: Section, results: Results) -> Queue:
    """Who the reply points to: the section's queue, or, for a general wish for a person, the subject's."""
    if section.kind is not Kind.HANDOFF or section.queue != GENERAL:
        return turn.pack.queues[section.queue]
    subject = without_the_wish(turn.text)
    found = turn.search(subject).hits if subject else results.hits
    about = [turn.pack.section(hit.passage.id) for hit in found]
    queues = [one.queue for one in about if one.kind in (Kind.ANSWER, Kind.UNKNOWN) and one.queue != GENERAL]
    return turn.pack.queues[queues[0] if queues else section.queue]


def _answer_to(turn: Turn, part: str) -> Section | None:
    """The section that answers one part of a message by itself."""
    results = turn.search(part)
    least = turn.threshold if turn.language == "en" else min(0.5, turn.threshold * SURER)
    if not results.hits or results.confidence < max(least, FURTHER_OFF * turn.outside(results.searched)):
        return None
    section = turn.pack.section(results.hits[0].passage.id)
    return section if section.kind is Kind.ANSWER else None


def not_found(turn: Turn) -> Reply:
    """The last step: always replies."""
    results = look_up(turn)
    return nothing_found(turn, results.hits, results.confidence, results.searched)


def look_up(turn: Turn) -> Results:
    """Search for the message, and for the message with the last question in front; keep the better."""
    text = without_orders(turn.text)
    alone = turn.search(text)
    if not turn.past.asked:
        return alone
    together = turn.search(f"{turn.past.asked[-1]} {text}")
    return together if together.confidence + _lean(turn.text) > alone.confidence else alone


def _lean(text: str) -> float:
    """How far to prefer the reading with context: short messages and pronouns lean on what came before."""
    count = len(text.split())
    if count <= 4:
        return 0.5
    return 0.25 if _LEANS_BACK.search(text) and count <= 14 else -0.1

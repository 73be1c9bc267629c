"""The ask box: what the assistant says to a question, and how it came to say it."""

from __future__ import annotations

from bot.assistant import Assistant
from bot.messages import Incoming
from bot.plain import as_text
from handoff.console.ports import Asked, Found
from retrieval.hits import Hit

MOST_SHOWN = 10


def look_into(assistant: Assistant, question: str) -> Asked:
    """The answer with its working. Personal details are taken out before anything is looked up."""
    reply, step, turn = assistant.working(Incoming(question))
    engine = assistant.engine
    results = engine.search(turn.text, turn.language, turn.incoming.role)
    return Asked(
        question=turn.text,
        step=step,
        outcome=reply.outcome.value,
        status=reply.status,
        text=as_text(reply, engine.pack),
        section=reply.section,
        passages=[_found(hit) for hit in results.hits[:MOST_SHOWN]],
        confidence=results.confidence,
        needed=turn.threshold,
    )


def find(assistant: Assistant, question: str, limit: int) -> list[Found]:
    """The passages nearest to a question, best first."""
    _, _, turn = assistant.working(Incoming(question))
    hits = assistant.engine.search(turn.text, turn.language, turn.incoming.role).hits
    return [_found(hit) for hit in hits[:limit]]


def _found(hit: Hit) -> Found:
    passage = hit.passage
    return Found(passage.id, passage.heading, passage.text, hit.score, hit.found_by)

"""Look the question up, and show the section that answers it, if we are sure enough that one does."""

from __future__ import annotations

import re

from bot.answers import compose, further_sections
from bot.answers import not_found as nothing_found
from bot.messages import Reply
from bot.turn import Turn
from retrieval.search import Results

_LEANS_BACK = re.compile(
    r"^(?:and|or|but|so|ok|okay|what about|how about|what if|also|then|same)\b"
    r"|\b(?:it|that|this|they|them|those|these|there|one|ones|he|she|him|her|his)\b",
    re.IGNORECASE,
)


def chosen(turn: Turn) -> Reply | None:
    """The person picked one of the readings offered last time, by its number or its words."""
    said = turn.text.strip().lower().rstrip(".!")
    for number, (label, section) in enumerate(zip(turn.past.labels, turn.past.choices, strict=True), start=1):
        if said in (str(number), label.lower()):
            return compose(turn, turn.pack.section(section), confidence=1.0)
    return None


def answering(turn: Turn) -> Reply | None:
    """The section that answers; none when the best is below the threshold."""
    results = look_up(turn)
    if not results.hits or results.confidence < turn.threshold:
        return None
    section = turn.pack.section(results.hits[0].passage.id)
    return compose(turn, section, results.confidence, further_sections(turn, results.hits))


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

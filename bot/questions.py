"""The questions in a message that asks several."""

from __future__ import annotations

import re

_BETWEEN = re.compile(
    r"[?!;]+\s*|\.\s+|\s-\s|,?\s+(?:and|also|plus)\s+(?=(?:how|what|whats|what's|who|when|where|which|do|does|can|is|are|will|why)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^(?:\w+ ){0,2}(?:how|what|whats|what's|who|when|where|which|why|do|does|can|could|is|are|will|should)\b",
    re.IGNORECASE,
)
# In other languages we know no question words: a question mark ends a question, and a comma may join two.
_BETWEEN_ELSEWHERE = re.compile(r"[?!;؟؛।॥。\n]+\s*|\.\s+|[,،、]\s*")
FEWEST_WORDS = 4
FEWEST_WORDS_ELSEWHERE = 3
MOST_QUESTIONS = 4


def parts_of(text: str, language: str = "en") -> tuple[str, ...]:
    """The questions in a message that asks several; none when it asks one."""
    if language == "en":
        parts = [part.strip(" ,.-") for part in _BETWEEN.split(text)]
        asking = [part for part in parts if len(part.split()) >= FEWEST_WORDS and _ASKS.search(part)]
    else:
        parts = [part.strip(" .-") for part in _BETWEEN_ELSEWHERE.split(text)]
        asking = [part for part in parts if len(part.split()) >= FEWEST_WORDS_ELSEWHERE]
    return tuple(asking[:MOST_QUESTIONS]) if len(asking) > 1 else ()

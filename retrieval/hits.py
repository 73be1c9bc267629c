"""What a search finds."""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.article import Passage


@dataclass(frozen=True)
class Hit:
    """One passage: its fused score, its rank from 1, and what each ranking gave it (`found_by`)."""

    passage: Passage
    score: float
    rank: int
    found_by: dict[str, float] = field(default_factory=dict)

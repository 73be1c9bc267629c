"""What the dialogue knows of a section that retrieval does not: who it is for and what kind of reply it makes.

Each is a handicap, in the z-scores that fused rankings are in, chosen on half of the blind question set.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.messages import Role
from knowledge.article import Kind, Section

VAGUE_WORDS = 7


@dataclass(frozen=True)
class Handicaps:
    """How far each is set back (above 0) or brought forward (below 0)."""

    other_reader: float = 0.5
    clarify_long: float = 2.0
    clarify_short: float = -0.5
    foreign_not_answer: float = 0.5
    handoff: float = 0.0


def handicap_of(
    sections: list[Section], role: Role, language: str, words: int, by: Handicaps = Handicaps()
) -> NDArray[np.float32]:
    """One value for each section: what is taken off its score for this reader and this message."""
    return np.array([_one(section, role, language, words, by) for section in sections], dtype=np.float32)


def _one(section: Section, role: Role, language: str, words: int, by: Handicaps) -> float:
    total = 0.0
    wanted = "senco" if role is Role.SENCO else "family"
    if section.audience and wanted not in section.audience and role not in section.audience:
        total += by.other_reader
    if section.kind is Kind.CLARIFY:
        total += by.clarify_long if words > VAGUE_WORDS else by.clarify_short
    if section.kind is Kind.HANDOFF:
        total += by.handoff
    if language != "en" and section.kind in (Kind.CLARIFY, Kind.HANDOFF, Kind.OUT_OF_AREA):
        total += by.foreign_not_answer
    return total

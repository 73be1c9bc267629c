"""What the dialogue knows of a section that retrieval does not: who it is for and what kind of reply it makes.

Each is a handicap, in the z-scores that fused rankings are in, chosen on half of the blind question set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.messages import Role
from bot.wishes import wants_a_person, wants_a_place
from knowledge.article import Kind, Section

VAGUE_WORDS = 7


@dataclass(frozen=True)
class Handicaps:
    """How far each is set back (above 0) or brought forward (below 0)."""

    other_reader: float = 0.5
    clarify_long: float = 2.0
    clarify_short: float = -0.8
    foreign_not_answer: float = 0.5
    handoff_unasked: float = 0.3
    handoff_asked: float = -6.0
    booking_asked: float = -1.5


DEFAULT = Handicaps()


class Handicapper:
    """What is taken off each section's score, for a reader and a message. Made once for a list of sections."""

    def __init__(self, sections: Sequence[Section], by: Handicaps = DEFAULT) -> None:
        self.by = by
        self.kinds = {kind: np.array([section.kind is kind for section in sections], dtype=bool) for kind in Kind}
        self.readers = {role: np.array([_is_for(section, role) for section in sections], dtype=bool) for role in Role}

    def __call__(self, role: Role, language: str, text: str) -> NDArray[np.float32]:
        """One value for each section, in z-scores."""
        by = self.by
        total = np.where(self.readers[role], 0.0, by.other_reader).astype(np.float32)
        total[self._are(Kind.CLARIFY)] += by.clarify_long if len(text.split()) > VAGUE_WORDS else by.clarify_short
        place = wants_a_place(text)
        person = wants_a_person(text) and not place
        total[self._are(Kind.HANDOFF)] += by.handoff_asked if person else by.handoff_unasked
        if place:
            total[self._are(Kind.BOOKING)] += by.booking_asked
        if language != "en":
            total[self._are(Kind.CLARIFY, Kind.HANDOFF, Kind.OUT_OF_AREA)] += by.foreign_not_answer
        return total

    def _are(self, *kinds: Kind) -> NDArray[np.bool_]:
        return np.asarray(np.any([self.kinds[kind] for kind in kinds], axis=0), dtype=bool)


def _is_for(section: Section, role: Role) -> bool:
    """Whether a section is written for this reader; a young person reads what families read."""
    wanted = "senco" if role is Role.SENCO else "family"
    return not section.audience or wanted in section.audience or role.value in section.audience

"""What the dialogue knows of a section that retrieval does not: who it is for and what kind of reply it makes.

Each is a handicap, in the z-scores that fused rankings are in, chosen on half of the blind question set.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.messages import Role
from knowledge.article import Kind, Section

VAGUE_WORDS = 7
_WANTS_A_PERSON = re.compile(
    r"\b(?:call|ring|phone|email|contact|get back to|come back to|speak to|talk to|get in touch with)"
    r" (?:me|us|my|someone)\b"
    r"|\b(?:real|actual|human) (?:person|being)\b|\bnot a bot\b|\bput me through\b|\bget in touch\b"
    r"|\bpass (?:this|it|my) \w{0,12} ?on\b|\bin front of them\b"
    r"|\b(?:someone|somebody|an officer|a person|a human|anyone) (?:to|who|from|in|at)\b",
    re.IGNORECASE,
)
_WANTS_A_NUMBER = re.compile(r"\b(?:phone|telephone|contact)? ?(?:number|email|address|mailbox)\b", re.IGNORECASE)
_WANTS_A_PLACE = re.compile(
    r"\b(?:book|booked|booking|rebook|appointment|appt|slot|sign (?:me |us )?up|reserve|put (?:my|our) names? down)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Handicaps:
    """How far each is set back (above 0) or brought forward (below 0)."""

    other_reader: float = 0.5
    clarify_long: float = 2.0
    clarify_short: float = -0.8
    foreign_not_answer: float = 0.5
    handoff_unasked: float = 0.3
    handoff_asked: float = -1.2
    booking_asked: float = -1.5


DEFAULT = Handicaps()


class Handicapper:
    """What is taken off each section's score, for a reader and a message. Made once for a list of sections."""

    def __init__(self, sections: Sequence[Section], by: Handicaps = DEFAULT) -> None:
        self.by = by
        self.kinds = np.array([section.kind.value for section in sections], dtype=np.str_)
        self.readers = {role: np.array([_is_for(section, role) for section in sections], dtype=bool) for role in Role}

    def __call__(self, role: Role, language: str, text: str) -> NDArray[np.float32]:
        """One value for each section, in z-scores."""
        by = self.by
        total = np.where(self.readers[role], 0.0, by.other_reader).astype(np.float32)
        total[self._are(Kind.CLARIFY)] += by.clarify_long if len(text.split()) > VAGUE_WORDS else by.clarify_short
        wants_a_person = _WANTS_A_PERSON.search(text) and not _WANTS_A_NUMBER.search(text)
        total[self._are(Kind.HANDOFF)] += by.handoff_asked if wants_a_person else by.handoff_unasked
        if _WANTS_A_PLACE.search(text):
            total[self._are(Kind.BOOKING)] += by.booking_asked
        if language != "en":
            total[self._are(Kind.CLARIFY, Kind.HANDOFF, Kind.OUT_OF_AREA)] += by.foreign_not_answer
        return total

    def _are(self, *kinds: Kind) -> NDArray[np.bool_]:
        return np.isin(self.kinds, [kind.value for kind in kinds])


def _is_for(section: Section, role: Role) -> bool:
    """Whether a section is written for this reader; a young person reads what families read."""
    wanted = "senco" if role is Role.SENCO else "family"
    return not section.audience or wanted in section.audience or role.value in section.audience

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


def handicap_of(
    sections: Sequence[Section], role: Role, language: str, text: str, by: Handicaps = DEFAULT
) -> NDArray[np.float32]:
    """One value for each section: what is taken off its score for this reader and this message."""
    return np.array([_one(section, role, language, text, by) for section in sections], dtype=np.float32)


def _one(section: Section, role: Role, language: str, text: str, by: Handicaps) -> float:
    total = 0.0
    wanted = "senco" if role is Role.SENCO else "family"
    if section.audience and wanted not in section.audience and role not in section.audience:
        total += by.other_reader
    if section.kind is Kind.CLARIFY:
        total += by.clarify_long if len(text.split()) > VAGUE_WORDS else by.clarify_short
    if section.kind is Kind.HANDOFF:
        asked = _WANTS_A_PERSON.search(text) and not _WANTS_A_NUMBER.search(text)
        total += by.handoff_asked if asked else by.handoff_unasked
    if section.kind is Kind.BOOKING and _WANTS_A_PLACE.search(text):
        total += by.booking_asked
    if language != "en" and section.kind in (Kind.CLARIFY, Kind.HANDOFF, Kind.OUT_OF_AREA):
        total += by.foreign_not_answer
    return total

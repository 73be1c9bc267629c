"""When and where a session is, in one line as families read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from knowledge.dates_in_words import day_words, local_day, span_words


class Held(Protocol):
    """Anything that is held at a place for a while."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def venue(self) -> str: ...


@dataclass(frozen=True)
class Meeting:
    """When and where a session is, and nothing else of it."""

    starts_at: datetime
    ends_at: datetime
    venue: str


def meeting_of(surgery: Held) -> Meeting:
    """What a conversation needs to know of a session."""
    return Meeting(surgery.starts_at, surgery.ends_at, surgery.venue)


def session_words(surgery: Held, language: str = "en") -> str:
    """ "Tuesday 8 December 2026, 9:30am to 12:30pm, Feltham Library"."""
    day = day_words(local_day(surgery.starts_at), language)
    return f"{day}, {span_words(surgery.starts_at, surgery.ends_at, language)}, {surgery.venue}"

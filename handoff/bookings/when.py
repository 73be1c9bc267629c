"""When and where a session is, in one line as families read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from knowledge.dates_in_words import day_words, local_day, span_words

if TYPE_CHECKING:
    from handoff.models import Surgery


@dataclass(frozen=True)
class Meeting:
    """When and where a session is, and nothing else of it."""

    starts_at: datetime
    ends_at: datetime
    venue: str


def meeting_of(surgery: Surgery) -> Meeting:
    """What a conversation needs to know of a session."""
    return Meeting(surgery.starts_at, surgery.ends_at, surgery.venue)


def meeting_words(meeting: Meeting, language: str = "en") -> str:
    """ "Tuesday 8 December 2026, 9:30am to 12:30pm, Feltham Library"."""
    day = day_words(local_day(meeting.starts_at), language)
    return f"{day}, {span_words(meeting.starts_at, meeting.ends_at, language)}, {meeting.venue}"

"""Booking a SEND Surgery in conversation: the dates there are and where to book, or that none is published yet.

The pack says what the council has published on its own pages; once officers publish sessions here, those come first.
"""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Outcome, Paragraph, Reply, Said
from bot.steps.answering import answering
from bot.turn import Turn
from handoff.bookings.when import meeting_words

# Sections of the pack's article on surgeries that ask for a date or a place, and those about a booking there is.
WANTS_ONE = frozenset(
    f"surgeries#{anchor}" for anchor in ("next", "book", "where", "drop-in-or-book", "see-someone", "news-alerts")
)
HAS_ONE = frozenset(f"surgeries#{anchor}" for anchor in ("change", "cancel", "check"))


def booking(turn: Turn) -> Reply | None:
    """The next dates and where to book; with none published the pack's own answer, and an offer to tell.

    None where no desk stands behind the conversation, and for every other question.
    """
    dates = turn.incoming.dates
    if dates is None:
        return None
    found = answering(turn)
    if found is None or found.section not in WANTS_ONE | HAS_ONE:
        return None
    if found.section in HAS_ONE:
        return _reply(turn, found, "booking_by_link", (turn.say("book_by_link"),))
    if dates:
        days = (meeting_words(one, turn.language) for one in dates)
        return _reply(turn, found, "booking_offered", (turn.say("book_next_dates"), *days))
    return replace(found, outcome=Outcome.BOOKING, notes=(*found.notes, turn.say("book_tell_me_offer")))


def _reply(turn: Turn, found: Reply, status: str, lines: tuple[str, ...]) -> Reply:
    """What is known here, with the pack's route to a person below it."""
    body = tuple(Paragraph((Said(line),), is_item=number > 0) for number, line in enumerate(lines))
    return Reply(
        outcome=Outcome.BOOKING,
        status=status,
        language=turn.language,
        heading=turn.say("book_offer_heading"),
        body=body,
        person=found.person,
        section=found.section,
        confidence=found.confidence,
    )

"""Asked for a surgery in conversation: the dates there are, or that none is published and how to hear of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.assistant import Assistant
from bot.messages import Incoming, Outcome, Reply
from handoff.bookings.when import Meeting

ASKED = "I want to book a SEND surgery"
STARTS = datetime(2026, 12, 8, 9, 30, tzinfo=UTC)
LIBRARY = Meeting(STARTS, STARTS.replace(hour=12), "Feltham Library")


def reply(hounslow: Assistant, text: str, dates: tuple[Meeting, ...] | None) -> Reply:
    return hounslow.reply(replace(Incoming(text), dates=dates)).reply


def words(one: Reply) -> str:
    return " ".join([one.heading, *(part.text for part in (*one.body, *one.steps)), *one.notes, *one.person])


def test_with_dates_published_they_are_said_and_the_old_answer_is_not(hounslow: Assistant) -> None:
    said = reply(hounslow, ASKED, (LIBRARY,))
    assert said.outcome is Outcome.BOOKING and said.status == "booking_offered"
    assert "Tuesday 8 December 2026, 9:30am to 12:30pm, Feltham Library" in words(said)
    assert "not published" not in words(said)


def test_with_none_published_it_says_so_with_the_route_and_offers_to_tell(hounslow: Assistant) -> None:
    said = reply(hounslow, ASKED, ())
    assert said.outcome is Outcome.BOOKING and "not published dates" in words(said)
    assert "told when dates are out" in words(said) and "@" in words(said)


@pytest.mark.parametrize("text", ["i need to change my surgery appointment", "cancel my send surgery appointment"])
def test_who_has_a_booking_is_sent_to_their_link(hounslow: Assistant, text: str) -> None:
    said = reply(hounslow, text, ())
    assert said.status == "booking_by_link" and "Open the link in your message" in words(said)


def test_other_questions_and_a_conversation_without_a_desk_are_answered_as_before(hounslow: Assistant) -> None:
    before = reply(hounslow, ASKED, None)
    assert before.status == "booking_no_dates_published"
    assert reply(hounslow, "what is an EHC plan?", (LIBRARY,)) == reply(hounslow, "what is an EHC plan?", None)

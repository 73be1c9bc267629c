"""Talking with Askwell: one question back at most, follow-ups in context, several questions, one buried in a story."""

from __future__ import annotations

import pytest
from little_council import little_engine

from bot.assistant import Assistant
from bot.batch import converse
from bot.messages import Incoming, Outcome, Reply
from knowledge.pack import Pack


def ask(assistant: Assistant, *messages: str) -> Reply:
    return converse(assistant, [Incoming(message) for message in messages])


def test_one_question_back_with_choices_then_a_person(little_assistant: Assistant):
    first = ask(little_assistant, "can you help")
    assert first.outcome is Outcome.CLARIFY and 2 <= len(first.choices) <= 4
    again = ask(little_assistant, "can you help", "help please")
    assert (again.outcome, again.status) == (Outcome.HANDOFF, "handed_over_unclear")
    assert again.choices == () and "01632 960000" in " ".join(again.person)


def test_a_clear_message_after_the_question_back_is_answered(little_assistant: Assistant):
    assert ask(little_assistant, "can you help", "how old for holiday club").section == "clubs#ages"


def test_asked_back_again_later_is_a_new_need(little_assistant: Assistant):
    reply = ask(little_assistant, "can you help", "how old for holiday club", "can you help")
    assert reply.outcome in (Outcome.CLARIFY, Outcome.ANSWER)


def test_a_follow_up_is_read_in_context_and_a_new_question_by_itself(little_assistant: Assistant):
    assert ask(little_assistant, "tell me about holiday clubs", "and what age").section == "clubs#ages"
    assert ask(little_assistant, "how old for holiday club", "how much is the bus").section == "fares#fare"


def test_both_questions_of_a_message_are_answered(little_assistant: Assistant):
    reply = ask(
        little_assistant, "what age can she start at the play scheme? and how much is the bus ticket price for my son?"
    )
    headings = {reply.heading, *(more.heading for more in reply.more)}
    assert {"Ages for the holiday clubs", "The bus fare for a child"} <= headings


def test_a_question_buried_in_a_story_is_found(little_assistant: Assistant):
    story = (
        "We moved here in the spring and it has been a long few months with boxes everywhere and a new job for me. "
        "My sister looks after the little one on Fridays. What age can she start at the play scheme? "
        "Thank you for any help you can give us."
    )
    assert ask(little_assistant, story).section == "clubs#ages"


@pytest.mark.parametrize("text", ["what age can she strat at the play sheme", "how old for holliday club"])
def test_typos_are_put_right(little_pack: Pack, text: str):
    assert ask(Assistant(little_engine(little_pack)), text).section == "clubs#ages"

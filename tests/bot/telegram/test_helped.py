"""A clarify choice, whether an answer helped, asking to hear, and a chat that writes too fast: all over the wire."""

from __future__ import annotations

import time

import pytest
from sqlmodel import select
from telegram_house import House, open_house, words

from bot.front_desk import FrontDesk
from handoff.database import reading, transaction
from handoff.gaps import tell_of_answer
from handoff.models import ChatUpdate, Feedback, Hearing, Helped, Lacking

CLARIFY = "transport"
UNKNOWN = "does the council lend kayaks to scout groups"


def said(house: House) -> list[tuple[Helped, Lacking, str]]:
    with reading(house.front.office.engine) as session:
        return [(row.helped, row.lacking, row.channel) for row in session.exec(select(Feedback)).all()]


def test_a_reading_that_is_offered_is_pressed_and_answered_and_pressed_again_it_is_old(house: House) -> None:
    amina = house.human()
    asked = house.says(amina, CLARIFY)
    assert "What do you want to know about travel?" in words(asked) and "2. How to apply" in words(asked)
    assert "None of these" in [one["text"] for one in asked[-1].buttons], "and it leads to a person"
    answer = house.presses(amina, "2")
    assert "What do you want to know" not in words(answer) and "[1]" in words(answer)
    assert any(button["text"] == "This helped" for button in answer[-1].buttons)
    amina.presses("2")
    house.settle()
    assert list(house.api.state.toasts.values())[-1] == "That button is out of date"


def test_an_answer_helped_or_did_not_and_why_and_the_later_word_counts(house: House) -> None:
    amina = house.human()
    house.says(amina, "What is an EHC plan?")
    house.presses(amina, "This helped")
    assert said(house) == [(Helped.YES, Lacking.NOT_SAID, "telegram")]
    why = house.presses(amina, "This did not help")
    assert "What was wrong with it?" in words(why)
    number = next(line[0] for line in words(why).split("\n") if "out of date" in line)
    assert "Nothing says that it was you" in words(house.presses(amina, number))
    assert said(house) == [(Helped.NO, Lacking.OLD_OR_WRONG, "telegram")]


def test_nobody_says_it_of_another_familys_answer(house: House) -> None:
    amina, ben = house.human(), house.human(4712)
    house.says(amina, "What is an EHC plan?")
    data = next(one["callback_data"] for one in amina.reads_last().buttons if one["text"] == "This helped")
    house.says(ben, "What is an EHC plan?")
    ben.presses_data(data)
    house.settle()
    assert said(house) == []


def test_who_found_nothing_asks_to_hear_once_and_is_told_that_there_is_something_to_read(house: House) -> None:
    amina = house.human()
    house.says(amina, UNKNOWN)
    for _ in range(2):
        house.presses(amina, "Tell me when you know")
    office = house.front.office
    with transaction(office.engine) as session:
        (asked,) = session.exec(select(Hearing)).all()
        tell_of_answer(session, office.desk, asked.id, "The sports team lends them.", ("clubs#food",), "priya")
    ends = time.monotonic() + 60
    while "You have a new message" not in amina.reads_last().plain and time.monotonic() < ends:
        time.sleep(0.05)
    told = amina.reads_last()
    assert "You have a new message" in told.plain and "sports" not in told.plain
    assert "Read it" in [one["text"] for one in told.buttons]


@pytest.mark.parametrize("limit", [3])
def test_a_chat_that_floods_is_told_once_to_wait_and_another_is_answered_as_ever(
    council: FrontDesk, limit: int
) -> None:
    with open_house(council, chat_a_minute=limit) as house:
        ben, amina = house.human(4712), house.human()
        for number in range(20):
            ben.says(f"What is an EHC plan? {number}")
        ben.says("I want to kill myself")
        amina.says("What is an EHC plan?")
        house.settle()
        told = [one.plain for one in ben.reads()]
        assert sum("You write faster than I can answer" in one for one in told) == 1
        assert sum("999" in one for one in told) == 1, "danger is never asked to wait"
        assert len([one for one in told if "education, health and care plan" in one]) <= limit + 1
        assert "education, health and care plan" in words(amina.reads())
        with reading(council.office.engine) as session:
            assert {row.state.value for row in session.exec(select(ChatUpdate)).all()} == {"sent"}

"""Answers switched off: nothing is looked up, help in danger and the way to a person stay, and on again needs no restart."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.assistant import Assistant
from bot.front_desk import FrontDesk
from bot.messages import Arrived, Incoming, Outcome, Reply
from bot.metrics import REGISTRY
from handoff.database import transaction
from handoff.desk import Desk
from handoff.spool import Spool
from handoff.switches import LOOK_SECONDS, Part, turn


@pytest.fixture
def front(engine: Engine, desk: Desk, little_assistant: Assistant, tmp_path: Path) -> FrontDesk:
    front = FrontDesk(engine, desk, little_assistant, Spool(tmp_path / "spool", tmp_path / "keys"))
    seconds = iter(range(0, 10_000, 10))
    assert LOOK_SECONDS < 10
    front.office.switches.clock = lambda: float(next(seconds))
    return front


def switch(engine: Engine, desk: Desk, *, off: bool) -> None:
    with transaction(engine) as session:
        turn(session, desk, Part.ANSWERING, off=off, reason="wrong numbers", by="priya")


def ask(front: FrontDesk, id: str, words: str) -> Reply:
    return front.reply(Arrived("web", "amina", id, Incoming(words)))


def test_with_answers_off_the_way_to_a_person_stays_and_back_on_it_answers(
    front: FrontDesk, engine: Engine, desk: Desk
) -> None:
    question = "how old for holiday club"
    assert ask(front, "1", question).outcome is Outcome.ANSWER
    switch(engine, desk, off=True)
    off = ask(front, "2", question)
    assert off.status == "switched_off" and off.citations == () and "01632 960000" in off.person[0]
    switch(engine, desk, off=False)
    assert ask(front, "3", question).outcome is Outcome.ANSWER


def test_with_answers_off_someone_in_danger_is_still_helped(front: FrontDesk, engine: Engine, desk: Desk) -> None:
    switch(engine, desk, off=True)
    helped = ask(front, "1", "he hit me and I am scared to go home")
    assert helped.outcome is Outcome.SAFEGUARD
    front.close()


def test_what_became_of_a_message_is_counted(front: FrontDesk) -> None:
    def answers() -> float:
        return REGISTRY.get_sample_value("askwell_replies_total", {"outcome": "answer"}) or 0.0

    before = answers()
    ask(front, "1", "how old for holiday club")
    ask(front, "1", "how old for holiday club")
    assert answers() == before + 1

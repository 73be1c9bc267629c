"""Answers switched off: nothing is looked up, help in danger and the way to a person stay, and on again needs no restart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event
from sqlmodel import select

from bot.assistant import Assistant
from bot.front_desk import FrontDesk, HandOver, NotNowError
from bot.messages import Arrived, Incoming, Outcome, Reply
from bot.metrics import REGISTRY
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import Case
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


@contextmanager
def read_only(engine: Engine) -> Iterator[None]:
    """The database takes no writes, as on a full disk or while it is being moved."""
    how = "PRAGMA query_only = ON" if engine.dialect.name == "sqlite" else "SET TRANSACTION READ ONLY"

    def refuse(connection: Connection) -> None:
        connection.exec_driver_sql(how)

    event.listen(engine, "begin", refuse)
    try:
        yield
    finally:
        event.remove(engine, "begin", refuse)
        engine.dispose()


def test_with_answers_off_and_a_database_that_takes_no_writes_danger_is_still_answered_and_its_case_opened_later(
    front: FrontDesk, engine: Engine, desk: Desk
) -> None:
    switch(engine, desk, off=True)
    assert ask(front, "1", "how old for holiday club").status == "switched_off"
    with read_only(engine):
        with pytest.raises(NotNowError) as refused:
            ask(front, "2", "how old for holiday club")
        assert refused.value.reply.status == "not_kept" and not refused.value.kept
        with pytest.raises(NotNowError):
            front.hand_over(HandOver("web", "amina", "form1", "send", "Why is he not in the club?"))
        helped = ask(front, "3", "he hit me and I am scared to go home")
        assert helped.outcome is Outcome.SAFEGUARD and helped.closing
    front.sweep()
    with reading(engine) as session:
        assert [case.queue for case in session.exec(select(Case)).all()] == ["safeguarding"]
    assert ask(front, "2", "how old for holiday club").status == "switched_off"
    front.close()


def test_what_became_of_a_message_is_counted(front: FrontDesk) -> None:
    def answers() -> float:
        return REGISTRY.get_sample_value("askwell_replies_total", {"outcome": "answer"}) or 0.0

    before = answers()
    ask(front, "1", "how old for holiday club")
    ask(front, "1", "how old for holiday club")
    assert answers() == before + 1

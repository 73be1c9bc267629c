"""Whether an answer helped: Amina says so, officers read it, and nothing in it says who said so."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from small_office import Clock
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from handoff.conversations import Said, conversation_for, record
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.erasure import erase
from handoff.feedback import is_read, mark_seen, question_of, said_of, said_since, say_if_it_helped
from handoff.models import Feedback, Helped, Lacking, Who
from handoff.people import address_for
from handoff.retention import sweep_retention

WORDS = "can [name] get help from the MIP"


def asked(session: Session, desk: Desk, message_id: str = "m1") -> str:
    """Amina asks and is answered; her person's id."""
    address = address_for(session, desk, "web", "amina's browser")
    conversation = conversation_for(session, desk, address)
    record(session, desk, conversation, Said(Who.PERSON, WORDS, answers_id=message_id))
    told = Said(
        Who.ASSISTANT, "Perhaps.", outcome="answer", status="answered", sections=("mip.who",), answers_id=message_id
    )
    record(session, desk, conversation, told)
    return address.person_id


def test_amina_says_that_an_answer_helped_in_part_and_an_officer_reads_which(engine: Engine, desk: Desk) -> None:
    with transaction(engine) as session:
        asked(session, desk)
        assert say_if_it_helped(session, desk, "web", "m1", Helped.PARTLY, Lacking.HARD_TO_READ)
    with reading(engine) as session:
        (row,) = said_since(session, desk, desk.now() - timedelta(days=1))
        assert (row.helped, row.lacking) == (Helped.PARTLY, Lacking.HARD_TO_READ)
        assert (row.outcome, row.status, row.sections) == ("answer", "answered", "mip.who")
        assert question_of(session, desk, row) == WORDS


def test_said_again_the_later_word_counts_and_is_new_to_officers(engine: Engine, desk: Desk) -> None:
    with transaction(engine) as session:
        asked(session, desk)
        say_if_it_helped(session, desk, "web", "m1", Helped.NO, Lacking.OLD_OR_WRONG)
        assert mark_seen(session, desk, desk.now()) == 1
        say_if_it_helped(session, desk, "web", "m1", Helped.YES, Lacking.OLD_OR_WRONG)
        (row,) = session.exec(select(Feedback)).all()
        assert (row.helped, row.lacking, row.seen_at) == (Helped.YES, Lacking.NOT_SAID, None)
        assert said_of(session, desk, ["m1", "m2"]) == {"m1": row}


def test_nothing_can_be_said_of_an_answer_that_there_is_not(engine: Engine, desk: Desk) -> None:
    with transaction(engine) as session:
        asked(session, desk)
        assert not say_if_it_helped(session, desk, "web", "another", Helped.NO)
        assert session.exec(select(Feedback)).all() == []


def test_once_amina_is_erased_what_she_said_leads_to_nobody(engine: Engine, desk: Desk) -> None:
    with transaction(engine) as session:
        person = asked(session, desk)
        say_if_it_helped(session, desk, "web", "m1", Helped.NO)
    with transaction(engine) as session:
        erase(session, desk, person)
    with reading(engine) as session:
        (row,) = session.exec(select(Feedback)).all()
        assert question_of(session, desk, row) is None
        kept = [json.dumps([str(value) for value in one]) for one in session.execute(text("select * from feedback"))]
        assert not any(person in one or "browser" in one for one in kept)


@pytest.mark.parametrize(("days", "left"), [(364, 1), (365, 0)])
def test_after_a_year_it_is_gone(engine: Engine, desk: Desk, clock: Clock, days: int, left: int) -> None:
    with transaction(engine) as session:
        asked(session, desk)
        say_if_it_helped(session, desk, "web", "m1", Helped.NO)
    clock.move(days=days)
    with transaction(engine) as session:
        sweep_retention(session, desk)
        assert len(session.exec(select(Feedback)).all()) == left


def test_nobody_is_asked_once_officers_have_not_looked_for_two_weeks(engine: Engine, desk: Desk, clock: Clock) -> None:
    with transaction(engine) as session:
        assert is_read(session, desk)
        asked(session, desk)
        say_if_it_helped(session, desk, "web", "m1", Helped.NO)
        clock.move(days=13)
        assert is_read(session, desk)
        clock.move(days=1)
        assert not is_read(session, desk)
        mark_seen(session, desk, desk.now())
        assert is_read(session, desk)

"""The status page: what a family may see and do by its link, and nothing an officer wrote for colleagues."""

from __future__ import annotations

import dataclasses
import json

import pytest
from small_office import PRIYA, Clock, amina_asks
from sqlalchemy import Engine
from sqlmodel import col, select

from handoff import cases
from handoff.cases import Contact, FamilyView, Heard, NotNowError, Outcome, case_of, status_of
from handoff.cases.naming import status_path, status_token
from handoff.cases.notes import note
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import Act, Case, CaseEvent, OutboxMessage, SafeContact, Status, Who
from handoff.receipts import KeyReusedError


def view_of(engine: Engine, desk: Desk, case: Case) -> FamilyView:
    with reading(engine) as session:
        found = status_of(session, desk, status_token(desk, case.id))
    assert found is not None
    return found


def answered(engine: Engine, desk: Desk, **more: object) -> Case:
    case = amina_asks(engine, desk, **more)  # type: ignore[arg-type]
    with transaction(engine) as session:
        cases.claim(session, desk, PRIYA, case.id, 1)
        cases.reply(session, desk, PRIYA, case.id, 2, "The review is on 4 May.", "r1")
        return note(session, desk, PRIYA, case.id, 3, "SECRET: mother is anxious.", "n1")


def test_a_family_sees_its_words_the_replies_the_status_and_the_date_and_never_a_note(
    engine: Engine, desk: Desk
) -> None:
    case = amina_asks(engine, desk)
    new = view_of(engine, desk, case)
    assert (new.reference, new.team, new.status) == (case.reference, "SEN team", Status.NEW)
    assert new.said == "We have your message. Nobody has started on it yet."
    assert (new.reply_by, new.late, new.sent) == (case.reply_by, False, "When is the review?")
    assert new.shared == ("my son's review is late",) and new.messages == ()
    case = answered(engine, desk, key="k2")
    seen = view_of(engine, desk, case)
    assert [(one.who, one.text) for one in seen.messages] == [(Who.OFFICER, "The review is on 4 May.")]
    assert "SECRET" not in json.dumps(dataclasses.asdict(seen), default=str)
    assert "priya" not in json.dumps(dataclasses.asdict(seen), default=str)


@pytest.mark.parametrize("token", ["", "0" * 32, "x" * 5000, "ü\ud800", "' OR 1=1 --"])
def test_a_link_that_leads_nowhere_shows_nothing(engine: Engine, desk: Desk, token: str) -> None:
    case = amina_asks(engine, desk)
    with transaction(engine) as session:
        for guess in (token, case.id, case.reference, case.status_token):
            assert status_of(session, desk, guess) is None
            assert cases.add(session, desk, guess, "hello", "a1") is None
            assert cases.close_by_token(session, desk, guess) is None


def test_an_erased_family_has_no_page(engine: Engine, desk: Desk) -> None:
    case = amina_asks(engine, desk)
    desk.vault.destroy(case.person_id)
    with reading(engine) as session:
        assert status_of(session, desk, status_token(desk, case.id)) is None


def test_what_a_family_adds_is_with_the_case_once_and_starts_the_clock(
    engine: Engine, desk: Desk, clock: Clock
) -> None:
    case = answered(engine, desk)
    assert view_of(engine, desk, case).reply_by is None
    clock.move(days=3)
    token = status_token(desk, case.id)
    for _ in range(2):
        with transaction(engine) as session:
            assert cases.add(session, desk, token, " Is it in the morning? ", "a1") is Heard.ADDED
    with transaction(engine) as session, pytest.raises(KeyReusedError):
        cases.add(session, desk, token, "something else", "a1")
    with transaction(engine) as session, pytest.raises(NotNowError):
        cases.add(session, desk, token, "  ", "a2")
    seen = view_of(engine, desk, case)
    assert [(one.who, one.text) for one in seen.messages][-1] == (Who.PERSON, "Is it in the morning?")
    assert len(seen.messages) == 2 and seen.reply_by is not None and seen.reply_by > clock.at
    with reading(engine) as session:
        wrote = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.act == Act.FAMILY_WROTE)
        assert len(session.exec(wrote).all()) == 1


def test_an_officer_who_has_not_read_what_the_family_added_is_told_before_the_reply_goes(
    engine: Engine, desk: Desk
) -> None:
    case = answered(engine, desk)
    with transaction(engine) as session:
        cases.add(session, desk, status_token(desk, case.id), "It is settled now, thank you.", "a1")
    with transaction(engine) as session, pytest.raises(cases.CaseChangedError):
        cases.reply(session, desk, PRIYA, case.id, case.version, "I will ring you tomorrow.", "r2")


def test_a_family_closes_its_case_and_opens_it_again_by_writing_within_four_weeks(
    engine: Engine, desk: Desk, clock: Clock
) -> None:
    case = answered(engine, desk)
    token = status_token(desk, case.id)
    for _ in range(2):
        with transaction(engine) as session:
            closed = cases.close_by_token(session, desk, token)
            assert closed is not None and (closed.status, closed.outcome) == (Status.DONE, "by_family")
    assert view_of(engine, desk, case).messages[-1].text.startswith(f"You closed your request {case.reference}.")
    clock.move(days=27)
    with transaction(engine) as session:
        assert cases.add(session, desk, token, "It is still not settled.", "a1") is Heard.REOPENED
    seen = view_of(engine, desk, case)
    assert seen.status is Status.NEW and seen.reply_by is not None
    assert any(one.text.startswith(f"Your request {case.reference} is open again.") for one in seen.messages)
    with reading(engine) as session:
        assert session.get_one(Case, (desk.pack, case.id)).owner_id is None


def test_a_case_closed_long_ago_stays_closed_and_what_was_written_is_not_taken_silently(
    engine: Engine, desk: Desk, clock: Clock
) -> None:
    case = answered(engine, desk)
    with transaction(engine) as session:
        cases.close(session, desk, PRIYA, case.id, case.version, Outcome.ANSWERED)
    clock.move(days=29)
    assert not view_of(engine, desk, case).may_add
    with transaction(engine) as session:
        assert cases.add(session, desk, status_token(desk, case.id), "One more thing.", "a1") is Heard.CLOSED
    seen = view_of(engine, desk, case)
    assert seen.status is Status.DONE and "One more thing." not in [one.text for one in seen.messages]


def test_a_conversation_is_about_its_newest_open_case_and_never_about_one_of_risk(engine: Engine, desk: Desk) -> None:
    first = amina_asks(engine, desk, key="k1")
    amina_asks(engine, desk, key="k2", urgent="child_at_risk")
    with transaction(engine) as session:
        found = case_of(session, desk, first.conversation_id)
        assert found is not None and found.id == first.id
        cases.close_mine(session, desk, first.id)
        closed = case_of(session, desk, first.conversation_id)
        assert closed is not None and closed.id == first.id
        assert case_of(session, desk, "nowhere") is None


def test_letters_carry_the_link_and_say_no_more_than_the_door_may_carry(engine: Engine, desk: Desk) -> None:
    desk = dataclasses.replace(desk, site="https://ask.littleham.example/")
    case = answered(engine, desk, contact=Contact("email", "amina@home.example", SafeContact.NEUTRAL))
    with reading(engine) as session:
        rows = session.exec(select(OutboxMessage).order_by(col(OutboxMessage.number))).all()
        bodies = [json.loads(desk.open(one.person_id, one.sealed_body, "outbox_message.sealed_body")) for one in rows]
    assert [row.kind for row in rows] == ["case_opened", "case_replied"]
    for body in bodies:
        assert body["to"] == "amina@home.example" and body["safe"] == "neutral"
        assert body["neutral"] == "You have a new message. Open the link to read it."
        assert body["link"] == f"https://ask.littleham.example{status_path(desk, case.id)}"
    assert "SECRET" not in json.dumps(bodies)


@pytest.mark.parametrize(
    "contact", [Contact("phone", "07700 900123"), Contact("email", "a@b.example", SafeContact.NOTHING)]
)
def test_nothing_is_written_to_a_telephone_nor_where_nothing_may_be_sent(
    engine: Engine, desk: Desk, contact: Contact
) -> None:
    answered(engine, desk, contact=contact)
    with transaction(engine) as session:
        assert session.exec(select(OutboxMessage)).all() == []
        opened = cases.open_for(session, desk, PRIYA, session.exec(select(Case.id)).one())
    assert opened.contact == contact

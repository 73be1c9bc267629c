"""A handover opens one case: named so that it can be read out, promised in writing, found by a link nobody guesses."""

from __future__ import annotations

import dataclasses
import re

import pytest
from small_office import BEN, PRIYA, amina_asks
from sqlalchemy import Engine, update
from sqlmodel import col, select

from handoff.cases import owner_of
from handoff.cases.naming import LETTERS, kept_token, reference_from, status_token
from handoff.cases.opening import SUMMARY
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import Act, AuditEntry, Case, CaseEvent, Conversation, OfficerRole, Priority, Status
from handoff.promises import UnknownQueueError, reply_by_for
from handoff.receipts import KeyReusedError
from handoff.rights import Acting, visible


def seen_by(engine: Engine, desk: Desk, acting: Acting) -> set[str]:
    with reading(engine) as session:
        return set(session.exec(select(Case.id).where(visible(desk, acting))).all())


def test_a_case_has_a_reference_a_promise_its_words_sealed_and_one_event(engine: Engine, desk: Desk) -> None:
    case = amina_asks(engine, desk)
    assert re.fullmatch(rf"LH-[{LETTERS}]{{4}}-[{LETTERS}]{{2}}", case.reference)
    assert case.status is Status.NEW and case.priority is Priority.NORMAL and case.owner_id is None
    assert case.reply_by == case.promised_by == reply_by_for(desk, "send", desk.now())
    assert desk.open(case.person_id, case.sealed_summary, SUMMARY) == "When is the review?"
    with reading(engine) as session:
        events = session.exec(select(CaseEvent)).all()
        assert [(event.number, event.act, event.officer_id, event.detail) for event in events] == [
            (1, Act.OPENED, None, "send")
        ]
        entry = session.exec(select(AuditEntry)).one()
        assert (entry.act, entry.kind, entry.subject) == ("opened", "case", case.id)
        assert session.get_one(Conversation, (desk.pack, case.conversation_id)).case_id == case.id


def test_pressing_twice_opens_one_case_and_another_handover_under_its_key_is_refused(
    engine: Engine, desk: Desk
) -> None:
    first = amina_asks(engine, desk, key="k1")
    assert amina_asks(engine, desk, key="k1").id == first.id
    with pytest.raises(KeyReusedError):
        amina_asks(engine, desk, key="k1", summary="something else")
    assert amina_asks(engine, desk, key="k2").id != first.id


def test_needs_are_codes_in_a_fixed_order_and_never_words(engine: Engine, desk: Desk) -> None:
    assert amina_asks(engine, desk, needs="bsl interpreter").needs == "interpreter bsl"
    with pytest.raises(ValueError, match="not known") as refused:
        amina_asks(engine, desk, key="k2", needs="my son Idris is deaf")
    assert "Idris" not in str(refused.value)


def test_a_reference_that_is_taken_is_drawn_again(engine: Engine, desk: Desk) -> None:
    first = amina_asks(engine, desk, key="k1")
    taken = reference_from(desk, "draw")
    with transaction(engine) as session:
        session.execute(update(Case).where(col(Case.id) == first.id).values(reference=taken))
    used: list[str] = []
    ids = iter(["case2", "draw", "draw", "other", *(f"n{number}" for number in range(9))])

    def drawn() -> str:
        used.append(next(ids))
        return used[-1]

    second = amina_asks(engine, dataclasses.replace(desk, new_id=drawn), key="k2")
    assert second.reference == reference_from(desk, "other") != taken
    assert used[:4] == ["case2", "draw", "draw", "other"]


def test_the_database_alone_opens_no_status_page(engine: Engine, desk: Desk) -> None:
    case = amina_asks(engine, desk)
    token = status_token(desk, case.id)
    assert len(token) == 32 and case.status_token == kept_token(token)
    assert token not in (case.status_token, case.id)


def test_someone_at_risk_goes_to_the_safeguarding_queue_without_a_contact(engine: Engine, desk: Desk) -> None:
    case = amina_asks(engine, desk, queue="send", urgent="child_at_risk")
    assert case.queue == "safeguarding" and case.priority is Priority.SAFEGUARDING and case.sealed_contact is None


def test_sight_of_a_case_is_by_queue_and_the_safeguarding_queue_is_for_named_safeguarding_officers(
    engine: Engine, desk: Desk
) -> None:
    ordinary = amina_asks(engine, desk, key="k1").id
    risk = amina_asks(engine, desk, key="k2", urgent="child_at_risk").id
    everywhere = frozenset({"send", "safeguarding"})
    assert seen_by(engine, desk, PRIYA) == {ordinary}
    assert seen_by(engine, desk, BEN) == set()
    assert seen_by(engine, desk, Acting("new", OfficerRole.LEAD, frozenset())) == set()
    for role in OfficerRole:
        expected = {ordinary, risk} if role is OfficerRole.SAFEGUARDING else {ordinary}
        assert seen_by(engine, desk, Acting("x", role, everywhere)) == expected
    assert seen_by(engine, desk, Acting("x", OfficerRole.SAFEGUARDING, frozenset({"send"}))) == {ordinary}
    assert seen_by(engine, dataclasses.replace(desk, pack="elsewhere"), PRIYA) == set()


def test_askwell_answers_until_an_officer_has_the_case(engine: Engine, desk: Desk) -> None:
    case = amina_asks(engine, desk)

    def answers() -> str | None:
        with reading(engine) as session:
            return owner_of(session, desk, case.conversation_id)

    def change(**values: object) -> None:
        with transaction(engine) as session:
            session.execute(update(Case).where(col(Case.id) == case.id).values(**values))

    assert answers() is None
    change(owner_id="priya")
    assert answers() == "priya"
    change(status=Status.DONE)
    assert answers() is None


def test_a_queue_nobody_has_heard_of_opens_nothing(engine: Engine, desk: Desk) -> None:
    with pytest.raises(UnknownQueueError, match="nowhere"):
        amina_asks(engine, desk, queue="nowhere")
    with reading(engine) as session:
        assert session.exec(select(Case)).all() == []

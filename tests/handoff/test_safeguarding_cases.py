"""Someone may be at risk: the case needs no contact, few may see it, an alarm rings, and nobody closes it alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from small_office import LENA, PRIYA, SAM, TOVE, Clock, add_staff, amina_asks
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from handoff import cases
from handoff.cases import Contact, NoSuchCaseError, NotNowError, NotYoursError, Outcome, status_of
from handoff.cases.closing import SECOND
from handoff.cases.lateness import keep_promises
from handoff.cases.naming import status_token
from handoff.cases.notes import note
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import Act, Case, CaseEvent, Message, Officer, OutboxMessage, Priority, SafeContact, Status
from handoff.outbox import mark_sent, take_due
from handoff.people import address_for
from handoff.staff_letters import STAFF


def risk(engine: Engine, desk: Desk, **more: object) -> Case:
    return amina_asks(engine, desk, urgent="child_at_risk", summary="He hits us.", **more)  # type: ignore[arg-type]


def acts(session: Session, case: Case) -> list[tuple[Act, str]]:
    mine = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(col(CaseEvent.number))
    return [(one.act, one.detail) for one in session.exec(mine).all()]


def test_nothing_is_sent_about_it_not_even_to_an_address_that_was_given(engine: Engine, desk: Desk) -> None:
    risk(engine, desk, contact=Contact("email", "amina@home.example", SafeContact.FULL))
    with reading(engine) as session:
        assert session.exec(select(OutboxMessage)).all() == []
        assert session.exec(select(Message)).all() == []


def test_those_who_may_see_it_hear_of_it_at_once_and_when_it_waits_too_long(
    engine: Engine, desk: Desk, clock: Clock
) -> None:
    add_staff(engine, desk, SAM, TOVE, PRIYA, LENA)
    with transaction(engine) as session:
        session.get_one(Officer, (desk.pack, "tove")).left_at = desk.now()
        # Sam's own address at work, said by a family to be theirs, silences nothing.
        address_for(session, desk, "email", "sam@council.example")
    case = risk(engine, desk)
    clock.move(hours=5)
    assert keep_promises(engine, desk) == 1
    with transaction(engine) as session:
        parcels = [first] = take_due(session, desk, "courier")
        mark_sent(session, desk, first)
        parcels += take_due(session, desk, "courier")
    assert [(one.channel, one.to, one.kind) for one in parcels] == [
        (STAFF, "sam@council.example", "staff_alert"),
        (STAFF, "sam@council.example", "staff_alarm"),
    ]
    assert all(case.reference in one.text and "He hits us" not in one.text for one in parcels)


def test_only_its_named_officers_may_see_it_or_touch_it(engine: Engine, desk: Desk) -> None:
    case = risk(engine, desk)
    for stranger in (PRIYA, LENA):
        with transaction(engine) as session, pytest.raises(NoSuchCaseError):
            cases.open_for(session, desk, stranger, case.id)
        with transaction(engine) as session, pytest.raises(NoSuchCaseError):
            cases.claim(session, desk, stranger, case.id, 1)
    with transaction(engine) as session:
        assert cases.open_for(session, desk, SAM, case.id).summary == "He hits us."


def test_it_is_closed_by_two_people_with_one_outcome_and_never_by_one(engine: Engine, desk: Desk) -> None:
    case = risk(engine, desk)
    with transaction(engine) as session:
        cases.claim(session, desk, SAM, case.id, 1)
    with transaction(engine) as session, pytest.raises(NotNowError, match="not one of this queue's outcomes"):
        cases.close(session, desk, SAM, case.id, 2, Outcome.ANSWERED)
    with transaction(engine) as session, pytest.raises(NotYoursError):
        cases.close(session, desk, TOVE, case.id, 2, Outcome.REFERRED)
    with transaction(engine) as session:
        asked = cases.close(session, desk, SAM, case.id, 2, Outcome.REFERRED)
        assert (asked.status, asked.close_asked_by, asked.closed_by) == (Status.WORKING, "sam", None)
    with transaction(engine) as session, pytest.raises(NotNowError, match=SECOND):
        cases.close(session, desk, SAM, case.id, 3, Outcome.REFERRED)
    with transaction(engine) as session, pytest.raises(NotNowError, match="different outcomes"):
        cases.close(session, desk, TOVE, case.id, 3, Outcome.NO_FURTHER_ACTION)
    with transaction(engine) as session:
        done = cases.close(session, desk, TOVE, case.id, 3, Outcome.REFERRED)
        assert (done.status, done.outcome, done.close_asked_by, done.closed_by) == (
            Status.DONE,
            "referred",
            "sam",
            "tove",
        )
    with reading(engine) as session:
        assert acts(session, case)[-2:] == [(Act.CLOSE_ASKED, "referred"), (Act.CLOSED, "referred")]
        lines = session.exec(select(Message).where(Message.case_id == case.id)).all()
        text = [desk.open(one.person_id, one.sealed_text, "message.sealed_text") for one in lines]
    assert text == [
        "We have finished with your message. If you are worried again, tell us. If someone is in danger, ring 999."
    ]


def test_another_message_of_the_family_undoes_half_a_closing(engine: Engine, desk: Desk) -> None:
    case = risk(engine, desk)
    with transaction(engine) as session:
        cases.claim(session, desk, SAM, case.id, 1)
        cases.close(session, desk, SAM, case.id, 2, Outcome.NO_FURTHER_ACTION)
        cases.family_wrote(session, desk, case.id)
    with transaction(engine) as session, pytest.raises(NotYoursError):
        cases.close(session, desk, TOVE, case.id, 4, Outcome.NO_FURTHER_ACTION)
    with reading(engine) as session:
        now = session.get_one(Case, (desk.pack, case.id))
    assert (now.close_asked_by, now.outcome, now.answered_at) == (None, None, None)


def test_it_leaves_its_queue_only_by_being_closed_and_its_family_cannot_close_it(engine: Engine, desk: Desk) -> None:
    case = risk(engine, desk)
    with transaction(engine) as session:
        cases.claim(session, desk, SAM, case.id, 1)
    with transaction(engine) as session, pytest.raises(NotNowError, match="stays in its queue"):
        cases.pass_on(session, desk, SAM, case.id, 2, "send", "not ours", "p1")
    token = status_token(desk, case.id)
    with transaction(engine) as session, pytest.raises(NotNowError, match="children's team"):
        cases.close_by_token(session, desk, token)
    with reading(engine) as session:
        view = status_of(session, desk, token)
        assert view is not None and not view.may_close and not view.late


def test_the_alarm_rings_once_at_four_working_hours_and_the_day_once_at_its_end(
    engine: Engine, desk: Desk, clock: Clock
) -> None:
    clock.at = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    case = risk(engine, desk)

    def rung() -> tuple[int, int]:
        with transaction(engine) as session:
            return len(cases.alarms(session, desk)), len(cases.late_cases(session, desk))

    clock.at = datetime(2026, 11, 24, 10, 59, tzinfo=UTC)
    assert rung() == (0, 0)
    clock.at = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    assert rung() == (1, 0)
    assert rung() == (0, 0)
    clock.at = datetime(2026, 11, 24, 17, 1, tzinfo=UTC)
    assert rung() == (0, 1)
    assert rung() == (0, 0)
    with reading(engine) as session:
        assert acts(session, case) == [
            (Act.OPENED, "safeguarding;child_at_risk"),
            (Act.LATE, "alarm"),
            (Act.LATE, "overdue"),
        ]
        assert session.get_one(Case, (desk.pack, case.id)).priority is Priority.SAFEGUARDING
        assert session.exec(select(Message)).all() == []
        assert cases.overdue(session, desk) == {"safeguarding": 1}


@pytest.mark.parametrize("step", ["reply", "wait_for_team", "close"])
def test_a_next_step_stands_the_alarm_down_and_a_note_or_a_claim_does_not(
    engine: Engine, desk: Desk, clock: Clock, step: str
) -> None:
    clock.at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    case, other = risk(engine, desk, key="k1"), risk(engine, desk, key="k2")
    with transaction(engine) as session:
        for one in (case, other):
            cases.claim(session, desk, SAM, one.id, 1)
            note(session, desk, SAM, one.id, 2, "Looked at it.", "n1")
        if step == "reply":
            cases.reply(session, desk, SAM, case.id, 3, "Can we ring you?", "r1")
        elif step == "wait_for_team":
            cases.wait_for_team(session, desk, SAM, case.id, 3, "ap")
        else:
            cases.close(session, desk, SAM, case.id, 3, Outcome.REFERRED)
    clock.at = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    with transaction(engine) as session:
        assert [one.id for one in cases.alarms(session, desk)] == [other.id]


def test_a_pack_that_forgot_the_queue_still_opens_the_case(engine: Engine, desk: Desk) -> None:
    del desk.queues["safeguarding"]
    case = risk(engine, desk)
    assert case.queue == "safeguarding" and (case.reply_by - case.opened_at).days <= 1


def test_askwell_goes_on_answering_until_a_safeguarding_officer_speaks(engine: Engine, desk: Desk) -> None:
    case = risk(engine, desk)
    with transaction(engine) as session:
        cases.claim(session, desk, SAM, case.id, 1)
        assert cases.owner_of(session, desk, case.conversation_id) is None
        cases.reply(session, desk, SAM, case.id, 2, "Can we ring you?", "r1")
        assert cases.owner_of(session, desk, case.conversation_id) == "sam"


def test_the_round_that_keeps_house_finds_both_and_then_nothing(engine: Engine, desk: Desk, clock: Clock) -> None:
    clock.at = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    for number in range(3):
        risk(engine, desk, key=f"risk{number}")
        amina_asks(engine, desk, key=f"plain{number}")
    clock.at = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert (keep_promises(engine, desk), keep_promises(engine, desk)) == (3, 0)
    clock.at = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    assert (keep_promises(engine, desk), keep_promises(engine, desk)) == (6, 0)

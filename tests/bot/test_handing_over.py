"""From the assistant to a person: what goes to the case and what does not, and who speaks from then on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from small_office import PRIYA, Clock
from sqlalchemy import Engine
from sqlmodel import col, select

from bot.front_desk import FrontDesk, HandOver, NotNowError
from bot.messages import Arrived, Chosen, Incoming, Outcome, Role
from handoff.cases import Contact, claim, owner_of, release, status_of
from handoff.cases.opening import SHARED, SUMMARY
from handoff.cases.telling import contact_of
from handoff.conversations import Line
from handoff.database import connect, reading, transaction
from handoff.desk import Desk
from handoff.models import Act, Address, Case, CaseEvent, InboxMessage, SafeContact, Status, Who
from handoff.people import address_for, join, join_link
from handoff.receipts import KeyReusedError
from handoff.switches import Part, Switchboard, turn

AGES, BUS = "how old for holiday club", "how much is the bus"
RISK = "I want to kill myself"
WANTED = HandOver("web", "amina", "form1", "send", "My son Oliver Smith is not in the club. Why?")


def write(front: FrontDesk, text: str, message_id: str, who: str = "amina") -> str:
    return front.reply(Arrived("web", who, message_id, Incoming(text))).status


def cases(engine: Engine) -> list[Case]:
    with reading(engine) as session:
        return list(session.exec(select(Case).order_by(col(Case.opened_at), col(Case.id))).all())


def claimed(front: FrontDesk, engine: Engine, case: Case) -> Case:
    with transaction(engine) as session:
        return claim(session, front.office.desk, PRIYA, case.id, case.version)


def test_the_date_before_is_the_date_after_and_the_one_on_the_status_page(
    front: FrontDesk, engine: Engine, desk: Desk
) -> None:
    write(front, AGES, "m1")
    offered = front.offer("web", "amina", "send")
    done = front.hand_over(WANTED)
    assert done.reply_by == offered.reply_by and done.team == offered.team == "SEN team"
    assert done.reference.startswith("LH-")
    with reading(engine) as session:
        view = status_of(session, desk, done.path.rsplit("/", 1)[1])
    assert view is not None and view.reply_by == done.reply_by and view.reference == done.reference


def test_the_team_offered_is_that_of_what_was_quoted_last(front: FrontDesk) -> None:
    assert front.offer("web", "amina").queue == "local_offer"
    write(front, AGES, "m1")
    offered = front.offer("web", "amina")
    assert offered.queue == "clubs" and offered.question == AGES


def test_only_the_lines_that_were_ticked_go_to_the_case(front: FrontDesk, engine: Engine, desk: Desk) -> None:
    write(front, AGES, "m1")
    write(front, BUS, "m2")
    ticked = [line.id for line in front.offer("web", "amina").lines if line.text == BUS]
    front.hand_over(replace(WANTED, lines=tuple(ticked)))
    (case,) = cases(engine)
    shared = json.loads(desk.open(case.person_id, case.sealed_shared, SHARED))
    summary = desk.open(case.person_id, case.sealed_summary, SUMMARY)
    assert shared == [WANTED.message, BUS]
    assert "Oliver" not in summary and "[name]" in summary
    assert AGES not in summary + "".join(shared)


def test_a_line_of_another_family_cannot_be_ticked(front: FrontDesk, engine: Engine, desk: Desk) -> None:
    write(front, AGES, "m1", who="ben")
    bens = tuple(line.id for line in front.offer("web", "ben").lines)
    front.hand_over(replace(WANTED, lines=bens))
    (case,) = cases(engine)
    assert json.loads(desk.open(case.person_id, case.sealed_shared, SHARED)) == [WANTED.message]


def test_the_form_sent_again_is_the_same_case_also_after_more_was_said(front: FrontDesk, engine: Engine) -> None:
    first = front.hand_over(WANTED)
    front.choose("web", "amina", Chosen(role=Role.SENCO, language="pl"))
    write(front, BUS, "m2")
    assert front.hand_over(WANTED) == first
    assert len(cases(engine)) == 1
    with pytest.raises(KeyReusedError):
        front.hand_over(replace(WANTED, message="something else"))
    assert front.hand_over(replace(WANTED, address="ben")).reference != first.reference


def test_what_the_case_needs_goes_with_it(front: FrontDesk, engine: Engine, desk: Desk) -> None:
    front.choose("web", "amina", Chosen(role=Role.SENCO, language="pl"))
    contact = Contact("email", "amina@example.org", SafeContact.FULL)
    front.hand_over(replace(WANTED, needs="interpreter", contact=contact, safe=SafeContact.NOTHING))
    (case,) = cases(engine)
    assert (case.role, case.language, case.door, case.needs) == ("senco", "pl", "web", "interpreter")
    assert contact_of(desk, case) == contact
    with reading(engine) as session:
        assert session.exec(select(Address.safe)).one() is SafeContact.NOTHING


def test_a_form_about_someone_at_risk_gives_help_and_goes_to_the_childrens_team_alone(
    front: FrontDesk, engine: Engine, desk: Desk
) -> None:
    contact = Contact("phone", "07700 900123")
    done = front.hand_over(replace(WANTED, message=RISK, contact=contact))
    assert done.help is not None and done.help.outcome is Outcome.SAFEGUARD and not done.reference
    (case,) = cases(engine)
    assert case.queue == "safeguarding" and contact_of(desk, case) == contact


def test_contact_can_be_added_after_a_message_about_someone_at_risk(
    front: FrontDesk, engine: Engine, desk: Desk
) -> None:
    contact = Contact("phone", "07700 900123")
    assert not front.reach_me("web", "amina", contact)
    write(front, RISK, "m1")
    assert front.reach_me("web", "amina", contact)
    (case,) = cases(engine)
    assert contact_of(desk, case) == contact and case.version == 2


def test_while_the_database_is_away_it_is_said_and_nothing_is_lost(front: FrontDesk, tmp_path: Path) -> None:
    gone = connect(f"sqlite:///{tmp_path / 'nowhere' / 'askwell.db'}")
    office = front.office
    away = FrontDesk(gone, office.desk, office.assistant, office.spool)
    for act in (lambda: away.offer("web", "amina"), lambda: away.hand_over(WANTED)):
        with pytest.raises(NotNowError) as refused:
            act()
        assert refused.value.reply.status == "not_kept" and not refused.value.kept
    gone.dispose()
    assert front.hand_over(WANTED).reference


def test_while_an_officer_answers_askwell_is_quiet_and_the_words_as_typed_reach_the_case(
    front: FrontDesk, engine: Engine, desk: Desk
) -> None:
    front.hand_over(WANTED)
    (case,) = cases(engine)
    assert write(front, AGES, "m1") == "answered"
    case = claimed(front, engine, case)
    assert write(front, "He is Oliver Smith, born 3 May 2017", "m2") == "with_an_officer"
    with reading(engine) as session:
        events = session.exec(select(CaseEvent.act).order_by(col(CaseEvent.number))).all()
        row = session.exec(select(InboxMessage).order_by(col(InboxMessage.position).desc())).first()
    assert events == [Act.OPENED, Act.CLAIMED, Act.FAMILY_WROTE]
    assert row is not None and row.sealed_original is None
    assert of_case(front, case) == ["He is Oliver Smith, born 3 May 2017"]


def test_what_an_officer_was_told_is_not_offered_to_another_team(front: FrontDesk, engine: Engine, desk: Desk) -> None:
    front.hand_over(WANTED)
    claimed(front, engine, cases(engine)[0])
    write(front, "He is Oliver Smith", "m1")
    assert all("Oliver" not in line.text for line in front.offer("web", "amina", "ap").lines)
    told = [line.id for line in front.lines("web", "amina") if line.case_id]
    front.hand_over(replace(WANTED, key="form2", queue="ap", message="A question", lines=tuple(told)))
    case = cases(engine)[-1]
    assert json.loads(desk.open(case.person_id, case.sealed_shared, SHARED)) == []


def test_danger_is_answered_while_an_officer_answers(front: FrontDesk, engine: Engine) -> None:
    front.hand_over(WANTED)
    claimed(front, engine, cases(engine)[0])
    assert front.reply(Arrived("web", "amina", "m1", Incoming(RISK))).outcome is Outcome.SAFEGUARD
    assert [case.queue for case in cases(engine)] == ["send", "safeguarding"]
    assert write(front, AGES, "m2") == "with_an_officer"


def test_once_the_officer_lets_go_askwell_answers_again(front: FrontDesk, engine: Engine, desk: Desk) -> None:
    front.hand_over(WANTED)
    case = claimed(front, engine, cases(engine)[0])
    write(front, AGES, "m1")
    (case,) = cases(engine)
    with transaction(engine) as session:
        release(session, desk, PRIYA, case.id, case.version)
        assert owner_of(session, desk, case.conversation_id) is None
    assert write(front, AGES, "m2") == "answered"


def test_an_officer_who_takes_the_case_while_askwell_thinks_is_not_talked_over(
    front: FrontDesk, engine: Engine
) -> None:
    front.hand_over(WANTED)
    (case,) = cases(engine)
    assistant = front.office.assistant
    answer = assistant.reply

    def taken(*given: object) -> object:
        claimed(front, engine, case)
        return answer(*given)

    assistant.reply = taken
    assert write(front, AGES, "m1") == "with_an_officer"
    assert of_case(front, case) == [AGES]


def test_a_message_that_cannot_be_answered_opens_a_case_that_a_person_sees(front: FrontDesk, engine: Engine) -> None:
    def falls(*_: object) -> object:
        raise KeyError(AGES)

    front.office.assistant.reply = falls
    assert write(front, AGES, "m1") == "could_not_answer"
    assert write(front, AGES, "m1") == "could_not_answer"
    (case,) = cases(engine)
    assert (case.queue, case.topic, case.status) == ("local_offer", "could_not_answer", Status.NEW)
    assert [line.who for line in front.lines("web", "amina")] == [Who.PERSON, Who.ASSISTANT]


def test_with_answering_off_it_is_said_and_danger_is_answered_all_the_same(
    front: FrontDesk, engine: Engine, desk: Desk
) -> None:
    front.reply(Arrived("web", "amina", "m0", Incoming("can you help")))
    set_answering(engine, desk, off=True)
    office = front.office
    off = FrontDesk(engine, desk, office.assistant, office.spool, switches=Switchboard(engine, desk))
    assert write(off, AGES, "m1") == "switched_off"
    assert off.reply(Arrived("web", "amina", "m2", Incoming(RISK))).outcome is Outcome.SAFEGUARD
    assert [case.queue for case in cases(engine)] == ["safeguarding"]
    assert off.hand_over(WANTED).reference
    set_answering(engine, desk, off=False)
    on = FrontDesk(engine, desk, office.assistant, office.spool, switches=Switchboard(engine, desk))
    assert on.reply(Arrived("web", "amina", "m3", Incoming("1"))).section == "clubs#ages"


def test_a_conversation_goes_on_at_a_door_that_was_joined(front: FrontDesk, engine: Engine, desk: Desk) -> None:
    front.reply(Arrived("web", "amina", "m1", Incoming("can you help")))
    with transaction(engine) as session:
        web = address_for(session, desk, "web", "amina")
        phone = address_for(session, desk, "telegram", "4711")
        join(session, desk, join_link(session, desk, web.person_id), phone)
    assert front.reply(Arrived("telegram", "4711", "m1", Incoming("1"))).section == "clubs#ages"
    assert front.reply(Arrived("telegram", "4712", "m1", Incoming("1"))).section != "clubs#ages"


def test_a_case_kept_late_has_the_date_from_the_clock_of_its_opening(front: FrontDesk, clock: Clock) -> None:
    first = front.offer("web", "amina", "send").reply_by
    clock.move(days=7)
    assert front.offer("web", "amina", "send").reply_by == first + timedelta(days=7)


def of_case(front: FrontDesk, case: Case) -> list[str]:
    lines: tuple[Line, ...] = front.lines("web", "amina")
    return [line.text for line in lines if line.case_id == case.id and line.who is Who.PERSON]


def set_answering(engine: Engine, desk: Desk, *, off: bool) -> None:
    with transaction(engine) as session:
        turn(session, desk, Part.ANSWERING, off=off, reason="a test", by="priya")

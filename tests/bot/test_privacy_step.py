"""/mydata, /forget and a complaint about data, as a family says them."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from small_office import Clock
from sqlalchemy import Engine
from sqlmodel import select

from bot.assistant import Assistant
from bot.batch import converse
from bot.front.office import act
from bot.front_desk import FrontDesk
from bot.messages import Act, Arrived, Incoming, Reply
from handoff.cases import Handover, open_case
from handoff.conversations import conversation_for
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.erasure import erase
from handoff.holds import HoldReason, hold
from handoff.models import Case, InboxMessage, JoinLink, Person, Receipt
from handoff.people import address_for, known_address
from handoff.spool import Spool


@pytest.fixture
def front(engine: Engine, desk: Desk, little_assistant: Assistant, tmp_path: Path) -> FrontDesk:
    spool = Spool(tmp_path / "spool", tmp_path / "keys")
    return FrontDesk(engine, desk, little_assistant, spool, sleep=lambda _: None, patience=3)


def says(front: FrontDesk, text: str, id: str, channel: str = "web", who: str = "amina") -> Reply:
    return front.reply(Arrived(channel, who, id, Incoming(text)))


def count(front: FrontDesk, table: type) -> int:
    with reading(front.office.engine) as session:
        return len(session.exec(select(table)).all())


@pytest.mark.parametrize(
    ("said", "act"),
    [
        ("/mydata", Act.SHOW_DATA),
        ("My data", Act.SHOW_DATA),
        ("What do you know about me?", Act.SHOW_DATA),
        ("Can I see my data, please?", Act.SHOW_DATA),
        ("can i get a copy of my data", Act.SHOW_DATA),
        ("/forget", Act.ASK_ERASE),
        ("Forget me", Act.ASK_ERASE),
        ("please delete my data", Act.ASK_ERASE),
        ("Delete everything about me.", Act.ASK_ERASE),
        ("I want to complain about my data", Act.ASK_COMPLAINT),
        ("complain about your use of my data", Act.ASK_COMPLAINT),
        ("I want to complain about the school", None),
        ("how do i get an ehc plan", None),
        ("my son forgets everything", None),
        ("erase", None),
    ],
)
def test_what_is_about_ones_own_data_is_heard_and_nothing_else(
    little_assistant: Assistant, said: str, act: Act | None
) -> None:
    assert little_assistant.reply(Incoming(said)).reply.act is act


def test_where_nothing_is_kept_that_is_what_is_said(little_assistant: Assistant) -> None:
    assert converse(little_assistant, [Incoming("/mydata")]).heading == "I keep nothing of this conversation."
    said = converse(little_assistant, [Incoming("/forget"), Incoming("erase")])
    assert said.heading == "I keep nothing of this conversation."
    wrote = converse(little_assistant, [Incoming("complain about my data"), Incoming("You told my neighbour.")])
    assert "Please write to: Local Offer team" in wrote.heading


def test_on_the_page_a_copy_is_a_link_and_elsewhere_a_link_good_once(front: FrontDesk) -> None:
    assert says(front, "/mydata", "m1").heading.endswith(": /my-data")
    elsewhere = FrontDesk(front.office.engine, with_site(front.office.desk), front.office.assistant, front.office.spool)
    heading = says(elsewhere, "/mydata", "t1", "telegram").heading
    assert "https://askwell.littleham.example/join/" in heading and heading.endswith("?next=/my-data")
    assert count(front, JoinLink) == 1


def test_without_an_address_of_the_page_another_door_is_told_whom_to_ask(front: FrontDesk) -> None:
    assert "Ask for a copy: Local Offer team" in says(front, "/mydata", "t1", "telegram").heading


def with_site(desk: Desk) -> Desk:
    from dataclasses import replace

    return replace(desk, site="https://askwell.littleham.example")


def test_erasing_takes_two_steps_and_gives_a_receipt_and_leaves_nothing(front: FrontDesk) -> None:
    says(front, "how old for holiday club", "m1")
    asked = says(front, "/forget", "m2")
    assert "write: erase" in asked.heading and count(front, InboxMessage) == 2
    done = says(front, "Erase", "m3")
    assert done.heading.startswith("I have erased everything") and "E-" in done.heading
    assert (count(front, Person), count(front, InboxMessage)) == (0, 0)
    with reading(front.office.engine) as session:
        (receipt,) = session.exec(select(Receipt)).all()
    assert json.loads(receipt.result).keys() == {"number", "language", "kept"}


def test_anything_else_than_the_word_keeps_everything(front: FrontDesk) -> None:
    for number, other in enumerate(("no", "how old for holiday club", "yes")):
        says(front, "/forget", f"a{number}")
        assert says(front, other, f"b{number}").act is None
        assert says(front, "erase", f"c{number}").act is None
    assert count(front, Person) == 1


def test_asking_again_after_it_is_done_erases_nothing_more(front: FrontDesk) -> None:
    says(front, "/forget", "m1")
    says(front, "erase", "m2")
    again = says(front, "erase", "m2")
    assert again.act is None and "erased" not in again.heading


def test_another_person_at_another_door_loses_nothing(front: FrontDesk) -> None:
    says(front, "how old for holiday club", "m1", who="ben")
    says(front, "/forget", "m1")
    says(front, "erase", "m2")
    assert count(front, Person) == 1
    assert says(front, "how old for holiday club", "m1", who="ben").heading
    assert count(front, InboxMessage) == 1


def test_what_the_council_must_keep_is_named_with_the_reason(front: FrontDesk) -> None:
    case = open_for_amina(front, urgent="harm")
    says(front, "/forget", "m2")
    done = says(front, "erase", "m3")
    assert "must keep these requests" in done.heading
    assert [line.text for line in done.body] == [f"{case.reference}: it is about someone who may be at risk."]
    with reading(front.office.engine) as session:
        (kept,) = session.exec(select(Case)).all()
    assert kept.id == case.id and kept.person_id != case.person_id


def test_under_a_legal_hold_the_family_is_told_and_nothing_goes(front: FrontDesk) -> None:
    says(front, "how old for holiday club", "m1")
    with transaction(front.office.engine) as session:
        (person,) = session.exec(select(Person)).all()
        hold(session, front.office.desk, person.id, HoldReason.TRIBUNAL, "id-of-tom")
    says(front, "/forget", "m2")
    told = says(front, "erase", "m3")
    assert "must keep your records at the moment" in told.heading and "tribunal" not in told.heading
    assert says(front, "erase", "m3") == told
    assert (count(front, Person), count(front, InboxMessage)) == (1, 3)


def test_a_complaint_about_data_opens_a_request_with_thirty_days_and_is_acknowledged(
    front: FrontDesk, clock: Clock
) -> None:
    assert "in one message" in says(front, "complain about my data", "m1").heading
    told = says(front, "You sent my letter to the wrong address.", "m2")
    assert says(front, "You sent my letter to the wrong address.", "m2") == told
    with reading(front.office.engine) as session:
        (case,) = session.exec(select(Case)).all()
    assert case.data_complaint and case.queue == "privacy" and (case.reply_by - case.opened_at).days == 30
    assert case.reference in told.heading and "Wednesday 23 December 2026" in told.heading
    opened = front.office.desk.open(case.person_id, case.sealed_summary, "case.sealed_summary")
    assert opened == "You sent my letter to the wrong address."


def test_a_complaint_can_be_called_off_and_danger_comes_before_it(front: FrontDesk) -> None:
    says(front, "complain about my data", "m1")
    assert says(front, "cancel", "m2").heading == "I did not send a complaint."
    says(front, "complain about my data", "m3")
    assert says(front, "my dad hits me and i am scared", "m4").status.startswith("safeguarding")
    with reading(front.office.engine) as session:
        assert not [case for case in session.exec(select(Case)).all() if case.data_complaint]


def open_for_amina(front: FrontDesk, urgent: str | None) -> Case:
    desk = front.office.desk
    with transaction(front.office.engine) as session:
        door = address_for(session, desk, "web", "amina")
        talk = conversation_for(session, desk, door)
        handover = Handover(
            door.person_id, talk.id, "clubs", "clubs", "summary", (), "web", "family", "en", "", None, urgent, "k"
        )
        return open_case(session, desk, handover)


def test_a_message_that_comes_while_its_person_is_erased_is_kept_under_a_new_one(front: FrontDesk) -> None:
    office = front.office
    for round in range(8):
        says(front, "how old for holiday club", f"first{round}")
        with reading(office.engine) as session:
            person_id = known_address(session, office.desk, "web", "amina").person_id
        start = threading.Barrier(2)

        def writes(round: int = round, start: threading.Barrier = start) -> str:
            start.wait()
            return front.receive(Arrived("web", "amina", f"second{round}", Incoming("who runs the buses"))).id

        def goes(person_id: str = person_id, start: threading.Barrier = start) -> bool:
            start.wait()
            return act(office, lambda session: erase(session, office.desk, person_id)).done

        with ThreadPoolExecutor(2) as pool:
            kept, gone = pool.submit(writes), pool.submit(goes)
            assert gone.result() and kept.result()
        with reading(office.engine) as session:
            assert session.get(Person, (office.desk.pack, person_id)) is None
            left = session.exec(select(InboxMessage)).all()
        assert not office.desk.vault.holds(person_id)
        assert all(office.desk.open(row.person_id, row.sealed_text, "inbox_message.sealed_text") for row in left)

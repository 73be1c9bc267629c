"""Who is at a door: the same person each time, never another, and two doors become one person only by their own act."""

from __future__ import annotations

import pytest
from small_office import Clock
from sqlalchemy import Engine, text
from sqlmodel import select

from handoff.conversations import Said, conversation_for, keep_state, latest_at, recent, record, state_of
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import Address, Conversation, Person, SafeContact, Who
from handoff.outbox import tell
from handoff.people import JOIN_MINUTES, JoinError, address_for, join, join_link


def test_a_door_leads_to_the_same_person_each_time(engine: Engine, desk: Desk) -> None:
    ids = set()
    for _ in range(3):
        with transaction(engine) as session:
            ids.add(address_for(session, desk, "web", "cookie-1").person_id)
    assert len(ids) == 1


def test_two_doors_are_two_people_and_two_councils_never_share_one(engine: Engine, desk: Desk) -> None:
    elsewhere = Desk("bigtown", desk.vault, now=desk.now, new_id=desk.new_id)
    with transaction(engine) as session:
        people = {
            address_for(session, desk, "web", "a").person_id,
            address_for(session, desk, "telegram", "a").person_id,
            address_for(session, elsewhere, "web", "a").person_id,
        }
    assert len(people) == 3


def test_an_address_cannot_be_read_in_the_database(engine: Engine, desk: Desk) -> None:
    with transaction(engine) as session:
        door = address_for(session, desk, "email", "amina@example.org")
        assert desk.open(door.person_id, door.sealed_address, "address.sealed_address") == "amina@example.org"
    with reading(engine) as session:
        kept = session.execute(text("SELECT * FROM address")).all()
    assert "amina" not in repr(kept)


def test_until_someone_says_otherwise_only_neutral_words_are_sent(engine: Engine, desk: Desk) -> None:
    with transaction(engine) as session:
        assert address_for(session, desk, "web", "a").safe is SafeContact.NEUTRAL


def test_a_link_joins_a_second_door_and_nothing_said_there_before_comes_along(engine: Engine, desk: Desk) -> None:
    with transaction(engine) as session:
        web = address_for(session, desk, "web", "a")
        token = join_link(session, desk, web.person_id)
        phone = address_for(session, desk, "telegram", "77")
        giver = phone.person_id
        chat = conversation_for(session, desk, phone)
        record(session, desk, chat, Said(Who.PERSON, "said on the phone"))
        keep_state(session, desk, chat, "{}", "en")
    with transaction(engine) as session:
        assert join(session, desk, token, address_for(session, desk, "telegram", "77")) == web.person_id
    with transaction(engine) as session:
        door = address_for(session, desk, "telegram", "77")
        assert door.person_id == web.person_id
        assert desk.open(door.person_id, door.sealed_address, "address.sealed_address") == "77"
        assert latest_at(session, desk, door) is None
        fresh = conversation_for(session, desk, door)
        assert fresh.person_id == web.person_id and recent(session, desk, fresh.id) == ()
        stayed = session.get_one(Conversation, (desk.pack, chat.id))
        assert stayed.person_id == giver and state_of(desk, stayed) == "{}"
        assert [line.text for line in recent(session, desk, chat.id)] == ["said on the phone"]


def test_nothing_is_sent_any_more_to_a_door_that_was_handed_on(engine: Engine, desk: Desk) -> None:
    with transaction(engine) as session:
        token = join_link(session, desk, address_for(session, desk, "web", "a").person_id)
        phone = address_for(session, desk, "telegram", "77")
        join(session, desk, token, phone)
        letter = {"key": "k", "line": "x", "kind": "reply", "subject": "s", "text": "t", "neutral": "n"}
        assert tell(session, desk, phone.person_id, **letter) == []


def test_a_link_is_good_once_and_for_half_an_hour(engine: Engine, desk: Desk, clock: Clock) -> None:
    with transaction(engine) as session:
        person = address_for(session, desk, "web", "a").person_id
        used, late = join_link(session, desk, person), join_link(session, desk, person)
    with transaction(engine) as session:
        join(session, desk, used, address_for(session, desk, "telegram", "1"))
    for token, wait in ((used, 0), (late, JOIN_MINUTES + 1), ("made up", 0)):
        clock.move(minutes=wait)
        with pytest.raises(JoinError, match="new one"), transaction(engine) as session:
            join(session, desk, token, address_for(session, desk, "telegram", "2"))
    with reading(engine) as session:
        others = session.exec(select(Address).where(Address.person_id == person)).all()
    assert len(others) == 2


def test_nothing_is_made_when_the_transaction_fails(engine: Engine, desk: Desk) -> None:
    with pytest.raises(RuntimeError), transaction(engine) as session:
        address_for(session, desk, "web", "a")
        raise RuntimeError
    with reading(engine) as session:
        assert session.exec(select(Person)).all() == []

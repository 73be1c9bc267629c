"""A message is kept before it is answered, acts once however often it comes, and never overtakes an earlier one."""

from __future__ import annotations

import threading
from datetime import timedelta

from small_office import Clock
from sqlalchemy import Engine
from sqlmodel import update

from handoff import inbox
from handoff.conversations import Said, conversation_for, keep_state, recent, record, state_of
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.inbox import (
    LEASE_SECONDS,
    MOST_ATTEMPTS,
    Arrival,
    find,
    finish,
    give_up,
    original_of,
    receive,
    reply_of,
    stuck,
    take,
)
from handoff.models import Conversation, InboxMessage, InboxState, Who
from handoff.people import address_for


def arrive(engine: Engine, desk: Desk, message_id: str, text: str = "hello", **more: str) -> tuple[str, bool]:
    """The conversation a message lands in, and whether the message is new."""
    with transaction(engine) as session:
        door = address_for(session, desk, "web", "amina")
        conversation = conversation_for(session, desk, door)
        _, new = receive(session, desk, conversation, Arrival("web", message_id, text, **more))
        return conversation.id, new


def answer(engine: Engine, desk: Desk, conversation: str) -> str | None:
    """Take the oldest message, answer it with its own text, and say which it was."""
    with transaction(engine) as session:
        lease = take(session, desk, conversation)
    if lease is None:
        return None
    with transaction(engine) as session:
        assert finish(session, desk, lease, f"re: {lease.text}")
    return lease.text


def test_the_same_id_again_is_the_same_message(engine: Engine, desk: Desk) -> None:
    conversation, new = arrive(engine, desk, "m1", "where is it")
    assert new
    assert arrive(engine, desk, "m1", "where is it") == (conversation, False)
    assert answer(engine, desk, conversation) == "where is it"
    assert answer(engine, desk, conversation) is None
    with reading(engine) as session:
        row = inbox.find(session, desk, "web", "m1")
        assert row is not None and reply_of(desk, row) == "re: where is it"


def test_a_message_is_found_as_the_database_has_it_not_as_it_was_read_before(engine: Engine, desk: Desk) -> None:
    arrive(engine, desk, "m1", "hello")
    with transaction(engine) as session:
        before = find(session, desk, "web", "m1")
        session.execute(update(InboxMessage).values(attempts=3).execution_options(synchronize_session=False))
        again = find(session, desk, "web", "m1")
    assert before is again and again is not None and again.attempts == 3


def test_ids_that_start_again_lower_are_new_messages(engine: Engine, desk: Desk) -> None:
    """A channel may restart its numbering: "greater than the last" would lose this family's message."""
    arrive(engine, desk, "900")
    assert arrive(engine, desk, "3")[1]


def test_messages_are_taken_in_the_order_they_came_and_none_overtakes(engine: Engine, desk: Desk) -> None:
    conversation, _ = arrive(engine, desk, "a", "first")
    arrive(engine, desk, "b", "second")
    with transaction(engine) as session:
        held = take(session, desk, conversation)
    assert held is not None and held.text == "first"
    with transaction(engine) as session:
        assert take(session, desk, conversation) is None
    with transaction(engine) as session:
        finish(session, desk, held, "done")
    assert answer(engine, desk, conversation) == "second"


def test_a_worker_that_dies_loses_its_lease_and_its_late_effects(engine: Engine, desk: Desk, clock: Clock) -> None:
    conversation, _ = arrive(engine, desk, "a", "first")
    with transaction(engine) as session:
        dead = take(session, desk, conversation)
    clock.move(seconds=LEASE_SECONDS + 1)
    assert answer(engine, desk, conversation) == "first"
    assert dead is not None
    with transaction(engine) as session:
        assert not finish(session, desk, dead, "too late")
    with reading(engine) as session:
        row = inbox.find(session, desk, "web", "a")
        assert row is not None and reply_of(desk, row) == "re: first"


def test_after_five_tries_a_person_must_look(engine: Engine, desk: Desk) -> None:
    conversation, _ = arrive(engine, desk, "a")
    failed = []
    for _ in range(MOST_ATTEMPTS):
        with transaction(engine) as session:
            lease = take(session, desk, conversation)
            assert lease is not None
            failed.append(give_up(session, desk, lease, "ValueError"))
    assert failed == [False] * (MOST_ATTEMPTS - 1) + [True]
    with reading(engine) as session:
        row = inbox.find(session, desk, "web", "a")
        assert row is not None and row.state is InboxState.FAILED


def test_what_waits_with_nobody_at_it_is_found(engine: Engine, desk: Desk, clock: Clock) -> None:
    conversation, _ = arrive(engine, desk, "a")
    clock.move(minutes=9)
    with reading(engine) as session:
        assert stuck(session, desk, timedelta(minutes=10)) == []
    clock.move(minutes=2)
    with reading(engine) as session:
        assert stuck(session, desk, timedelta(minutes=10)) == [conversation]
    with transaction(engine) as session:
        assert take(session, desk, conversation) is not None
    with reading(engine) as session:
        assert stuck(session, desk, timedelta(minutes=10)) == []  # somebody is at it
    clock.move(seconds=LEASE_SECONDS + 1)
    answer(engine, desk, conversation)
    with reading(engine) as session:
        assert stuck(session, desk, timedelta(minutes=10)) == []


def test_the_words_as_typed_are_kept_only_until_their_case_has_them(engine: Engine, desk: Desk) -> None:
    conversation, _ = arrive(
        engine, desk, "a", "[name] is not safe", original="Sam is not safe", urgent="child_at_risk"
    )
    with transaction(engine) as session:
        lease = take(session, desk, conversation)
        assert lease is not None and original_of(desk, lease.message) == "Sam is not safe"
        finish(session, desk, lease, "999")
    with reading(engine) as session:
        row = inbox.find(session, desk, "web", "a")
        assert row is not None and row.sealed_original is None


def test_twenty_deliveries_at_once_are_one_message_in_one_conversation(engine: Engine, desk: Desk) -> None:
    arrived: list[tuple[str, bool]] = []
    together = threading.Barrier(20)

    def deliver() -> None:
        together.wait()
        arrived.append(arrive(engine, desk, "m1"))

    threads = [threading.Thread(target=deliver) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(arrived) == 20
    assert len({conversation for conversation, _ in arrived}) == 1
    assert sum(new for _, new in arrived) == 1


def test_a_conversation_remembers_where_it_stands_and_what_was_said(engine: Engine, desk: Desk) -> None:
    conversation, _ = arrive(engine, desk, "a")
    with transaction(engine) as session:
        row = session.get_one(Conversation, (desk.pack, conversation))
        assert state_of(desk, row) is None
        keep_state(session, desk, row, '{"asked": ["bus"]}', "pl")
        record(session, desk, row, Said(Who.PERSON, "bus?"))
        record(session, desk, row, Said(Who.ASSISTANT, "Here.", outcome="answer", sections=("bus#fare",)))
    with reading(engine) as session:
        row = session.get_one(Conversation, (desk.pack, conversation))
        assert state_of(desk, row) == '{"asked": ["bus"]}' and row.language == "pl"
        lines = recent(session, desk, conversation)
    assert [(line.number, line.who, line.text) for line in lines] == [
        (1, Who.PERSON, "bus?"),
        (2, Who.ASSISTANT, "Here."),
    ]
    assert lines[1].sections == ("bus#fare",)

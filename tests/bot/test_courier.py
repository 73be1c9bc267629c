"""The courier sends what is due over the channels there are, and no fault of one letter or channel stops the rest."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import pytest
from post_office import Remembering, email_sender, open_post_office
from small_office import Clock
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from bot import courier
from bot.courier import Delivered, DoorClosed, Refused, RetryLater, deliver_due
from bot.courier_thread import courier_thread
from bot.senders.log import LogSender
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import Address, OutboxMessage, OutboxState, SafeContact
from handoff.outbox import LEASE_SECONDS, Letter, put, wait_seconds
from handoff.people import address_for


def write(engine: Engine, desk: Desk, *keys: str, channel: str = "email") -> None:
    """A letter to Amina for each key, each in a line of its own."""
    with transaction(engine) as session:
        door = address_for(session, desk, channel, "amina@example.org")
        door.safe = SafeContact.FULL
        session.add(door)
        for key in keys:
            about = ("reply", "About your question", f"words of {key}", "There is a message for you.")
            put(session, desk, Letter(key, door.person_id, channel, door.id, None, key, *about))


def states(engine: Engine) -> dict[str, tuple[OutboxState, str | None]]:
    with reading(engine) as session:
        return {row.key: (row.state, row.fault) for row in session.exec(select(OutboxMessage)).all()}


def deliver(engine: Engine, desk: Desk, *senders: courier.Sender) -> Delivered:
    return asyncio.run(deliver_due(engine, desk, {sender.channel: sender for sender in senders}))


def test_a_letter_goes_from_the_act_to_a_real_mailbox(engine: Engine, desk: Desk, clock: Clock) -> None:
    write(engine, desk, "k1")
    with open_post_office() as office:
        assert deliver(engine, desk, email_sender(office.port, clock)) == Delivered(sent=1)
        assert deliver(engine, desk, email_sender(office.port, clock)) == Delivered()
    assert office.recipients == ["amina@example.org"]
    assert states(engine) == {"k1": (OutboxState.SENT, None)}


def test_a_mail_server_that_hangs_up_after_taking_it_may_get_it_twice_under_one_id(
    engine: Engine, desk: Desk, clock: Clock
) -> None:
    write(engine, desk, "k1")
    with open_post_office(at_data="drop after") as office:
        first = deliver(engine, desk, email_sender(office.port, clock))
        office.at_data = None
        clock.move(seconds=wait_seconds(1))
        deliver(engine, desk, email_sender(office.port, clock))
    assert first.later + first.sent == 1
    assert states(engine) == {"k1": (OutboxState.SENT, None)}
    assert len({message["Message-ID"] for message in office.took}) == 1


def test_each_outcome_is_written_down_and_none_stops_the_others(engine: Engine, desk: Desk) -> None:
    faults: dict[str, Exception] = {
        "later": RetryLater(90, "flood"),
        "refused": Refused("bad_words"),
        "bug": KeyError("amina@example.org"),
    }
    write(engine, desk, "later", "refused", "bug", "good")
    sender = Remembering(fails=lambda parcel: faults.get(parcel.key))
    assert deliver(engine, desk, sender) == Delivered(sent=1, later=2, dead=1)
    assert states(engine) == {
        "later": (OutboxState.WAITING, "flood"),
        "refused": (OutboxState.DEAD, "bad_words"),
        "bug": (OutboxState.WAITING, "KeyError"),
        "good": (OutboxState.SENT, None),
    }


def test_a_closed_door_is_remembered(engine: Engine, desk: Desk) -> None:
    write(engine, desk, "k1")
    assert deliver(engine, desk, Remembering(fails=lambda _: DoorClosed("blocked"))).dead == 1
    with reading(engine) as session:
        assert session.exec(select(Address.closed_at)).one() is not None


def test_what_the_door_asked_for_is_obeyed(engine: Engine, desk: Desk, clock: Clock) -> None:
    write(engine, desk, "k1")
    sender = Remembering(fails=lambda _: RetryLater(3600))
    deliver(engine, desk, sender)
    clock.move(seconds=3599)
    assert deliver(engine, desk, sender) == Delivered()
    clock.move(seconds=1)
    assert deliver(engine, desk, sender) == Delivered(later=1)


def test_letters_of_a_channel_that_is_off_wait(engine: Engine, desk: Desk) -> None:
    write(engine, desk, "k1")
    assert deliver(engine, desk, Remembering("telegram")) == Delivered()
    assert deliver(engine, desk) == Delivered()
    assert states(engine) == {"k1": (OutboxState.WAITING, None)}


def test_a_sender_that_hangs_is_given_up_within_the_lease(engine: Engine, desk: Desk, monkeypatch) -> None:
    class Hanging:
        channel = "email"

        async def send(self, parcel: object) -> None:
            await asyncio.sleep(3600)

    write(engine, desk, "k1")
    assert courier.SEND_SECONDS < LEASE_SECONDS
    monkeypatch.setattr(courier, "SEND_SECONDS", 0.05)
    assert deliver(engine, desk, Hanging()) == Delivered(later=1)
    assert states(engine) == {"k1": (OutboxState.WAITING, "TimeoutError")}


def test_a_database_that_fails_after_the_sending_leaves_the_letter_for_the_sweeper(
    engine: Engine, desk: Desk, clock: Clock, monkeypatch
) -> None:
    write(engine, desk, "k1")
    sender = Remembering()
    with monkeypatch.context() as broken:
        broken.setattr(courier.outbox, "mark_sent", lambda *_: (_ for _ in ()).throw(OperationalError("", {}, None)))
        with pytest.raises(OperationalError):
            deliver(engine, desk, sender)
    assert states(engine) == {"k1": (OutboxState.LEASED, None)}
    clock.move(seconds=LEASE_SECONDS + 1)
    courier.sweep(engine, desk)
    assert deliver(engine, desk, sender) == Delivered(sent=1)
    assert [parcel.key for parcel in sender.sent] == ["k1", "k1"]


def test_the_courier_works_until_it_is_stopped_and_waits_for_a_database_that_is_away(
    engine: Engine, desk: Desk, monkeypatch
) -> None:
    write(engine, desk, *(f"k{number}" for number in range(20)))
    sender, away = Remembering(), iter([True, True])
    real = courier.outbox.take_due

    def take(*given: object) -> object:
        if next(away, False):
            raise OperationalError("", {}, None)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(courier.outbox, "take_due", take)
    monkeypatch.setattr(courier, "PAUSE_SECONDS", 0.01)

    async def until_done() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(courier.carry(engine, desk, {"email": sender}, stop))
        while len(sender.sent) < 20:
            await asyncio.sleep(0.01)
        stop.set()
        await running

    asyncio.run(until_done())
    assert sorted(parcel.key for parcel in sender.sent) == sorted(f"k{number}" for number in range(20))
    assert {state for state, _ in states(engine).values()} == {OutboxState.SENT}


def test_the_log_sender_tells_neither_words_nor_address(engine: Engine, desk: Desk, capsys) -> None:
    write(engine, desk, "k1")
    assert deliver(engine, desk, LogSender()) == Delivered(sent=1)
    said = "".join(capsys.readouterr())
    assert "letter_logged" in said
    assert "amina" not in said and "words of" not in said


def test_a_reminder_is_sent_when_it_is_due(engine: Engine, desk: Desk, clock: Clock) -> None:
    with transaction(engine) as session:
        door = address_for(session, desk, "email", "amina@example.org")
        due = clock() + timedelta(days=2)
        about = ("reminder", "s", "t", "Your appointment tomorrow.")
        put(session, desk, Letter("r1", door.person_id, "email", door.id, None, "talk", *about, due_at=due))
    sender = Remembering()
    assert deliver(engine, desk, sender) == Delivered()
    clock.move(days=2)
    assert deliver(engine, desk, sender) == Delivered(sent=1)
    assert sender.sent[0].text == "Your appointment tomorrow."


def test_behind_a_server_the_courier_starts_delivers_and_stops(engine: Engine, desk: Desk) -> None:
    write(engine, desk, "k1")
    arrived = threading.Event()

    class Noticing:
        channel = "email"

        async def send(self, parcel: object) -> None:
            arrived.set()

    running = courier_thread(engine, desk, {"email": Noticing()})
    assert running.stop()
    running.start()
    assert arrived.wait(20)
    assert running.stop()
    assert running.stop()
    assert states(engine) == {"k1": (OutboxState.SENT, None)}

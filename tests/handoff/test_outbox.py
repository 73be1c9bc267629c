"""What is to be said is written with the act, sent at least once and in order, and only as far as it is safe."""

from __future__ import annotations

import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from small_office import Clock
from sqlalchemy import Engine
from sqlmodel import col, select, update

from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import Address, Erasure, OutboxMessage, OutboxState, SafeContact
from handoff.outbox import (
    LEASE_SECONDS,
    MOST_ATTEMPTS,
    Letter,
    Parcel,
    close_door,
    mark_failed,
    mark_sent,
    put,
    take_due,
    tell,
    wait_seconds,
)
from handoff.people import address_for


def door_of(
    engine: Engine, desk: Desk, address: str = "amina@example.org", safe: SafeContact = SafeContact.FULL
) -> Address:
    """A door of a person, and what may be sent there."""
    with transaction(engine) as session:
        door = address_for(session, desk, "email", address)
        door.safe = safe
        session.add(door)
        return door


def letter(door: Address, key: str = "k1", **more: object) -> Letter:
    given: dict[str, object] = {
        "key": key,
        "person_id": door.person_id,
        "channel": door.channel,
        "address_id": door.id,
        "to": None,
        "line": "talk",
        "kind": "reply",
        "subject": "About your question",
        "text": f"Priya wrote: {key}",
        "neutral": "There is a message for you.",
    }
    return Letter(**{**given, **more})  # type: ignore[arg-type]


def write(engine: Engine, desk: Desk, *letters: Letter) -> list[str]:
    with transaction(engine) as session:
        return [put(session, desk, one).id for one in letters]


def take(engine: Engine, desk: Desk, limit: int = 20, **more: object) -> list[Parcel]:
    with transaction(engine) as session:
        return take_due(session, desk, "worker", limit, **more)  # type: ignore[arg-type]


def failed(engine: Engine, desk: Desk, parcel: Parcel, fault: str = "smtp_451", **more: object) -> bool:
    with transaction(engine) as session:
        return mark_failed(session, desk, parcel, fault, **more)  # type: ignore[arg-type]


def sent(engine: Engine, desk: Desk, parcel: Parcel) -> bool:
    with transaction(engine) as session:
        return mark_sent(session, desk, parcel)


def row_of(engine: Engine, id: str) -> OutboxMessage:
    with reading(engine) as session:
        return session.exec(select(OutboxMessage).where(OutboxMessage.id == id)).one()


def test_a_letter_is_leased_as_the_database_has_it_not_as_it_was_read_before(engine: Engine, desk: Desk) -> None:
    door = door_of(engine, desk)
    with transaction(engine) as session:
        put(session, desk, letter(door))
    with transaction(engine) as session:
        before = session.exec(select(OutboxMessage)).one()
        session.execute(update(OutboxMessage).values(attempts=3).execution_options(synchronize_session=False))
        assert take_due(session, desk, "w1")
        assert before.attempts == 4


def test_a_letter_goes_out_once_with_its_words(engine: Engine, desk: Desk) -> None:
    door = door_of(engine, desk)
    write(engine, desk, letter(door))
    (parcel,) = take(engine, desk)
    assert (parcel.to, parcel.subject, parcel.text) == (
        "amina@example.org",
        "About your question",
        "Priya wrote: k1",
    )
    assert take(engine, desk) == []
    assert sent(engine, desk, parcel)
    assert not sent(engine, desk, parcel)
    assert take(engine, desk) == []
    assert row_of(engine, parcel.id).state is OutboxState.SENT


def test_an_act_that_is_undone_tells_nobody(engine: Engine, desk: Desk) -> None:
    door = door_of(engine, desk)
    with pytest.raises(RuntimeError), transaction(engine) as session:
        put(session, desk, letter(door))
        raise RuntimeError
    assert take(engine, desk) == []


def test_the_same_key_again_is_the_same_letter(engine: Engine, desk: Desk) -> None:
    door = door_of(engine, desk)
    first, second = write(engine, desk, letter(door), letter(door, text="another text"))
    assert first == second
    assert [parcel.text for parcel in take(engine, desk)] == ["Priya wrote: k1"]


def test_a_letter_needs_a_door_or_an_address_and_a_key_that_fits(engine: Engine, desk: Desk) -> None:
    door = door_of(engine, desk)
    for wrong in (letter(door, to="a@example.org"), letter(door, address_id=None), letter(door, key="k" * 129)):
        with pytest.raises(ValueError, match="a door or an address"), transaction(engine) as session:
            put(session, desk, wrong)


def test_words_are_sealed_while_they_wait(engine: Engine, desk: Desk) -> None:
    door = door_of(engine, desk)
    (id,) = write(engine, desk, letter(door, text="ehcp for yusuf"))
    assert b"yusuf" not in row_of(engine, id).sealed_body


@pytest.mark.parametrize(
    ("safe", "said"),
    [
        (SafeContact.FULL, ("About your question", "Priya wrote: k1")),
        (SafeContact.NEUTRAL, ("There is a message for you.", "There is a message for you.")),
        (SafeContact.NOTHING, None),
    ],
)
def test_what_is_sent_is_what_is_safe_when_it_is_sent(
    engine: Engine, desk: Desk, safe: SafeContact, said: tuple[str, str] | None
) -> None:
    door = door_of(engine, desk)
    (id,) = write(engine, desk, letter(door))
    door_of(engine, desk, safe=safe)
    parcels = [(parcel.subject, parcel.text) for parcel in take(engine, desk)]
    assert parcels == ([said] if said else [])
    if not said:
        assert (row_of(engine, id).state, row_of(engine, id).fault) == (OutboxState.DROPPED, "not_wanted")


@pytest.mark.parametrize(
    ("own", "said"),
    [(SafeContact.FULL, ["Priya wrote: k1"]), (SafeContact.NEUTRAL, ["There is a message for you."])],
)
def test_an_address_given_for_one_case_has_its_own_answer(
    engine: Engine, desk: Desk, own: SafeContact, said: list[str]
) -> None:
    door = door_of(engine, desk)
    write(engine, desk, letter(door, address_id=None, to="other@example.org", safe=own))
    assert [parcel.text for parcel in take(engine, desk)] == said


def test_an_address_whose_owner_wants_nothing_gets_nothing_whoever_gave_it(engine: Engine, desk: Desk) -> None:
    amina = door_of(engine, desk)
    door_of(engine, desk, "ben@example.org", SafeContact.NOTHING)
    write(engine, desk, letter(amina, address_id=None, to="ben@example.org", safe=SafeContact.FULL))
    assert take(engine, desk) == []


def test_a_later_letter_waits_for_an_earlier_one_of_its_line(engine: Engine, desk: Desk, clock: Clock) -> None:
    door = door_of(engine, desk)
    write(engine, desk, letter(door, "first"), letter(door, "second"), letter(door, "other", line="another"))
    one = take(engine, desk)
    assert [parcel.key for parcel in one] == ["first", "other"]
    failed(engine, desk, one[0])
    assert take(engine, desk) == []
    clock.move(seconds=wait_seconds(1))
    (again,) = take(engine, desk)
    assert again.key == "first"
    sent(engine, desk, again)
    assert [parcel.key for parcel in take(engine, desk)] == ["second"]


def test_a_dead_letter_holds_nobody_up(engine: Engine, desk: Desk) -> None:
    door = door_of(engine, desk)
    write(engine, desk, letter(door, "first"), letter(door, "second"))
    (first,) = take(engine, desk)
    assert failed(engine, desk, first, "refused", final=True)
    assert [parcel.key for parcel in take(engine, desk)] == ["second"]


def test_a_reminder_for_next_week_holds_nobody_up(engine: Engine, desk: Desk, clock: Clock) -> None:
    door = door_of(engine, desk)
    write(engine, desk, letter(door, "reminder", due_at=clock() + timedelta(days=7)), letter(door, "reply"))
    assert [parcel.key for parcel in take(engine, desk)] == ["reply"]
    clock.move(days=7)
    assert [parcel.key for parcel in take(engine, desk)] == ["reminder"]


def test_waits_grow_and_what_the_door_asked_for_is_never_undercut(engine: Engine, desk: Desk, clock: Clock) -> None:
    door = door_of(engine, desk)
    write(engine, desk, letter(door))
    (parcel,) = take(engine, desk)
    failed(engine, desk, parcel, "flood", retry_after=120)
    clock.move(seconds=119)
    assert take(engine, desk) == []
    clock.move(seconds=1)
    assert len(take(engine, desk)) == 1
    assert [wait_seconds(attempt) for attempt in (1, 2, 3, 9, 25)] == [15, 30, 60, 3600, 3600]


def test_a_letter_tried_too_often_dies(engine: Engine, desk: Desk, clock: Clock) -> None:
    door = door_of(engine, desk)
    (id,) = write(engine, desk, letter(door))
    dead = False
    for attempt in range(1, MOST_ATTEMPTS + 1):
        (parcel,) = take(engine, desk)
        dead = failed(engine, desk, parcel)
        clock.move(seconds=wait_seconds(attempt))
    assert dead
    assert (row_of(engine, id).state, row_of(engine, id).fault) == (OutboxState.DEAD, "smtp_451")
    assert clock() - row_of(engine, id).made_at > timedelta(hours=20)


def test_a_worker_that_wakes_up_late_cannot_speak_for_another(engine: Engine, desk: Desk, clock: Clock) -> None:
    door = door_of(engine, desk)
    (id,) = write(engine, desk, letter(door))
    (late,) = take(engine, desk)
    clock.move(seconds=LEASE_SECONDS + 1)
    with transaction(engine) as session:
        session.execute(update(OutboxMessage).where(col(OutboxMessage.id) == id).values(state=OutboxState.WAITING))
    (second,) = take(engine, desk)
    assert not failed(engine, desk, late, final=True)
    assert not sent(engine, desk, late)
    assert sent(engine, desk, second)


def test_an_erased_person_is_sent_nothing_and_a_stale_letter_is_dropped(
    engine: Engine, desk: Desk, clock: Clock
) -> None:
    amina, ben = door_of(engine, desk), door_of(engine, desk, "ben@example.org")
    gone, late = write(
        engine, desk, letter(amina, "a"), letter(ben, "b", line="b", stale_at=clock() + timedelta(hours=1))
    )
    with transaction(engine) as session:
        session.add(Erasure(pack=desk.pack, id="e1", person_id=amina.person_id, receipt="R-1", at=clock()))
    desk.vault.destroy(amina.person_id)
    clock.move(hours=1)
    assert take(engine, desk) == []
    assert (row_of(engine, gone).fault, row_of(engine, late).fault) == ("erased", "stale")


def test_while_the_folder_of_keys_is_away_letters_wait(
    engine: Engine, desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    door = door_of(engine, desk)
    (id,) = write(engine, desk, letter(door))
    (tmp_path / "keys").rename(tmp_path / "away")
    assert take(engine, desk) == []
    assert (row_of(engine, id).state, row_of(engine, id).fault) == (OutboxState.WAITING, "no_key")
    shutil.rmtree(tmp_path / "keys", ignore_errors=True)
    (tmp_path / "away").rename(tmp_path / "keys")
    assert take(engine, desk) == []  # a folder that comes and goes is not asked at every turn
    clock.move(seconds=wait_seconds(1))
    assert len(take(engine, desk)) == 1


def test_a_letter_whose_keys_stay_away_is_tried_to_the_last_and_then_a_person_must_look(
    engine: Engine, desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    (id,) = write(engine, desk, letter(door_of(engine, desk)))
    (tmp_path / "keys").rename(tmp_path / "away")
    for count in range(1, MOST_ATTEMPTS + 1):
        assert take(engine, desk) == []
        state = OutboxState.DEAD if count == MOST_ATTEMPTS else OutboxState.WAITING
        assert (row_of(engine, id).state, row_of(engine, id).attempts) == (state, count)
        clock.move(seconds=wait_seconds(count))


def test_a_letter_nobody_can_read_dies_and_the_rest_go_on(engine: Engine, desk: Desk) -> None:
    door = door_of(engine, desk)
    poison, _ = write(engine, desk, letter(door, "poison"), letter(door, "good", line="other"))
    with transaction(engine) as session:
        session.execute(update(OutboxMessage).where(col(OutboxMessage.id) == poison).values(sealed_body=b"x" * 40))
    assert [parcel.key for parcel in take(engine, desk)] == ["good"]
    assert (row_of(engine, poison).state, row_of(engine, poison).fault) == (OutboxState.DEAD, "unreadable")


def test_everyone_is_told_at_each_open_door_and_never_at_another_persons(engine: Engine, desk: Desk) -> None:
    amina = door_of(engine, desk)
    door_of(engine, desk, "ben@example.org")
    with transaction(engine) as session:
        page = address_for(session, desk, "web", "cookie")
        page.person_id = amina.person_id
        quiet = address_for(session, desk, "telegram", "77")
        quiet.person_id, quiet.safe = amina.person_id, SafeContact.NOTHING
        session.add_all([page, quiet])
    with transaction(engine) as session:
        told = tell(
            session,
            desk,
            amina.person_id,
            key="case1:reply1",
            line="talk",
            kind="reply",
            subject="About your question",
            text="Yes.",
            neutral="There is a message for you.",
        )
        assert [row.address_id for row in told] == [amina.id]
    assert [parcel.to for parcel in take(engine, desk)] == ["amina@example.org"]


def test_a_closed_door_gets_nothing_more(engine: Engine, desk: Desk) -> None:
    door = door_of(engine, desk)
    write(engine, desk, letter(door, "first"), letter(door, "second"))
    (parcel,) = take(engine, desk)
    with transaction(engine) as session:
        close_door(session, desk, parcel)
        mark_failed(session, desk, parcel, "door_closed", final=True)
    assert take(engine, desk) == []
    with transaction(engine) as session:
        more = {"kind": "reply", "subject": "s", "text": "t", "neutral": "n"}
        assert tell(session, desk, door.person_id, key="k", line="talk", **more) == []


def test_only_channels_with_a_sender_are_taken(engine: Engine, desk: Desk) -> None:
    door = door_of(engine, desk)
    write(engine, desk, letter(door))
    assert take(engine, desk, channels=["telegram"]) == []
    assert len(take(engine, desk, channels=["telegram", "email"])) == 1


def test_workers_at_once_take_each_letter_once(engine: Engine, desk: Desk) -> None:
    door = door_of(engine, desk)
    write(engine, desk, *(letter(door, f"k{number}", line=f"line{number}") for number in range(60)))
    taken: list[str] = []
    begin = threading.Barrier(4)

    def work() -> None:
        begin.wait()
        while parcels := take(engine, desk, limit=5):
            taken.extend(parcel.key for parcel in parcels)
            for parcel in parcels:
                sent(engine, desk, parcel)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    # On PostgreSQL a worker may find all that is left held by others and go home: the next one takes it.
    while parcels := take(engine, desk):
        taken.extend(parcel.key for parcel in parcels)
    assert sorted(taken) == sorted(f"k{number}" for number in range(60))


def test_two_acts_with_one_key_at_once_write_one_letter(engine: Engine, desk: Desk) -> None:
    door = door_of(engine, desk)
    begin = threading.Barrier(4)
    ids: list[str] = []

    def work() -> None:
        begin.wait()
        ids.extend(write(engine, desk, letter(door)))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(ids) == 4 and len(set(ids)) == 1

"""What did not arrive is freed, dies or is dropped, and whatever is late is on a list a person looks through."""

from __future__ import annotations

from datetime import timedelta

from small_office import Clock
from sqlalchemy import Engine
from test_outbox import door_of, failed, letter, row_of, sent, take, write

from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import OutboxState
from handoff.outbox import LEASE_SECONDS, MOST_ATTEMPTS, wait_seconds
from handoff.undelivered import LONGEST_UNTRIED, Swept, dead, late, retry, standing, sweep


def swept(engine: Engine, desk: Desk) -> Swept:
    with transaction(engine) as session:
        return sweep(session, desk)


def listed(engine: Engine, desk: Desk) -> tuple[list[str | None], list[str | None]]:
    with reading(engine) as session:
        return [one.fault for one in dead(session, desk)], [one.fault for one in late(session, desk)]


def test_what_a_dead_worker_held_goes_out_again(engine: Engine, desk: Desk, clock: Clock) -> None:
    door = door_of(engine, desk)
    (id,) = write(engine, desk, letter(door))
    take(engine, desk)
    assert swept(engine, desk) == Swept(0, 0, 0)
    clock.move(seconds=LEASE_SECONDS + 1)
    assert take(engine, desk) == []
    assert swept(engine, desk) == Swept(1, 0, 0)
    assert [parcel.attempt for parcel in take(engine, desk)] == [2]
    assert row_of(engine, id).state is OutboxState.LEASED


def test_a_letter_sent_just_before_it_was_freed_is_not_sent_again(engine: Engine, desk: Desk, clock: Clock) -> None:
    door = door_of(engine, desk)
    write(engine, desk, letter(door))
    (parcel,) = take(engine, desk)
    clock.move(seconds=LEASE_SECONDS + 1)
    swept(engine, desk)
    assert sent(engine, desk, parcel)
    assert take(engine, desk) == []


def test_a_letter_that_kills_its_worker_dies_in_the_end(engine: Engine, desk: Desk, clock: Clock) -> None:
    door = door_of(engine, desk)
    write(engine, desk, letter(door))
    for _ in range(MOST_ATTEMPTS):
        assert len(take(engine, desk)) == 1
        clock.move(seconds=LEASE_SECONDS + 1)
        last = swept(engine, desk)
    assert last == Swept(0, 1, 0)
    assert listed(engine, desk) == (["lease_expired"], [])


def test_a_letter_nobody_sends_is_late_after_ten_minutes_and_dies_after_two_days(
    engine: Engine, desk: Desk, clock: Clock
) -> None:
    door = door_of(engine, desk)
    write(engine, desk, letter(door))
    assert listed(engine, desk) == ([], [])
    clock.move(minutes=10)
    assert listed(engine, desk) == ([], [None])
    clock.at += LONGEST_UNTRIED
    assert swept(engine, desk) == Swept(0, 1, 0)
    assert listed(engine, desk) == (["nobody_sends"], [])


def test_a_letter_that_is_tried_again_and_again_is_late(engine: Engine, desk: Desk, clock: Clock) -> None:
    door = door_of(engine, desk)
    write(engine, desk, letter(door))
    for attempt in range(1, 7):
        (parcel,) = take(engine, desk)
        failed(engine, desk, parcel)
        clock.move(seconds=wait_seconds(attempt) - (attempt == 6))
    assert listed(engine, desk) == ([], ["smtp_451"])


def test_a_stale_letter_is_dropped_and_seen_by_nobody(engine: Engine, desk: Desk, clock: Clock) -> None:
    door = door_of(engine, desk)
    write(engine, desk, letter(door, stale_at=clock() + timedelta(minutes=5)))
    clock.move(minutes=5)
    assert swept(engine, desk) == Swept(0, 0, 1)
    assert listed(engine, desk) == ([], [])


def test_a_dead_letter_can_be_sent_again_once(engine: Engine, desk: Desk) -> None:
    door = door_of(engine, desk)
    (id,) = write(engine, desk, letter(door))
    (parcel,) = take(engine, desk)
    failed(engine, desk, parcel, "refused", final=True)
    with transaction(engine) as session:
        assert retry(session, desk, id)
    with transaction(engine) as session:
        assert not retry(session, desk, id)
    assert [parcel.key for parcel in take(engine, desk)] == ["k1"]


def test_the_numbers_say_how_many_wait_and_how_long(engine: Engine, desk: Desk, clock: Clock) -> None:
    door = door_of(engine, desk)
    write(engine, desk, letter(door, "a"), letter(door, "b"), letter(door, "c", due_at=clock() + timedelta(days=1)))
    (parcel,) = take(engine, desk)
    sent(engine, desk, parcel)
    clock.move(seconds=90)
    with reading(engine) as session:
        stands = standing(session, desk)
    assert stands.by_state[OutboxState.WAITING] == 2
    assert stands.by_state[OutboxState.SENT] == 1
    assert stands.oldest_due_seconds == 90


def test_another_councils_letters_are_out_of_sight(engine: Engine, desk: Desk, clock: Clock) -> None:
    door = door_of(engine, desk)
    (id,) = write(engine, desk, letter(door))
    other = Desk(pack="bigtown", vault=desk.vault, now=clock)
    assert take(engine, other) == []
    clock.move(days=3)
    assert swept(engine, other) == Swept(0, 0, 0)
    assert row_of(engine, id).state is OutboxState.WAITING

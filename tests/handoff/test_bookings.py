"""Places at a surgery: held, booked, moved and cancelled; never two for one seat, nothing typed twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from small_office import Clock
from small_surgeries import Surgeries
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from handoff.bookings.booking import book, cancel, move
from handoff.bookings.claim import TRIES, claim
from handoff.bookings.coming import asks_if_coming, said_coming, say_coming
from handoff.bookings.errors import (
    ChangedError,
    HoldGoneError,
    LinkError,
    NotOpenError,
    OnePlaceError,
    SlotTakenError,
)
from handoff.bookings.found import Booked, find, own_bookings
from handoff.bookings.holds import HOLD_MINUTES, MOST_EXTENSIONS, extend, held, hold, let_go
from handoff.bookings.open_slots import Filters, areas, nearest, open_surgeries
from handoff.bookings.sweep import sweep
from handoff.database import reading, transaction
from handoff.models import Booking, BookingState, Slot, SurgeryKind
from handoff.receipts import KeyReusedError
from handoff.surgeries.planned import times


def test_a_time_is_held_for_fifteen_minutes_and_booked(surgeries: Surgeries, clock: Clock) -> None:
    first, *_ = surgeries.session()
    amina = surgeries.person()
    with transaction(surgeries.engine) as session:
        kept = hold(session, surgeries.desk, amina, [first])
    assert kept.until == clock.at + timedelta(minutes=15) and kept.warn_at == clock.at + timedelta(minutes=12)
    with transaction(surgeries.engine) as session:
        made = book(session, surgeries.desk, amina, kept.id, surgeries.visit(), key="k")
    assert made.is_open and made.booking.reference.startswith("LH-B-") and len(made.booking.reference) == 10
    assert made.surgery.venue == "Feltham Library" and made.teams == ("EHC team", "SENDIASS")
    assert surgeries.taken() == [1, 0, 0] and surgeries.holds() == 0
    surgeries.check_places()


def test_a_held_time_is_nobody_elses_and_the_three_nearest_are_offered(surgeries: Surgeries) -> None:
    slots = surgeries.session(slots=times(time(9, 30), time(11, 30), 20, 1))
    surgeries.hold(surgeries.person("amina"), slots[2])
    with pytest.raises(SlotTakenError) as said:
        surgeries.hold(surgeries.person("ben"), slots[2])
    near = [slot.id for slot in said.value.alternatives]
    assert set(near[:2]) == {slots[1], slots[3]} and near[2] in (slots[0], slots[4]) and len(near) == 3


def test_who_comes_too_late_is_told_so_without_waiting_for_the_lock(
    surgeries: Surgeries, monkeypatch: pytest.MonkeyPatch
) -> None:
    slots = surgeries.session()
    amina = surgeries.person("amina")
    surgeries.hold(amina, slots[0])
    with monkeypatch.context() as nobody_locks:
        nobody_locks.setattr("handoff.bookings.holds.lock", None)
        with pytest.raises(SlotTakenError) as said:
            surgeries.hold(surgeries.person("ben"), slots[0])
    assert [slot.id for slot in said.value.alternatives] == slots[1:]
    # Her own hold is in the way of nobody but others: choosing the same time again keeps it for her.
    surgeries.hold(amina, slots[0])
    assert surgeries.taken()[0] == 1 and surgeries.holds() == 1


def test_the_same_button_twice_books_once_and_shows_the_same(surgeries: Surgeries) -> None:
    first, *_ = surgeries.session()
    amina = surgeries.person()
    kept = surgeries.hold(amina, first)
    made = []
    for _ in range(2):
        with transaction(surgeries.engine) as session:
            made.append(book(session, surgeries.desk, amina, kept, surgeries.visit(), key="k"))
    assert made[0].booking.id == made[1].booking.id and made[0].token == made[1].token
    assert len(surgeries.letters("booked")) == 1


def test_a_key_is_not_good_for_another_hold(surgeries: Surgeries) -> None:
    first, second, _ = surgeries.session()
    amina = surgeries.person()
    kept = surgeries.hold(amina, first)
    with transaction(surgeries.engine) as session:
        book(session, surgeries.desk, amina, kept, surgeries.visit(), key="k")
    other = surgeries.hold(amina, second)
    with pytest.raises(KeyReusedError), transaction(surgeries.engine) as session:
        book(session, surgeries.desk, amina, other, surgeries.visit("travel_money"), key="k")


def test_a_hold_can_be_kept_longer_ten_times_and_then_runs_out(surgeries: Surgeries, clock: Clock) -> None:
    first, *_ = surgeries.session()
    amina = surgeries.person()
    kept = surgeries.hold(amina, first)
    for _ in range(MOST_EXTENSIONS):
        clock.move(minutes=14)
        with transaction(surgeries.engine) as session:
            assert extend(session, surgeries.desk, amina, kept).until == clock.at + timedelta(minutes=HOLD_MINUTES)
    with reading(surgeries.engine) as session:
        assert not held(session, surgeries.desk, amina, kept).may_extend
    clock.move(minutes=15)
    with pytest.raises(HoldGoneError) as said, transaction(surgeries.engine) as session:
        extend(session, surgeries.desk, amina, kept)
    assert said.value.key == "booking_timeout"


def test_a_hold_that_ran_out_is_free_for_the_next_person_even_before_the_sweep(
    surgeries: Surgeries, clock: Clock
) -> None:
    first, *_ = surgeries.session()
    old = surgeries.hold(surgeries.person("amina"), first)
    clock.move(minutes=15)
    surgeries.hold(surgeries.person("ben"), first)
    with pytest.raises(HoldGoneError), transaction(surgeries.engine) as session:
        book(session, surgeries.desk, surgeries.person("amina"), old, surgeries.visit(), key="k")
    surgeries.check_places()


def test_a_late_press_still_counts_while_nobody_else_has_the_time(surgeries: Surgeries, clock: Clock) -> None:
    first, *_ = surgeries.session()
    amina = surgeries.person()
    kept = surgeries.hold(amina, first)
    clock.move(minutes=20)
    with transaction(surgeries.engine) as session:
        assert book(session, surgeries.desk, amina, kept, surgeries.visit(), key="k").is_open


def test_the_sweep_frees_what_was_kept_too_long(surgeries: Surgeries, clock: Clock) -> None:
    first, *_ = surgeries.session()
    surgeries.hold(surgeries.person(), first)
    assert sweep(surgeries.engine, surgeries.desk) == 0
    clock.move(minutes=15)
    assert sweep(surgeries.engine, surgeries.desk) == 1
    assert surgeries.taken() == [0, 0, 0]


def test_another_choice_lets_go_of_the_first_also_at_another_session(surgeries: Surgeries) -> None:
    first, second, _ = surgeries.session()
    other, *_ = surgeries.session("hounslow", date(2026, 12, 9))
    amina = surgeries.person()
    for slot in (first, second, other, other):
        surgeries.hold(amina, slot)
    assert surgeries.holds() == 1 and sum(surgeries.taken()) == 1
    surgeries.check_places()


def test_a_person_who_gives_up_frees_the_time_and_cannot_free_anothers(surgeries: Surgeries) -> None:
    first, *_ = surgeries.session()
    kept = surgeries.hold(surgeries.person("amina"), first)
    with transaction(surgeries.engine) as session:
        assert not let_go(session, surgeries.desk, surgeries.person("ben"), kept)
    with transaction(surgeries.engine) as session:
        assert let_go(session, surgeries.desk, surgeries.person("amina"), kept)
    assert surgeries.taken() == [0, 0, 0]


def test_one_future_place_for_a_topic_and_the_reference_of_the_one_there_is(surgeries: Surgeries, clock: Clock) -> None:
    first, second, third = surgeries.session()
    amina = surgeries.person()
    made = surgeries.book(amina, first)
    with pytest.raises(OnePlaceError) as said:
        surgeries.book(amina, second)
    assert said.value.values == {"reference": made.booking.reference}
    surgeries.book(amina, second, visit=surgeries.visit("travel_money"))
    surgeries.book(surgeries.person("ben"), third)
    surgeries.check_places()


def test_after_the_visit_a_new_place_for_the_same_topic_may_be_had(surgeries: Surgeries, clock: Clock) -> None:
    first, *_ = surgeries.session()
    later, *_ = surgeries.session("january", date(2027, 1, 12))
    amina = surgeries.person()
    was = surgeries.book(amina, first)
    clock.at = was.booking.ends_at
    surgeries.book(amina, later)
    with reading(surgeries.engine) as session:
        assert session.get_one(Booking, (surgeries.desk.pack, was.booking.id)).state is BookingState.PASSED


def test_cancelling_frees_the_place_at_once_and_twice_changes_nothing(surgeries: Surgeries) -> None:
    first, *_ = surgeries.session()
    amina = surgeries.person()
    made = surgeries.book(amina, first, visit=surgeries.visit(reminders=True))
    for key in ("a", "a", "b"):
        with transaction(surgeries.engine) as session:
            gone = cancel(session, surgeries.desk, made.token, key=key)
    assert gone.booking.state is BookingState.CANCELLED and gone.booking.sequence == 1
    assert surgeries.taken() == [0, 0, 0]
    assert len(surgeries.letters("cancelled")) == 1 and surgeries.letters("reminder") == []
    surgeries.book(amina, first)


def test_a_key_that_cancelled_one_visit_cancels_no_other(surgeries: Surgeries) -> None:
    first, second, _ = surgeries.session()
    made = [surgeries.book(surgeries.person(name), slot) for name, slot in (("amina", first), ("ben", second))]
    with transaction(surgeries.engine) as session:
        cancel(session, surgeries.desk, made[0].token, key="k")
    with pytest.raises(KeyReusedError), transaction(surgeries.engine) as session:
        cancel(session, surgeries.desk, made[1].token, key="k")
    surgeries.check_places()


def test_moving_takes_the_new_place_and_frees_the_old_one(surgeries: Surgeries) -> None:
    first, *_ = surgeries.session()
    other, *_ = surgeries.session("hounslow", date(2026, 12, 9), venue="Hounslow House")
    amina = surgeries.person()
    made = surgeries.book(amina, first, visit=surgeries.visit(reminders=True))
    kept = surgeries.hold(amina, other)
    for _ in range(2):
        with transaction(surgeries.engine) as session:
            moved = move(session, surgeries.desk, made.token, kept, key="m")
    assert moved.surgery.venue == "Hounslow House" and moved.booking.sequence == 1
    assert moved.booking.reference == made.booking.reference and moved.visit == made.visit
    assert surgeries.taken() == [0, 0, 0, 1, 0, 0]
    assert [text for _, text in surgeries.letters("changed")] == [
        f"Your appointment is now Wed 9 Dec, 9:30am, Hounslow House. Ref {made.booking.reference}. "
        "Use the link to change or cancel."
    ]
    assert len(surgeries.letters("reminder")) == 1
    surgeries.check_places()


def test_that_one_is_coming_holds_for_the_visit_as_it_is(surgeries: Surgeries, clock: Clock) -> None:
    first, second, _ = surgeries.session()
    amina = surgeries.person()
    made = surgeries.book(amina, first)
    assert not asks_if_coming(made.booking, clock.at), "a fortnight before is too early to ask"
    clock.at = made.booking.starts_at - timedelta(hours=23)
    assert asks_if_coming(made.booking, clock.at)
    for _ in range(2):
        with transaction(surgeries.engine) as session:
            said = say_coming(session, surgeries.desk, made.token)
        assert said_coming(said.booking) and not asks_if_coming(said.booking, clock.at)
    assert said.booking.sequence == 0, "the calendar entry is the same"
    kept = surgeries.hold(amina, second)
    with transaction(surgeries.engine) as session:
        moved = move(session, surgeries.desk, made.token, kept, key="m")
    assert not said_coming(moved.booking) and asks_if_coming(moved.booking, clock.at)


def test_nobody_comes_to_what_is_cancelled_or_has_begun(surgeries: Surgeries, clock: Clock) -> None:
    first, second, _ = surgeries.session()
    gone = surgeries.book(surgeries.person("amina"), first)
    begun = surgeries.book(surgeries.person("ben"), second)
    with transaction(surgeries.engine) as session:
        cancel(session, surgeries.desk, gone.token, key="c")
    with pytest.raises(ChangedError), transaction(surgeries.engine) as session:
        say_coming(session, surgeries.desk, gone.token)
    clock.at = begun.booking.starts_at
    with pytest.raises(ChangedError), transaction(surgeries.engine) as session:
        say_coming(session, surgeries.desk, begun.token)


def test_a_booking_moves_to_no_time_that_is_not_held(surgeries: Surgeries) -> None:
    slots = surgeries.session()
    amina = surgeries.person("amina")
    made = surgeries.book(amina, slots[0])
    kept = surgeries.hold(amina, slots[1])
    with transaction(surgeries.engine) as session:
        let_go(session, surgeries.desk, amina, kept)
    with pytest.raises(HoldGoneError), transaction(surgeries.engine) as session:
        move(session, surgeries.desk, made.token, kept, key="k")
    assert surgeries.taken() == [1, 0, 0]


def test_nothing_changes_once_the_visit_has_begun(surgeries: Surgeries, clock: Clock) -> None:
    first, _, third = surgeries.session()
    amina = surgeries.person()
    made = surgeries.book(amina, first)
    kept = surgeries.hold(amina, third)
    clock.at = made.booking.starts_at
    with pytest.raises(ChangedError), transaction(surgeries.engine) as session:
        cancel(session, surgeries.desk, made.token, key="c")
    with pytest.raises(ChangedError), transaction(surgeries.engine) as session:
        move(session, surgeries.desk, made.token, kept, key="m")


def test_together_or_not_at_all(surgeries: Surgeries) -> None:
    first, second, third = surgeries.session()
    surgeries.book(surgeries.person("ben"), third)
    amina = surgeries.person()
    with pytest.raises(SlotTakenError):
        surgeries.hold(amina, second, third)
    assert surgeries.taken() == [0, 0, 1]
    made = surgeries.book(amina, first, second)
    assert [slot.id for slot in made.slots] == [first, second]
    with transaction(surgeries.engine) as session:
        cancel(session, surgeries.desk, made.token, key="c")
    assert surgeries.taken() == [0, 0, 1]
    surgeries.check_places()


def test_two_places_at_one_time_when_it_has_room(surgeries: Surgeries) -> None:
    (only,) = surgeries.session(slots=times(time(9, 30), time(9, 50), 20, 3))
    surgeries.book(surgeries.person("amina"), only, only)
    with pytest.raises(SlotTakenError):
        surgeries.hold(surgeries.person("ben"), only, only)
    surgeries.book(surgeries.person("tom"), only)
    assert surgeries.taken() == [3]


def test_the_link_is_the_only_way_back_and_opens_nothing_else(surgeries: Surgeries) -> None:
    first, *_ = surgeries.session()
    made = surgeries.book(surgeries.person(), first)
    with reading(surgeries.engine) as session:
        found = find(session, surgeries.desk, made.token)
        assert isinstance(found, Booked) and found.booking.id == made.booking.id
        kept = repr(session.execute(text("SELECT * FROM booking")).all())
    assert made.token not in kept and "Amina" not in kept and "amina@" not in kept
    for guess in (made.booking.id, made.booking.reference, "", "x" * 5000):
        with pytest.raises(LinkError), reading(surgeries.engine) as session:
            find(session, surgeries.desk, guess)
    elsewhere = replace(surgeries.desk, pack="bigtown")
    with pytest.raises(LinkError), reading(surgeries.engine) as session:
        find(session, elsewhere, made.token)


def test_after_a_person_is_erased_their_link_opens_nothing(surgeries: Surgeries) -> None:
    first, *_ = surgeries.session()
    made = surgeries.book(surgeries.person(), first)
    surgeries.desk.vault.destroy(made.booking.person_id)
    with pytest.raises(LinkError), reading(surgeries.engine) as session:
        find(session, surgeries.desk, made.token)


def test_only_published_sessions_to_come_can_be_held(surgeries: Surgeries, clock: Clock) -> None:
    draft, *_ = surgeries.session("draft", published=False)
    first, *_ = surgeries.session("open")
    amina = surgeries.person()
    for wrong in ([draft], [draft, first], ["no such"], []):
        with pytest.raises(NotOpenError), transaction(surgeries.engine) as session:
            hold(session, surgeries.desk, amina, wrong)
    clock.at = datetime.fromisoformat("2026-12-08T09:30:00+00:00")
    with pytest.raises(NotOpenError):
        surgeries.hold(amina, first)


def test_families_see_published_sessions_with_what_is_left_and_may_filter(surgeries: Surgeries) -> None:
    first, *_ = surgeries.session()
    surgeries.session("draft", date(2026, 12, 10), published=False)
    evening = times(time(16, 40), time(18), 20, 1)
    surgeries.session(
        "late",
        date(2026, 12, 9),
        area="Brentford",
        online=True,
        starts=time(16),
        ends=time(19),
        slots=evening,
    )
    surgeries.session("walk", date(2026, 12, 11), kind=SurgeryKind.DROP_IN, area="Chiswick")
    surgeries.hold(surgeries.person(), first)

    def seen(**wanted: object) -> list[tuple[str, int]]:
        with reading(surgeries.engine) as session:
            shown = open_surgeries(session, surgeries.desk, Filters(**wanted))  # type: ignore[arg-type]
        return [(one.surgery.code, one.left) for one in shown]

    assert seen() == [("feltham", 2), ("late", 4), ("walk", 0)]
    assert seen(area="Feltham") == [("feltham", 2)]
    assert seen(online=True) == [("late", 4)]
    assert seen(evening=True) == [("late", 3)]
    with reading(surgeries.engine) as session:
        assert areas(session, surgeries.desk) == ("Brentford", "Chiswick", "Feltham")


def test_times_that_suit_the_needs_come_first_among_the_nearest(surgeries: Surgeries) -> None:
    near, *_ = surgeries.session("near", date(2026, 12, 8), features=())
    far, *_ = surgeries.session("far", date(2027, 1, 12), features=("bsl", "step_free"))
    with reading(surgeries.engine) as session:
        when = session.get_one(Slot, (surgeries.desk.pack, near)).starts_at
        assert nearest(session, surgeries.desk, when)[0].id == near
        assert nearest(session, surgeries.desk, when, needs="bsl")[0].id == far


def test_a_person_sees_their_own_bookings_to_come(surgeries: Surgeries, clock: Clock) -> None:
    first, second, _ = surgeries.session()
    amina = surgeries.person()
    made = surgeries.book(amina, first)
    surgeries.book(surgeries.person("ben"), second)
    with reading(surgeries.engine) as session:
        assert [one.booking.id for one in own_bookings(session, surgeries.desk, amina)] == [made.booking.id]
        clock.at = made.booking.ends_at
        assert own_bookings(session, surgeries.desk, amina) == ()


def test_the_database_itself_refuses_one_too_many(surgeries: Surgeries) -> None:
    surgeries.session()
    for wrong in ("taken = capacity + 1", "taken = -1", "capacity = 0"):
        with pytest.raises(IntegrityError), transaction(surgeries.engine) as session:
            session.execute(text(f"UPDATE slot SET {wrong}"))


def test_a_clash_that_does_not_end_is_said_as_taken_and_other_faults_are_not_hidden(surgeries: Surgeries) -> None:
    surgeries.session()
    tried = []

    def clashing(session: Session) -> None:
        tried.append(1)
        session.execute(text("INSERT INTO surgery SELECT * FROM surgery"))

    with pytest.raises(SlotTakenError):
        claim(surgeries.engine, clashing)
    assert len(tried) == TRIES
    with pytest.raises(DBAPIError, match="no_such_table"):
        claim(surgeries.engine, lambda session: session.execute(text("SELECT * FROM no_such_table")))

"""The waiting list: by rule and not by speed, needs met before a place is offered, and every offer ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from small_office import Clock
from small_surgeries import PRIYA, Surgeries
from sqlmodel import select

from handoff.bookings.booking import cancel
from handoff.bookings.errors import OfferGoneError, OnePlaceError
from handoff.bookings.found import Booked, Waiting, find
from handoff.bookings.holds import let_go
from handoff.bookings.offering import offer_until
from handoff.bookings.order import ranked
from handoff.bookings.subscriptions import subscribe
from handoff.bookings.sweep import sweep
from handoff.bookings.visit import Reach
from handoff.bookings.waiting import Wish, accept, join, leave
from handoff.database import reading, transaction
from handoff.erasure import forget
from handoff.models import Offer, OfferState, WaitingListEntry, WaitingState
from handoff.surgeries.changing import withdraw
from handoff.surgeries.planned import times

ONE = times(time(9, 30), time(9, 50), 20, 1)
TWO = times(time(9, 30), time(10, 10), 20, 1)


def wait(surgeries: Surgeries, name: str, *, key: str = "", **wish: object) -> str:
    """`name` joins the list; their token."""
    needs = wish.pop("needs", ())
    visit = surgeries.visit(to=f"{name}@example.org", needs=needs)
    person = surgeries.person(name)
    with transaction(surgeries.engine) as session:
        made = join(session, surgeries.desk, person, Wish(visit, **wish), key=key or surgeries.key())  # type: ignore[arg-type]
    return made.token


def standing(surgeries: Surgeries, token: str) -> WaitingState:
    with reading(surgeries.engine) as session:
        found = find(session, surgeries.desk, token)
        if isinstance(found, Booked):
            return WaitingState.BOOKED
        return found.entry.state


def full(surgeries: Surgeries, **more: object) -> Booked:
    """A session with one place, which Tom has."""
    (only,) = surgeries.session(slots=ONE, **more)
    return surgeries.book(surgeries.person("tom"), only, visit=surgeries.visit(to="tom@example.org"))


def give_up(surgeries: Surgeries, booked: Booked) -> None:
    with transaction(surgeries.engine) as session:
        cancel(session, surgeries.desk, booked.token, key=surgeries.key())


def test_a_freed_place_is_offered_to_who_waits_kept_for_them_and_taken_with_one_press(surgeries: Surgeries) -> None:
    tom = full(surgeries)
    amina = wait(surgeries, "amina")
    give_up(surgeries, tom)
    assert standing(surgeries, amina) is WaitingState.OFFERED and surgeries.taken() == [1]
    assert surgeries.letters("offered") == [
        (
            "amina@example.org",
            "A place has come up: Tue 8 Dec, 9:30am, Feltham Library. Use the link to say yes by 5pm today.",
        )
    ]
    for _ in range(2):
        with transaction(surgeries.engine) as session:
            made = accept(session, surgeries.desk, amina, key="yes")
    assert made.is_open and made.token == amina
    assert [to for to, _ in surgeries.letters("booked")].count("amina@example.org") == 1
    surgeries.check_places()


def test_an_offer_runs_out_at_its_time_and_passes_to_the_next_and_after_two_the_person_leaves_the_list(
    surgeries: Surgeries, clock: Clock
) -> None:
    tom = full(surgeries)
    amina = wait(surgeries, "amina")
    clock.move(days=1)
    ben = wait(surgeries, "ben")
    give_up(surgeries, tom)
    clock.at = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    with pytest.raises(OfferGoneError), transaction(surgeries.engine) as session:
        accept(session, surgeries.desk, amina, key="late")
    assert sweep(surgeries.engine, surgeries.desk) == 1
    assert standing(surgeries, amina) is WaitingState.WAITING and standing(surgeries, ben) is WaitingState.OFFERED
    assert [to for to, _ in surgeries.letters("passed_on")] == ["amina@example.org"]
    clock.move(days=1)
    sweep(surgeries.engine, surgeries.desk)
    assert standing(surgeries, ben) is WaitingState.WAITING and standing(surgeries, amina) is WaitingState.OFFERED
    clock.move(days=1)
    sweep(surgeries.engine, surgeries.desk)
    assert standing(surgeries, amina) is WaitingState.LAPSED
    assert [to for to, _ in surgeries.letters("lapsed")] == ["amina@example.org"]
    surgeries.check_places()


def test_who_missed_no_offer_comes_first_then_who_had_no_visit_then_the_day_then_the_lot() -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def entry(person: str, missed: int = 0, joined: datetime = noon, lot: int = 0) -> WaitingListEntry:
        return WaitingListEntry(
            pack="p",
            id=person,
            token_hash=person,
            person_id=person,
            topic="ehc_plan",
            missed=missed,
            lot=lot,
            sealed_visit=b"",
            sealed_token=b"",
            joined_at=joined,
            changed_at=joined,
        )

    quick = entry("quick", joined=noon - timedelta(hours=3), lot=9)
    slow = entry("slow", joined=noon, lot=1)
    yesterday = entry("yesterday", joined=noon - timedelta(days=1), lot=5)
    visited = entry("visited", joined=noon - timedelta(days=30))
    missed = entry("missed", missed=1, joined=noon - timedelta(days=60))
    found = ranked([quick, slow, missed, visited, yesterday], {"visited"})
    assert [one.id for one in found] == ["yesterday", "slow", "quick", "visited", "missed"]


def test_a_place_is_offered_only_where_needs_are_met_and_in_the_right_area(surgeries: Surgeries) -> None:
    tom = full(surgeries, features=("step_free",))
    signs = wait(surgeries, "amina", needs=("bsl",))
    elsewhere = wait(surgeries, "ben", area="Chiswick")
    steps = wait(surgeries, "priya", needs=("step_free",), area="Feltham")
    give_up(surgeries, tom)
    assert standing(surgeries, signs) is standing(surgeries, elsewhere) is WaitingState.WAITING
    assert standing(surgeries, steps) is WaitingState.OFFERED


def test_a_party_of_two_is_asked_only_when_there_is_room_for_both(surgeries: Surgeries) -> None:
    first, second = surgeries.session(slots=TWO)
    tom = surgeries.book(surgeries.person("tom"), first)
    ben = surgeries.book(surgeries.person("ben"), second)
    two = wait(surgeries, "amina", places=2)
    give_up(surgeries, tom)
    assert standing(surgeries, two) is WaitingState.WAITING and surgeries.taken() == [0, 1]
    give_up(surgeries, ben)
    assert standing(surgeries, two) is WaitingState.OFFERED and surgeries.taken() == [1, 1]
    with transaction(surgeries.engine) as session:
        assert len(accept(session, surgeries.desk, two, key="yes").slots) == 2
    surgeries.check_places()


def test_no_thank_you_passes_the_place_on_at_once(surgeries: Surgeries) -> None:
    tom = full(surgeries)
    amina = wait(surgeries, "amina")
    give_up(surgeries, tom)
    ben = wait(surgeries, "ben")
    for _ in range(2):
        with transaction(surgeries.engine) as session:
            leave(session, surgeries.desk, amina, key="no")
    assert standing(surgeries, amina) is WaitingState.LEFT and standing(surgeries, ben) is WaitingState.OFFERED
    surgeries.check_places()


def test_who_leaves_after_their_offer_ran_out_frees_its_place_at_once(surgeries: Surgeries, clock: Clock) -> None:
    tom = full(surgeries)
    amina = wait(surgeries, "amina")
    give_up(surgeries, tom)
    clock.at = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    with transaction(surgeries.engine) as session:
        leave(session, surgeries.desk, amina, key="no")
    assert surgeries.taken() == [0] and surgeries.holds() == 0
    with reading(surgeries.engine) as session:
        assert session.exec(select(Offer)).one().state is OfferState.DECLINED


def test_whoever_waits_is_asked_before_everyone_else_when_a_session_is_published(surgeries: Surgeries) -> None:
    amina = wait(surgeries, "amina")
    surgeries.session(slots=TWO)
    assert standing(surgeries, amina) is WaitingState.OFFERED and surgeries.taken() == [1, 0]


def test_who_joins_is_offered_nothing_of_a_session_that_is_not_published_or_is_over(
    surgeries: Surgeries, clock: Clock
) -> None:
    surgeries.session(slots=ONE, published=False)
    assert standing(surgeries, wait(surgeries, "amina")) is WaitingState.WAITING
    surgeries.session("heston", slots=ONE)
    give = wait(surgeries, "ben")
    assert standing(surgeries, give) is WaitingState.WAITING and surgeries.taken() == [0, 1]
    with transaction(surgeries.engine) as session:
        leave(session, surgeries.desk, give, key=surgeries.key())
    clock.move(days=60)
    assert standing(surgeries, wait(surgeries, "tom")) is WaitingState.WAITING


def test_joining_twice_keeps_the_first_place_on_the_list(surgeries: Surgeries, clock: Clock) -> None:
    tokens = [wait(surgeries, "amina", key="k"), wait(surgeries, "amina", key="k")]
    clock.move(days=3)
    tokens.append(wait(surgeries, "amina"))
    assert len(set(tokens)) == 1 and len(surgeries.letters("waiting")) == 1


def test_a_hold_that_is_let_go_is_offered_on_too(surgeries: Surgeries) -> None:
    (only,) = surgeries.session(slots=ONE)
    ben = surgeries.person("ben")
    kept = surgeries.hold(ben, only)
    amina = wait(surgeries, "amina")
    with transaction(surgeries.engine) as session:
        let_go(session, surgeries.desk, ben, kept)
    assert standing(surgeries, amina) is WaitingState.OFFERED


def test_who_books_elsewhere_waits_no_more_and_an_open_offer_goes_on(surgeries: Surgeries) -> None:
    tom = full(surgeries)
    amina = wait(surgeries, "amina")
    (elsewhere,) = surgeries.session("other", date(2027, 1, 12), slots=ONE)
    with transaction(surgeries.engine) as session:
        leave(session, surgeries.desk, amina, key="no")
    amina = wait(surgeries, "amina", surgery_id=tom.surgery.id)
    give_up(surgeries, tom)
    assert standing(surgeries, amina) is WaitingState.OFFERED
    surgeries.book(surgeries.person("amina"), elsewhere)
    with pytest.raises(OnePlaceError), transaction(surgeries.engine) as session:
        accept(session, surgeries.desk, amina, key="both")
    assert sweep(surgeries.engine, surgeries.desk) == 1
    assert standing(surgeries, amina) is WaitingState.BOOKED and surgeries.taken() == [0, 1]
    surgeries.check_places()


def test_the_list_itself_says_that_whoever_booked_waits_no_more(surgeries: Surgeries) -> None:
    tom = full(surgeries)
    (elsewhere,) = surgeries.session("other", date(2027, 1, 12), slots=ONE)
    wait(surgeries, "amina", surgery_id=tom.surgery.id)
    surgeries.book(surgeries.person("amina"), elsewhere)
    with reading(surgeries.engine) as session:
        assert [entry.state for entry in session.exec(select(WaitingListEntry)).all()] == [WaitingState.BOOKED]


def test_when_the_session_is_withdrawn_an_offer_ends_without_blame_and_they_are_told(surgeries: Surgeries) -> None:
    tom = full(surgeries)
    amina = wait(surgeries, "amina")
    give_up(surgeries, tom)
    with transaction(surgeries.engine) as session:
        withdraw(session, surgeries.desk, PRIYA, "feltham")
    with reading(surgeries.engine) as session:
        found = find(session, surgeries.desk, amina)
        assert isinstance(found, Waiting) and found.entry.missed == 0 and found.entry.surgery_id is None
        assert session.exec(select(Offer)).one().state is OfferState.WITHDRAWN
    assert [to for to, _ in surgeries.letters("offer_withdrawn")] == ["amina@example.org"]


def test_who_waited_for_a_withdrawn_session_is_offered_what_is_free_elsewhere(surgeries: Surgeries) -> None:
    tom = full(surgeries)
    amina = wait(surgeries, "amina", surgery_id=tom.surgery.id)
    surgeries.session("other", date(2027, 1, 12), slots=ONE)
    assert standing(surgeries, amina) is WaitingState.WAITING
    with transaction(surgeries.engine) as session:
        withdraw(session, surgeries.desk, PRIYA, "feltham")
    sweep(surgeries.engine, surgeries.desk)
    assert standing(surgeries, amina) is WaitingState.OFFERED


def test_who_let_an_offer_run_out_is_not_asked_at_once_about_the_same_place(surgeries: Surgeries, clock: Clock) -> None:
    tom = full(surgeries)
    amina = wait(surgeries, "amina")
    give_up(surgeries, tom)
    clock.move(days=1)
    for _ in range(3):
        sweep(surgeries.engine, surgeries.desk)
    assert standing(surgeries, amina) is WaitingState.WAITING and surgeries.taken() == [0]
    surgeries.book(surgeries.person("ben"), tom.slots[0].id)


def test_an_erased_persons_place_goes_to_who_waits(surgeries: Surgeries) -> None:
    tom = full(surgeries)
    amina = wait(surgeries, "amina")
    forget(surgeries.engine, surgeries.desk, tom.booking.person_id)
    assert standing(surgeries, amina) is WaitingState.OFFERED
    surgeries.check_places()


@pytest.mark.parametrize(
    ("asked", "begins", "until"),
    [
        ("2026-11-23T10:00", "2026-12-08T09:30", "2026-11-23T17:00"),
        ("2026-11-23T14:00", "2026-12-08T09:30", "2026-11-24T17:00"),
        ("2026-12-07T20:00", "2026-12-08T09:30", "2026-12-08T07:30"),
        ("2026-12-08T06:45", "2026-12-08T09:30", None),
        ("2027-03-27T15:00", "2027-04-08T09:30", "2027-03-28T16:00"),
    ],
)
def test_an_offer_stands_until_five_and_never_into_the_visit(asked: str, begins: str, until: str | None) -> None:
    made = offer_until(_utc(asked), _utc(begins))
    assert made == (_utc(until) if until else None)


def test_who_asked_for_dates_is_told_once(surgeries: Surgeries) -> None:
    for name in ("amina", "amina", "ben"):
        person = surgeries.person(name)
        with transaction(surgeries.engine) as session:
            subscribe(session, surgeries.desk, person, Reach.EMAIL, f"{name}@example.org")
    surgeries.session("one")
    surgeries.session("two", date(2027, 1, 12))
    assert sorted(to for to, _ in surgeries.letters("dates_out")) == ["amina@example.org", "ben@example.org"]


def test_a_place_within_two_hours_is_open_to_everyone(surgeries: Surgeries, clock: Clock) -> None:
    tom = full(surgeries)
    amina = wait(surgeries, "amina")
    clock.at = tom.booking.starts_at - timedelta(hours=2)
    give_up(surgeries, tom)
    assert standing(surgeries, amina) is WaitingState.WAITING and surgeries.taken() == [0]
    surgeries.hold(surgeries.person("ben"), tom.slots[0].id)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)

"""The calendar file: opened with a library that did not write it, right on both clock changes, updated on change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import vobject
from small_office import Clock
from small_surgeries import OPEN_DAYS, PRIYA, Surgeries

from handoff.bookings.booking import cancel, move
from handoff.bookings.calendar_entry import calendar_entry
from handoff.bookings.found import Booked, find
from handoff.database import reading, transaction
from handoff.surgeries.changing import move as move_session
from handoff.surgeries.changing import withdraw
from handoff.surgeries.planned import times


def opened(surgeries: Surgeries, token: str) -> tuple[str, vobject.base.Component]:
    """The METHOD and the one event of the booking's file, as vobject reads them."""
    with reading(surgeries.engine) as session:
        found = find(session, surgeries.desk, token)
        assert isinstance(found, Booked)
    made = calendar_entry(surgeries.desk, found, site="https://askwell.example", organizer="offer@littleham.example")
    calendar = vobject.readOne(made.decode("utf-8"))
    return calendar.method.value, calendar.vevent


def test_a_change_updates_the_same_entry_and_a_cancellation_removes_it(surgeries: Surgeries) -> None:
    first, *_ = surgeries.session()
    other, *_ = surgeries.session("hounslow", date(2026, 12, 9), venue="Hounslow House", address="7 Bath Road, TW3 3EB")
    amina = surgeries.person()
    made = surgeries.book(amina, first)
    method, event = opened(surgeries, made.token)
    assert method == "PUBLISH" and event.sequence.value == "0" and event.status.value == "CONFIRMED"
    assert event.summary.value == "Appointment, Feltham Library" and event.organizer.value.startswith("mailto:")
    assert event.url.value == f"https://askwell.example/booking/{made.token}"
    kept = surgeries.hold(amina, other)
    with transaction(surgeries.engine) as session:
        move(session, surgeries.desk, made.token, kept, key="m")
    method, changed = opened(surgeries, made.token)
    assert changed.uid.value == event.uid.value and changed.sequence.value == "1"
    assert changed.dtstart.value.date() == date(2026, 12, 9)
    assert changed.location.value == "Hounslow House, 7 Bath Road, TW3 3EB"
    with transaction(surgeries.engine) as session:
        cancel(session, surgeries.desk, made.token, key="c")
    method, gone = opened(surgeries, made.token)
    assert (method, gone.status.value, gone.uid.value, gone.sequence.value) == (
        "CANCEL",
        "CANCELLED",
        event.uid.value,
        "2",
    )


def test_what_the_council_changes_is_in_the_file_too(surgeries: Surgeries) -> None:
    first, *_ = surgeries.session()
    made = surgeries.book(surgeries.person(), first)
    with transaction(surgeries.engine) as session:
        move_session(session, surgeries.desk, PRIYA, "feltham", OPEN_DAYS, day=date(2026, 12, 10))
    _, event = opened(surgeries, made.token)
    assert event.sequence.value == "1" and event.dtstart.value.date() == date(2026, 12, 10)
    with transaction(surgeries.engine) as session:
        withdraw(session, surgeries.desk, PRIYA, "feltham")
    assert opened(surgeries, made.token)[0] == "CANCEL"


@pytest.mark.parametrize(
    ("day", "offset"),
    [
        (date(2026, 10, 24), 1),
        (date(2026, 10, 25), 0),
        (date(2026, 10, 26), 0),
        (date(2027, 3, 27), 0),
        (date(2027, 3, 28), 1),
        (date(2027, 3, 29), 1),
    ],
)
def test_ten_oclock_is_ten_oclock_in_the_calendar_on_both_clock_changes(
    surgeries: Surgeries, clock: Clock, day: date, offset: int
) -> None:
    """vobject works the zone out from the file's own VTIMEZONE, not from a list of zones."""
    clock.at = datetime(2026, 10, 1, 9, tzinfo=UTC)
    first, *_ = surgeries.session("s", day, starts=time(10), ends=time(11), slots=times(time(10), time(11), 20, 1))
    made = surgeries.book(surgeries.person(), first)
    _, event = opened(surgeries, made.token)
    starts = event.dtstart.value
    assert (starts.date(), starts.hour, starts.minute) == (day, 10, 0)
    assert starts.utcoffset() == timedelta(hours=offset)
    assert (event.dtend.value - starts) == timedelta(minutes=20)
    ((_, text),) = surgeries.letters("booked")
    assert "10am" in text

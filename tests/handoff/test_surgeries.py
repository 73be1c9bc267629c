"""Sessions: planned from a file, published, moved, withdrawn and run, with everybody told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from small_office import MONDAY, Clock
from small_surgeries import BEN, OPEN_DAYS, PRIYA, Surgeries
from sqlmodel import select

from handoff.bookings.booking import move as move_booking
from handoff.bookings.errors import SlotTakenError
from handoff.bookings.found import Booked, find
from handoff.database import reading, transaction
from handoff.models import AuditEntry, BookingState, Slot, Surgery, SurgeryKind, SurgeryState
from handoff.surgeries.changing import move, withdraw
from handoff.surgeries.on_the_day import arrived, door_list, no_show, walk_in
from handoff.surgeries.plan_file import read_plan_file
from handoff.surgeries.planned import faults, times
from handoff.surgeries.planning import PlanError, plan, publish
from handoff.surgeries.reading import surgeries as listed
from handoff.surgeries.rights import MayNotRunError
from handoff.surgeries.series import monthly
from knowledge.calendar import Closure, WorkingCalendar

CALENDAR = WorkingCalendar(
    {date(2026, 12, 25): "Christmas Day", date(2027, 1, 1): "New Year's Day", date(2027, 3, 26): "Good Friday"},
    (Closure(date(2026, 12, 29), date(2026, 12, 31), "Christmas closure"),),
)
HEAD = "code,date,start,end,kind,area,venue,minutes,places,features,teams\n"


def read(tmp_path: Path, text: str, name: str = "surgeries.csv") -> tuple[list[str], list[str]]:
    """The codes that could be read, and what was said of the rest."""
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    found, problems = read_plan_file(file)
    return [one.planned.code for one in found], [str(problem) for problem in problems]


def test_a_spreadsheet_of_sessions_is_read(tmp_path: Path) -> None:
    file = tmp_path / "s.csv"
    file.write_text(
        HEAD
        + "feltham-dec,08/12/2026,9:30am,12.30,mixed,Feltham,Feltham Library,20,2,step free; quiet-room,EHC team;SENDIASS\n",
        encoding="utf-8-sig",
    )
    ((one,), problems) = read_plan_file(file)
    planned = one.planned
    assert problems == [] and one.line == 2
    assert (planned.day, planned.starts, planned.ends) == (date(2026, 12, 8), time(9, 30), time(12, 30))
    assert planned.kind is SurgeryKind.MIXED and planned.features == ("step_free", "quiet_room")
    assert planned.teams == ("EHC team", "SENDIASS")
    assert len(planned.slots) == 9 and planned.slots[-1].at == time(12, 10) and planned.slots[0].places == 2


def test_the_same_in_yaml_with_times_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(
        "- {code: a, date: 2027-01-12, start: 9:30, end: 11:00, venue: Hall,\n"
        "   slots: [{at: 9:30, minutes: 20, who: EHC team}, {at: 9:30, minutes: 45, places: 2, who: SENDIASS}]}\n"
        "- code: b\n  date: 2027-02-09\n  start: 14:00\n  end: 15:00\n  online: yes\n  kind: drop-in\n",
        encoding="utf-8",
    )
    found, problems = read_plan_file(file)
    assert problems == [] and [one.line for one in found] == [1, 3]
    assert [(slot.who, slot.minutes, slot.places) for slot in found[0].planned.slots] == [
        ("EHC team", 20, 1),
        ("SENDIASS", 45, 2),
    ]
    assert found[1].planned.venue == "Online" and found[1].planned.kind is SurgeryKind.DROP_IN


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,31/02/2027,9:30,12:30,,,V,20,1,,", "surgeries.csv:2: date: '31/02/2027' is not a day. Write it like"),
        ("a,2027-01-12,half nine,12:30,,,V,20,1,,", "start: 'half nine' is not a time. Write it like 9:30"),
        ("a,2027-01-12,13:99,12:30,,,V,20,1,,", "start: '13:99' is not a time"),
        ("a,2027-01-12,9:30,12:30,party,,V,20,1,,", "kind: 'party' is not one of bookable, drop_in, mixed"),
        ("a,2027-01-12,9:30,12:30,,,V,twenty,1,,", "minutes: 'twenty' is not a whole number"),
        (",2027-01-12,9:30,12:30,,,V,20,1,,", "code is missing"),
        ("a,2027-01-12,9:30,12:30,,,V,20,1,,,extra", "is not a column; the columns are code, date"),
        ("a" * 33 + ",2027-01-12,9:30,12:30,,,V,20,1,,", "code is 33 characters long: use 32 or fewer"),
    ],
)
def test_each_fault_is_named_with_its_line(tmp_path: Path, row: str, said: str) -> None:
    codes, problems = read(tmp_path, HEAD + row + "\n")
    assert codes == [] and len(problems) == 1 and said in problems[0]


def test_files_that_are_no_plan_say_so(tmp_path: Path) -> None:
    assert "there are no sessions" in read(tmp_path, HEAD)[1][0]
    assert "expected a list of sessions" in read(tmp_path, "code: a\n", "s.yaml")[1][0]
    assert "cannot be read" in read(tmp_path, "- [", "s.yaml")[1][0]
    assert "save it as .csv or .yaml" in read(tmp_path, "x", "s.txt")[1][0]
    twice = "a,2027-01-12,9:30,12:30,,,V,20,1,,\n"
    assert "also on line 2" in read(tmp_path, HEAD + twice * 2)[1][0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"day": date(2026, 12, 25)}, "Friday 25 December 2026 is Christmas Day: the council is closed"),
        ({"day": date(2026, 12, 30)}, "is Christmas closure"),
        ({"day": date(2026, 11, 20)}, "in the past"),
        ({"day": date(2029, 1, 9)}, "the bank holidays of 2029 are not in calendar.yaml yet"),
        ({"ends": time(9, 0)}, "which is not after"),
        ({"slots": ()}, "needs times"),
        ({"slots": times(time(12, 20), time(12, 50), 30, 1)}, "not inside the session"),
        ({"slots": times(time(9, 30), time(9, 50), 20, 0)}, "needs 1 or more minutes"),
        ({"slots": times(time(9, 30), time(9, 50), 20, 1) * 2}, "given twice"),
        ({"features": ("swimming",)}, "'swimming' is not a feature"),
        (
            {"day": date(2027, 3, 28), "starts": time(1, 30), "slots": times(time(9, 30), time(9, 50), 20, 1)},
            "clocks go forward",
        ),
        ({"drop_in_until": time(11, 0)}, "for drop-in and mixed"),
    ],
)
def test_a_session_that_cannot_be_held_is_refused_with_the_reason(
    surgeries: Surgeries, changed: dict[str, object], said: str
) -> None:
    day, rest = changed.get("day", date(2026, 12, 8)), {key: value for key, value in changed.items() if key != "day"}
    planned = surgeries.planned("a", day, **rest)  # type: ignore[arg-type]
    assert any(said in fault for fault in faults(planned, CALENDAR, MONDAY)), faults(planned, CALENDAR, MONDAY)
    with pytest.raises(PlanError), transaction(surgeries.engine) as session:
        plan(session, surgeries.desk, PRIYA, planned, CALENDAR)


def test_planning_again_changes_a_draft_and_never_what_families_see(surgeries: Surgeries) -> None:
    def again(**more: object) -> str:
        with transaction(surgeries.engine) as session:
            return plan(session, surgeries.desk, PRIYA, surgeries.planned(**more), OPEN_DAYS).did  # type: ignore[arg-type]

    assert [again(), again(), again(venue="Hanworth Library"), again()] == ["new", "same", "changed", "changed"]
    with transaction(surgeries.engine) as session:
        publish(session, surgeries.desk, PRIYA, "feltham")
        publish(session, surgeries.desk, PRIYA, "feltham")
    assert again() == "same"
    with pytest.raises(PlanError, match="Move or withdraw it"):
        again(venue="Elsewhere")


def test_only_officers_of_the_queue_run_surgeries(surgeries: Surgeries) -> None:
    surgeries.session()
    acts = (
        lambda s: plan(s, surgeries.desk, BEN, surgeries.planned("b"), OPEN_DAYS),
        lambda s: publish(s, surgeries.desk, BEN, "feltham"),
        lambda s: withdraw(s, surgeries.desk, BEN, "feltham"),
        lambda s: move(s, surgeries.desk, BEN, "feltham", OPEN_DAYS),
        lambda s: door_list(s, surgeries.desk, BEN, "feltham"),
        lambda s: arrived(s, surgeries.desk, BEN, "LH-B-XXXXX"),
        lambda s: no_show(s, surgeries.desk, BEN, "LH-B-XXXXX"),
        lambda s: walk_in(s, surgeries.desk, BEN, "feltham"),
        lambda s: listed(s, surgeries.desk, BEN),
    )
    for act in acts:
        with pytest.raises(MayNotRunError), transaction(surgeries.engine) as session:
            act(session)


def test_withdrawing_tells_everyone_booked_once_with_the_nearest_other_times(surgeries: Surgeries) -> None:
    first, second, _ = surgeries.session()
    surgeries.session("hounslow", date(2026, 12, 9), venue="Hounslow House")
    amina = surgeries.book(surgeries.person("amina"), first, visit=surgeries.visit(reminders=True))
    surgeries.book(surgeries.person("ben"), second, visit=surgeries.visit(to="ben@example.org"))
    for expected in (2, 0):
        with transaction(surgeries.engine) as session:
            assert withdraw(session, surgeries.desk, PRIYA, "feltham") == expected
    told = surgeries.letters("withdrawn")
    assert sorted(to for to, _ in told) == ["amina@example.org", "ben@example.org"]
    assert (
        "Your appointment on Tue 8 Dec, 9:30am, Feltham Library will not go ahead" in told[0][1]
        and "The nearest are: Wed 9 Dec, 9:30am, Hounslow House; Wed 9 Dec, 9:50am" in told[0][1]
    )
    assert surgeries.letters("reminder") == []
    with reading(surgeries.engine) as session:
        found = find(session, surgeries.desk, amina.token)
        assert isinstance(found, Booked) and found.booking.state is BookingState.WITHDRAWN
    surgeries.check_places()


def test_after_a_withdrawal_another_time_is_taken_by_the_link_with_nothing_typed_again(surgeries: Surgeries) -> None:
    first, *_ = surgeries.session()
    other, *_ = surgeries.session("hounslow", date(2026, 12, 9))
    amina = surgeries.person("amina")
    was = surgeries.book(amina, first)
    with transaction(surgeries.engine) as session:
        withdraw(session, surgeries.desk, PRIYA, "feltham")
    kept = surgeries.hold(amina, other)
    with transaction(surgeries.engine) as session:
        made = move_booking(session, surgeries.desk, was.token, kept, key="m")
    assert made.is_open and made.visit == was.visit and made.booking.sequence == 2


@pytest.mark.parametrize("shift", [timedelta(minutes=20), timedelta(minutes=-20), timedelta(days=7)])
def test_moving_a_session_keeps_every_place_and_tells_everyone(surgeries: Surgeries, shift: timedelta) -> None:
    slots = surgeries.session()
    surgeries.session("other", date(2026, 12, 9), venue="Hounslow House")
    made = surgeries.book(surgeries.person("amina"), slots[1], visit=surgeries.visit(reminders=True))
    surgeries.hold(surgeries.person("ben"), slots[2])
    begins = datetime(2026, 12, 8, 9, 30, tzinfo=UTC) + shift
    with transaction(surgeries.engine) as session:
        moved = move(
            session,
            surgeries.desk,
            PRIYA,
            "feltham",
            OPEN_DAYS,
            day=begins.date(),
            starts=begins.time(),
            venue="Hanworth",
        )
    assert moved == 1 and surgeries.holds() == 0
    with reading(surgeries.engine) as session:
        found = find(session, surgeries.desk, made.token)
        assert isinstance(found, Booked)
        assert found.booking.starts_at == made.booking.starts_at + shift == found.slots[0].starts_at
        assert found.booking.sequence == 1
    ((_, told),) = surgeries.letters("moved")
    assert "Your appointment has moved. It is now" in told and "Hanworth" in told and "Hounslow House" in told
    assert len(surgeries.letters("reminder")) == 1
    surgeries.check_places()


def test_a_session_is_not_moved_onto_a_closed_day_or_into_the_past(surgeries: Surgeries) -> None:
    surgeries.session()
    for day in (date(2026, 12, 25), date(2026, 11, 2)):
        with pytest.raises(PlanError), transaction(surgeries.engine) as session:
            move(session, surgeries.desk, PRIYA, "feltham", CALENDAR, day=day)


def test_the_door_list_says_who_comes_and_what_is_missing_and_each_look_is_noted(
    surgeries: Surgeries, clock: Clock
) -> None:
    first, second, _ = surgeries.session()
    visit = surgeries.visit(needs=("bsl", "step_free"), coming="me_and_child", questions=("What is next?",))
    amina = surgeries.book(surgeries.person("amina"), first, visit=visit)
    ben = surgeries.book(surgeries.person("ben"), second)
    surgeries.desk.vault.destroy(ben.booking.person_id)
    with transaction(surgeries.engine) as session:
        one, erased = door_list(session, surgeries.desk, PRIYA, "feltham")
    assert (one.reference, one.first_name, one.coming) == (amina.booking.reference, "Amina", "me_and_child")
    assert one.needs == ("bsl", "step_free") and one.missing == ("bsl",) and one.questions == ("What is next?",)
    assert erased.reference == ben.booking.reference and erased.first_name == ""
    with reading(surgeries.engine) as session:
        seen = session.exec(select(AuditEntry).where(AuditEntry.act == "door_list")).all()
    assert [entry.actor for entry in seen] == ["priya"]


def test_arrived_and_no_show_are_written_on_the_day_and_may_be_put_right(surgeries: Surgeries, clock: Clock) -> None:
    first, *_ = surgeries.session()
    made = surgeries.book(surgeries.person("amina"), first)
    reference = made.booking.reference.lower()
    with pytest.raises(PlanError, match="not on today"), transaction(surgeries.engine) as session:
        arrived(session, surgeries.desk, PRIYA, reference)
    clock.at = made.booking.starts_at
    with transaction(surgeries.engine) as session:
        assert no_show(session, surgeries.desk, PRIYA, reference)
        assert arrived(session, surgeries.desk, PRIYA, reference)
        assert not arrived(session, surgeries.desk, PRIYA, reference)
    with pytest.raises(PlanError, match="no booking"), transaction(surgeries.engine) as session:
        arrived(session, surgeries.desk, PRIYA, "LH-B-00000")


def test_who_walks_in_is_counted_or_takes_a_free_time(surgeries: Surgeries, clock: Clock) -> None:
    first, second, _ = surgeries.session(kind=SurgeryKind.MIXED)
    surgeries.book(surgeries.person("amina"), first)
    with pytest.raises(PlanError, match="not on now"), transaction(surgeries.engine) as session:
        walk_in(session, surgeries.desk, PRIYA, "feltham")
    clock.at = datetime(2026, 12, 8, 9, 0, tzinfo=UTC)
    with transaction(surgeries.engine) as session:
        walk_in(session, surgeries.desk, PRIYA, "feltham")
        walk_in(session, surgeries.desk, PRIYA, "feltham", "ehc_plan", second)
    with pytest.raises(SlotTakenError), transaction(surgeries.engine) as session:
        walk_in(session, surgeries.desk, PRIYA, "feltham", "", first)
    assert surgeries.taken() == [1, 1, 0]
    surgeries.check_places()


def test_the_list_shows_drafts_and_how_full_each_is(surgeries: Surgeries) -> None:
    first, *_ = surgeries.session()
    surgeries.session("draft", date(2027, 1, 12), published=False)
    surgeries.book(surgeries.person(), first)
    with reading(surgeries.engine) as session:
        found = listed(session, surgeries.desk, PRIYA)
    assert [(one.surgery.code, one.surgery.state, one.places, one.taken, one.bookings) for one in found] == [
        ("feltham", SurgeryState.PUBLISHED, 3, 1, 1),
        ("draft", SurgeryState.DRAFT, 3, 0, 0),
    ]


def test_a_series_keeps_the_weekday_of_the_month_and_passes_over_closed_days() -> None:
    days, passed = monthly(date(2026, 10, 30), 4, CALENDAR)
    # The fifth Friday: the last one where a month has four. Christmas Day is passed over.
    assert days == [date(2026, 10, 30), date(2026, 11, 27), date(2027, 1, 29), date(2027, 2, 26)]
    assert passed == [(date(2026, 12, 25), "Christmas Day")]
    with pytest.raises(ValueError, match="1 to 24"):
        monthly(date(2026, 10, 30), 0, CALENDAR)


@pytest.mark.parametrize(
    ("day", "first_utc"),
    [(date(2027, 3, 27), 10), (date(2027, 3, 28), 9), (date(2027, 10, 30), 9), (date(2027, 10, 31), 10)],
)
def test_ten_in_the_morning_is_ten_by_the_clock_on_both_sides_of_a_clock_change(
    surgeries: Surgeries, day: date, first_utc: int
) -> None:
    slots = times(time(10), time(11), 20, 1)
    surgeries.session("s", day, starts=time(10), ends=time(11), slots=slots)
    with reading(surgeries.engine) as session:
        starts = [slot.starts_at for slot in session.exec(select(Slot).order_by(Slot.starts_at)).all()]
        assert session.exec(select(Surgery)).one().starts_at.hour == first_utc
    assert [at.hour for at in starts] == [first_utc] * 3 and [at.minute for at in starts] == [0, 20, 40]

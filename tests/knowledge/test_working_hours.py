"""Promises: reply-by moments in a team's own hours, against a minute-by-minute count."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from knowledge.calendar import Closure, WorkingCalendar, read_calendar
from knowledge.pack import PACKS
from knowledge.working_hours import (
    LONDON,
    Period,
    QueueHours,
    Standard,
    Unit,
    opens_next,
    read_standard,
    read_week,
    reply_by,
)

CALENDAR, _ = read_calendar(PACKS / "hounslow")
OFFICE = QueueHours(read_week({"mon-thu": "9:00-13:00, 14:00-17:00", "fri": "9:00-16:30"}), CALENDAR)
NIGHTS = QueueHours(read_week({"mon-sun": "00:00-02:30, 22:00-24:00"}), CALENDAR)
DAYS_3, DAY_1, HOURS_4 = Standard(3, Unit.DAYS), Standard(1, Unit.DAYS), Standard(4, Unit.HOURS)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("received", "standard", "due", "reason"),
    [
        ("2026-11-23T10:00", DAYS_3, "2026-11-26T17:00", "Monday morning to the close of Thursday"),
        ("2026-11-23T17:00", DAYS_3, "2026-11-27T16:30", "as they close: first seen on Tuesday"),
        ("2026-11-24T10:00", DAYS_3, "2026-11-27T16:30", "Friday closes early"),
        ("2026-11-28T12:00", DAY_1, "2026-12-01T17:00", "Saturday: first seen on Monday"),
        ("2026-11-23T12:00", HOURS_4, "2026-11-23T17:00", "one hour, lunch, three hours"),
        ("2026-11-23T13:30", HOURS_4, "2026-11-24T10:00", "lunch does not count"),
        ("2026-11-27T16:00", HOURS_4, "2026-11-30T12:30", "over a weekend"),
        ("2026-03-27T15:00", DAYS_3, "2026-04-01T17:00", "over the clock change in spring"),
        ("2026-10-23T16:00", HOURS_4, "2026-10-26T12:30", "over the clock change in autumn"),
        ("2027-03-25T10:00", DAYS_3, "2027-04-01T17:00", "over Easter"),
        ("2026-12-24T10:00", DAYS_3, "2026-12-31T17:00", "over Christmas and its substitute day"),
        ("2026-12-31T16:30", HOURS_4, "2027-01-04T12:30", "over the year's end, 1 January a Friday"),
        ("2026-12-25T10:00", DAY_1, "2026-12-30T17:00", "on Christmas Day: first seen on the 29th"),
    ],
)
def test_reply_by(received: str, standard: Standard, due: str, reason: str):
    assert reply_by(OFFICE, at(received), standard) == at(due), reason


def test_the_promise_is_in_london_time_whatever_zone_the_message_came_in():
    due = reply_by(OFFICE, datetime(2026, 7, 6, 8, 0, tzinfo=UTC), HOURS_4)
    assert due.isoformat() == "2026-07-06T13:00:00+01:00"
    assert reply_by(OFFICE, datetime(2026, 10, 24, 8, 0, tzinfo=UTC), DAY_1).utcoffset() == timedelta(0)


def test_an_hour_is_an_hour_on_the_nights_the_clocks_change():
    spring = reply_by(NIGHTS, at("2027-03-28T00:30"), Standard(1, Unit.HOURS))
    assert spring.isoformat() == "2027-03-28T02:30:00+01:00"
    autumn = reply_by(NIGHTS, at("2026-10-25T00:30"), Standard(3, Unit.HOURS))
    assert autumn.isoformat() == "2026-10-25T02:30:00+00:00"


def test_a_council_closure_and_a_teams_own_put_a_promise_off():
    shut = Closure(date(2026, 12, 29), date(2026, 12, 31), "Christmas closure")
    council = replace(OFFICE, calendar=WorkingCalendar(CALENDAR.bank_holidays, (shut,)))
    team = replace(OFFICE, closures=(shut,))
    for hours in (council, team):
        assert reply_by(hours, at("2026-12-24T10:00"), DAYS_3) == at("2027-01-06T17:00")


def test_a_team_that_never_opens_promises_nothing():
    for standard in (DAYS_3, HOURS_4):
        with pytest.raises(ValueError, match="never opens"):
            reply_by(QueueHours({}, CALENDAR), at("2026-11-23T10:00"), standard)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="needs a time zone"):
        reply_by(OFFICE, datetime(2026, 11, 23, 10, 0), DAYS_3)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"someday": "9:00-17:00"}, "is no day"),
        ({"fri-mon": "9:00-17:00"}, "is no day"),
        ({"mon": "nine to five"}, "is no period"),
        ({"mon": "17:00-9:00"}, "closes before it opens"),
        ({"mon": "25:00-26:00"}, "hour must be in"),
        ({"mon": "9:00-13:00, 12:00-17:00"}, "must follow one another"),
        ({"mon": "9:00-24:00, 14:00-17:00"}, "must follow one another"),
        ({"mon-wed": "9:00-17:00", "tue": "9:00-17:00"}, "tue is given twice"),
    ],
)
def test_hours_that_make_no_sense_say_why(given: dict[str, str], says: str):
    with pytest.raises(ValueError, match=says):
        read_week(given)


@pytest.mark.parametrize("text", ["", "soon", "0 working days", "3 days", "-1 working days", "3 working weeks"])
def test_a_standard_that_makes_no_sense_says_how_to_write_one(text: str):
    with pytest.raises(ValueError, match="write it like 3 working days"):
        read_standard(text)


def test_a_standard_is_read():
    assert read_standard("3 working days") == DAYS_3 and read_standard("1 working hour") == Standard(1, Unit.HOURS)


# What holds for every team, message and standard --------------------------------------------------------------------

# Around both clock changes, Easter, Christmas and the year's end, by the minute.
MOMENTS = st.one_of(
    *[
        st.datetimes(datetime(*start), datetime(*end))
        for start, end in [
            ((2026, 3, 25), (2026, 4, 8)),
            ((2026, 10, 22), (2026, 10, 29)),
            ((2026, 12, 20), (2027, 1, 6)),
            ((2026, 6, 1), (2027, 6, 1)),
        ]
    ]
).map(lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC))
STANDARDS = st.builds(Standard, st.integers(1, 12), st.sampled_from(Unit))


@st.composite
def weeks(draw: st.DrawFn) -> dict[int, tuple[Period, ...]]:
    """A week with up to three periods a day, in quarters of an hour, open on some day."""
    week = {}
    for day in draw(st.sets(st.integers(0, 6), min_size=1)):
        edges = sorted(draw(st.sets(st.integers(0, 95), min_size=2, max_size=6)))
        pairs = list(zip(edges[::2], edges[1::2], strict=False))
        week[day] = tuple(Period(quarter(first), quarter(last)) for first, last in pairs)
    return week


def quarter(number: int) -> time:
    return time(number // 4, number % 4 * 15)


CLOSURES = st.builds(
    lambda first, length: Closure(first, first + timedelta(days=length), "closed"),
    st.dates(date(2026, 1, 1), date(2027, 6, 1)),
    st.integers(0, 9),
)
TEAMS = st.builds(lambda week, shut: QueueHours(week, CALENDAR, tuple(shut)), weeks(), st.lists(CLOSURES, max_size=2))


def is_open(hours: QueueHours, moment: datetime) -> bool:
    """Whether the team is open in the minute that starts at `moment`, told from the wall clock alone."""
    here = moment.astimezone(LONDON)
    shut = here.date() in CALENDAR.bank_holidays or any(c.first <= here.date() <= c.last for c in hours.closures)
    now = here.time().replace(fold=0)
    return not shut and any(one.opens <= now < one.closes for one in hours.week.get(here.weekday(), ()))


def edge_in_the_lost_hour(hours: QueueHours) -> bool:
    """Whether a period starts or ends inside the hour that a clock change repeats or drops: the wall cannot tell."""
    edges = (edge for periods in hours.week.values() for one in periods for edge in (one.opens, one.closes))
    return any(time(1) < edge < time(2) for edge in edges)


@given(TEAMS, MOMENTS, st.integers(1, 5))
@settings(max_examples=60)
def test_hours_agree_with_a_count_by_the_quarter_hour(hours: QueueHours, received: datetime, number: int):
    assume(not edge_in_the_lost_hour(hours))
    received = received.replace(minute=received.minute // 15 * 15)
    moment, left = received, number * 4
    while left and moment < received + timedelta(days=200):
        left -= is_open(hours, moment)
        moment += timedelta(minutes=15)
    if left == 0:
        # In the hour that comes twice, moments of two zones are never equal (PEP 495): both are looked at in one.
        assert reply_by(hours, received, Standard(number, Unit.HOURS)).astimezone(UTC) == moment


@given(TEAMS, MOMENTS, STANDARDS)
def test_a_promise_is_never_before_the_message_nor_inside_closed_time(
    hours: QueueHours, received: datetime, standard: Standard
):
    due = reply_by(hours, received, standard)
    assert due > received and due.tzinfo is LONDON
    assert not hours.is_closed((due - timedelta(microseconds=1)).date())
    days = (due.date() - timedelta(days=1), due.date())
    assert any(opens < due <= closes for day in days for opens, closes in hours.periods(day))


@given(TEAMS, MOMENTS, MOMENTS, STANDARDS)
def test_a_later_message_is_never_promised_an_earlier_reply(
    hours: QueueHours, one: datetime, other: datetime, standard: Standard
):
    first, second = sorted([one, other])
    assert reply_by(hours, first, standard) <= reply_by(hours, second, standard)


@given(TEAMS, MOMENTS, STANDARDS)
def test_a_longer_standard_is_never_sooner(hours: QueueHours, received: datetime, standard: Standard):
    longer = replace(standard, number=standard.number + 1)
    assert reply_by(hours, received, standard) < reply_by(hours, received, longer)


@given(TEAMS, MOMENTS, STANDARDS, CLOSURES)
def test_adding_a_closure_never_makes_a_promise_earlier(
    hours: QueueHours, received: datetime, standard: Standard, closure: Closure
):
    more = replace(hours, closures=(*hours.closures, closure))
    assert reply_by(more, received, standard) >= reply_by(hours, received, standard)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-23T10:00", None),
        ("2026-11-23T17:00", "2026-11-24T09:00"),
        ("2026-11-20T18:30", "2026-11-23T09:00"),
    ],
)
def test_a_team_that_is_closed_says_when_it_opens_and_one_that_is_open_says_nothing(at: str, opens: str | None):
    hours = QueueHours(read_week({"mon-fri": "9:00-17:00"}))
    found = opens_next(hours, datetime.fromisoformat(at).replace(tzinfo=LONDON))
    assert (found and found.strftime("%Y-%m-%dT%H:%M")) == opens
    assert opens_next(QueueHours({}), datetime.fromisoformat(at).replace(tzinfo=LONDON)) is None

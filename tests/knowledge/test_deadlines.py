"""The clock: 300 dated cases against another way to count, dates worked out by hand, and what holds for every date.

The oracle below is written from the table of rules alone. It shares no code with the product: months by dateutil,
bank holidays by the `holidays` library, working days and the appeal rules by walking the calendar day by day.
"""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import example, given
from hypothesis import strategies as st
from little_council import write_pack

from knowledge.calendar import read_calendar
from knowledge.counting import appeal_last_day, last_friday_of_june
from knowledge.deadline_records import read_deadlines
from knowledge.deadlines import Certainty, Doubt, dates_for, out_of_order
from knowledge.pack import PACKS, load_pack
from knowledge.problems import PackError

ENGLAND = holidays.country_holidays("GB", subdiv="ENG", years=range(2020, 2033))
ONE = timedelta(days=1)
CLOCK, _ = read_deadlines(PACKS / "hounslow")
CALENDAR, _ = read_calendar(PACKS / "hounslow")


def worked(event: str, **given: date) -> dict[str, date]:
    """Each date by the id of its rule."""
    return {one.rule.id: one.day for one in dates_for(CLOCK.events[event], given, CALENDAR)}


# The oracle --------------------------------------------------------------------------------------------------------


def works(day: date) -> bool:
    return day.isoweekday() <= 5 and day not in ENGLAND


def walk(day: date, stop: Callable[[date], bool]) -> date:
    """The first day from `day` on at which `stop` holds."""
    while not stop(day):
        day += ONE
    return day


def appeal_oracle(letter: date | None, certificate: date | None) -> date:
    ends = [letter + relativedelta(months=2)] if letter else []
    ends += [certificate + relativedelta(months=1)] if certificate else []
    end = sorted(ends)[-1]
    if end.month == 8:
        return walk(end, lambda day: day.month == 9 and works(day))
    if (end.month, end.day) in {(12, n) for n in range(25, 32)} | {(1, 1)}:
        return walk(end, lambda day: day.month == 1 and day.day > 1 and works(day))
    return walk(end, works)


def third_working_day(day: date) -> date:
    counted = 0
    while counted < 3:
        day += ONE
        counted += works(day)
    return day


def anniversary(day: date) -> date:
    return day + relativedelta(years=1)


ORACLE: dict[str, Callable[[date], dict[str, date]]] = {
    "request-received": lambda d: {
        "decide": d + relativedelta(weeks=6),
        "no-plan": d + relativedelta(weeks=16),
        "final-plan": d + relativedelta(weeks=20),
    },
    "draft-plan-served": lambda d: {"comment": d + relativedelta(days=+14)},
    "annual-review": lambda d: {
        "papers": d - relativedelta(days=14),
        "review-decision": d + relativedelta(days=28),
        "amended-plan": d + relativedelta(days=28) + relativedelta(days=56),
    },
    "plan-issued": lambda d: {
        "first-review": anniversary(d),
        "review-meeting": anniversary(d) - relativedelta(weeks=4),
    },
    "school-transfer": lambda d: {
        "transfer-february": d + relativedelta(month=2, day=15),
        "latest-review": d + relativedelta(month=2, day=15) - relativedelta(weeks=12),
    },
    "post-16-transfer": lambda d: {"transfer-march": d + relativedelta(month=3, day=31)},
    "post-16-to-post-16": lambda d: {"transfer-five-months": d - relativedelta(months=5)},
    "decision-letter": lambda d: {
        "contact-mediation": d + relativedelta(months=2),
        "appeal": appeal_oracle(d, None),
    },
    "mediation-certificate": lambda d: {"appeal": appeal_oracle(None, d)},
    "mediation-asked": lambda d: {"mediation-held": d + relativedelta(days=30)},
    "mediation-ended": lambda d: {"certificate": third_working_day(d)},
    "amendment-notice": lambda d: {
        "comment-on-changes": d + relativedelta(days=+14),
        "amended-plan": d + relativedelta(weeks=8),
    },
}
# Month ends, August, Christmas and the new year, leap years, Easter, both clock changes, and days nothing is special on.
DAYS = [
    *[date(2026, 1, 1), date(2026, 1, 31), date(2026, 3, 29), date(2026, 3, 31), date(2026, 4, 3), date(2026, 5, 31)],
    *[date(2026, 6, 1), date(2026, 6, 12), date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 1)],
    *[date(2026, 8, 31), date(2026, 10, 2), date(2026, 10, 25), date(2026, 10, 31), date(2026, 11, 25)],
    *[date(2026, 12, 1), date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 31), date(2027, 3, 28)],
    *[date(2027, 5, 30), date(2027, 12, 30), date(2028, 2, 29), date(2024, 2, 29), date(2025, 10, 3)],
]
CASES = [(event, day) for event in ORACLE for day in DAYS]
# A letter and a certificate: which of the two counts, and where the later one lands.
PAIRS = [
    (date(2025, 10, 1), date(2025, 11, 29)),
    (date(2026, 6, 12), date(2026, 6, 20)),
    (date(2026, 6, 30), date(2026, 8, 31)),
    (date(2026, 10, 25), date(2026, 11, 2)),
    (date(2026, 10, 31), date(2027, 1, 31)),
    (date(2026, 12, 31), date(2027, 1, 29)),
    (date(2023, 12, 31), date(2024, 1, 29)),
    (date(2026, 5, 31), date(2026, 7, 1)),
    (date(2026, 3, 1), date(2026, 4, 1)),
    (date(2026, 3, 1), date(2026, 3, 31)),
]


def test_there_are_at_least_300_dated_cases():
    assert len(set(CASES)) + len(PAIRS) >= 300


@pytest.mark.parametrize(("event", "day"), CASES, ids=str)
def test_the_clock_agrees_with_another_way_to_count(event: str, day: date):
    start = CLOCK.events[event].start
    assert worked(event, **{start: day}) == ORACLE[event](day)


@pytest.mark.parametrize(("letter", "certificate"), PAIRS, ids=str)
def test_the_later_of_letter_and_certificate_counts(letter: date, certificate: date):
    expected = appeal_oracle(letter, certificate)
    assert worked("decision-letter", letter=letter, certificate=certificate)["appeal"] == expected
    assert worked("mediation-certificate", letter=letter, certificate=certificate)["appeal"] == expected


def test_every_event_of_the_pack_has_an_oracle():
    assert set(CLOCK.events) == set(ORACLE)


# By hand -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "given", "rule", "day", "reason"),
    [
        ("request-received", {"request": date(2025, 10, 3)}, "decide", date(2025, 11, 14), "a Friday, six weeks on"),
        ("request-received", {"request": date(2026, 5, 20)}, "final-plan", date(2026, 10, 7), "summer counts"),
        ("request-received", {"request": date(2026, 11, 13)}, "decide", date(2026, 12, 25), "Christmas Day, not moved"),
        ("request-received", {"request": date(2026, 10, 1)}, "decide", date(2026, 11, 12), "the clocks went back"),
        ("request-received", {"request": date(2024, 1, 25)}, "decide", date(2024, 3, 7), "over 29 February"),
        ("draft-plan-served", {"draft": date(2026, 3, 1)}, "comment", date(2026, 3, 15), "the day itself is day 1"),
        ("annual-review", {"meeting": date(2026, 5, 5)}, "papers", date(2026, 4, 21), "two weeks back"),
        ("annual-review", {"meeting": date(2026, 5, 5)}, "review-decision", date(2026, 6, 2), "four weeks"),
        ("annual-review", {"meeting": date(2026, 5, 5)}, "amended-plan", date(2026, 7, 28), "twelve weeks at most"),
        (
            "annual-review",
            {"meeting": date(2026, 5, 5), "notice": date(2026, 5, 12)},
            "amended-plan",
            date(2026, 7, 7),
            "the notice was early: eight weeks from it",
        ),
        (
            "annual-review",
            {"meeting": date(2026, 5, 5), "notice": date(2026, 6, 30)},
            "amended-plan",
            date(2026, 7, 28),
            "the notice was late: still twelve weeks from the meeting",
        ),
        ("plan-issued", {"plan": date(2024, 2, 29)}, "first-review", date(2025, 2, 28), "no such day next year"),
        ("plan-issued", {"plan": date(2026, 9, 10)}, "review-meeting", date(2027, 8, 13), "four weeks before"),
        ("school-transfer", {"transfer": date(2027, 9, 1)}, "transfer-february", date(2027, 2, 15), "fixed"),
        ("school-transfer", {"transfer": date(2027, 9, 1)}, "latest-review", date(2026, 11, 23), "12 weeks before"),
        ("post-16-transfer", {"transfer": date(2027, 9, 1)}, "transfer-march", date(2027, 3, 31), "fixed"),
        ("post-16-to-post-16", {"transfer": date(2027, 7, 31)}, "transfer-five-months", date(2027, 2, 28), "short"),
        ("decision-letter", {"letter": date(2026, 12, 31)}, "contact-mediation", date(2027, 2, 28), "last day"),
        ("decision-letter", {"letter": date(2026, 6, 14)}, "contact-mediation", date(2026, 8, 14), "does not move"),
        ("decision-letter", {"letter": date(2026, 3, 14)}, "appeal", date(2026, 5, 14), "14 March to 14 May"),
        ("decision-letter", {"letter": date(2026, 6, 12)}, "appeal", date(2026, 9, 1), "August; 31 August is shut"),
        ("decision-letter", {"letter": date(2027, 6, 30)}, "appeal", date(2027, 9, 1), "30 August"),
        (
            "decision-letter",
            {"letter": date(2026, 10, 25)},
            "appeal",
            date(2027, 1, 4),
            "Christmas; 2 January a Saturday",
        ),
        ("decision-letter", {"letter": date(2026, 11, 1)}, "appeal", date(2027, 1, 4), "1 January is in the rule"),
        ("decision-letter", {"letter": date(2026, 10, 24)}, "appeal", date(2026, 12, 24), "24 December is not"),
        ("decision-letter", {"letter": date(2026, 11, 2)}, "appeal", date(2027, 1, 4), "2 January is a Saturday"),
        ("decision-letter", {"letter": date(2027, 1, 26)}, "appeal", date(2027, 3, 30), "Good Friday to after Easter"),
        ("mediation-certificate", {"certificate": date(2026, 8, 31)}, "appeal", date(2026, 9, 30), "a short month"),
        ("mediation-certificate", {"certificate": date(2026, 7, 31)}, "appeal", date(2026, 9, 1), "31 August"),
        ("mediation-asked", {"asked": date(2026, 2, 1)}, "mediation-held", date(2026, 3, 3), "thirty days"),
        ("mediation-ended", {"ended": date(2026, 12, 24)}, "certificate", date(2026, 12, 31), "over Christmas"),
        ("mediation-ended", {"ended": date(2027, 3, 25)}, "certificate", date(2027, 4, 1), "over Easter"),
        ("mediation-ended", {"ended": date(2026, 11, 20)}, "certificate", date(2026, 11, 25), "over a weekend"),
    ],
)
def test_worked_out_by_hand(event: str, given: dict[str, date], rule: str, day: date, reason: str):
    assert worked(event, **given)[rule] == day, reason


def test_ipseas_own_example_letter_of_1_october_certificate_of_29_november():
    dates = worked("decision-letter", letter=date(2025, 10, 1), certificate=date(2025, 11, 29))
    assert dates["appeal"] == date(2026, 1, 2)


# What is uncertain -------------------------------------------------------------------------------------------------


def one(event: str, rule: str, **given: date):  # type: ignore[no-untyped-def]
    return next(made for made in dates_for(CLOCK.events[event], given, CALENDAR) if made.rule.id == rule)


def test_settled_dates_have_no_doubts():
    made = dates_for(CLOCK.events["request-received"], {"request": date(2026, 10, 2)}, CALENDAR)
    assert [each.certainty for each in made] == [Certainty.SETTLED] * 3
    assert all("impractical" in each.rule.exceptions[0].text for each in made)
    assert any("pause for summer" in claim.text for claim in made[0].rule.exceptions)


@pytest.mark.parametrize(
    ("event", "rule"),
    [("plan-issued", "first-review"), ("plan-issued", "review-meeting"), ("school-transfer", "latest-review")],
)
def test_what_the_table_calls_uncertain_says_why(event: str, rule: str):
    made = one(event, rule, **{CLOCK.events[event].start: date(2026, 9, 10)})
    assert made.certainty is Certainty.UNCERTAIN and made.doubts == (Doubt.RULE,) and made.rule.why


def test_a_first_review_gives_both_readings():
    made = one("plan-issued", "first-review", plan=date(2026, 9, 10))
    assert (made.day, made.other) == (date(2027, 9, 10), date(2027, 9, 9))


def test_a_saturday_31_july_moves_to_the_monday_and_the_other_reading_is_told():
    made = one("decision-letter", "appeal", letter=date(2027, 5, 31))
    assert (made.ended, made.day, made.other) == (date(2027, 7, 31), date(2027, 8, 2), date(2027, 9, 1))
    assert Doubt.MOVED_INTO in made.doubts


def test_past_the_last_known_year_only_weekends_are_known_and_it_says_so():
    made = one("decision-letter", "appeal", letter=date(2045, 2, 10))
    assert made.day == date(2045, 4, 10) and made.doubts == (Doubt.BANK_HOLIDAYS,)
    assert one("request-received", "decide", request=date(2045, 2, 10)).certainty is Certainty.SETTLED


def test_what_a_missing_date_would_change_is_said():
    alone = one("decision-letter", "appeal", letter=date(2026, 3, 14))
    both = one("decision-letter", "appeal", letter=date(2026, 3, 14), certificate=date(2026, 3, 20))
    assert "mediation certificate" in alone.notes[0] and both.notes == ()


def test_a_certificate_before_its_letter_is_odd():
    event = CLOCK.events["decision-letter"]
    assert out_of_order(event, {"letter": date(2026, 3, 2), "certificate": date(2026, 3, 1)}) == (
        ("letter", "certificate"),
    )
    assert out_of_order(event, {"letter": date(2026, 3, 1), "certificate": date(2026, 3, 1)}) == ()


def test_a_date_the_event_does_not_take_is_refused():
    event = CLOCK.events["decision-letter"]
    with pytest.raises(ValueError, match="takes no date for notice: it takes letter, certificate"):
        dates_for(event, {"letter": date(2026, 3, 1), "notice": date(2026, 3, 1)}, CALENDAR)
    with pytest.raises(ValueError, match="the date of the letter is missing"):
        dates_for(event, {"certificate": date(2026, 3, 1)}, CALENDAR)


# What holds for every date -----------------------------------------------------------------------------------------

ANY_DAY = st.dates(date(2020, 3, 1), date(2032, 4, 30))


@given(ANY_DAY)
@example(date(2027, 7, 31))
@example(date(2028, 12, 24))
def test_an_appeal_day_is_a_working_day_on_or_after_the_end(end: date):
    last = appeal_last_day(end, CALENDAR)
    assert last.day >= end and works(last.day)
    assert (last.moved is None) == (last.day == end)
    assert last.later is None or (last.later > last.day and works(last.later))
    assert not (end.month == 8 and last.day.month == 8)


@given(ANY_DAY, ANY_DAY)
def test_a_later_end_never_gives_an_earlier_appeal_day(end: date, other: date):
    first, second = sorted([end, other])
    assert appeal_last_day(first, CALENDAR).day <= appeal_last_day(second, CALENDAR).day


@given(st.sampled_from(sorted(ORACLE)), st.dates(date(2020, 4, 1), date(2032, 1, 1)))
def test_any_day_agrees_with_the_oracle(event: str, day: date):
    assert worked(event, **{CLOCK.events[event].start: day}) == ORACLE[event](day)


@given(ANY_DAY, st.integers(-60, 200))
def test_a_certificate_never_makes_an_appeal_day_earlier(letter: date, days: int):
    certificate = letter + timedelta(days=days)
    alone = worked("decision-letter", letter=letter)["appeal"]
    assert worked("decision-letter", letter=letter, certificate=certificate)["appeal"] >= alone


@given(ANY_DAY)
def test_the_clock_gives_its_dates_soonest_first(day: date):
    for event in CLOCK.events.values():
        days = [made.day for made in dates_for(event, {event.start: day}, CALENDAR)]
        assert days == sorted(days)


@pytest.mark.parametrize("year", range(2024, 2035))
def test_compulsory_school_age_ends_on_the_last_friday_of_june(year: int):
    day = last_friday_of_june(year)
    assert (day.month, day.isoweekday()) == (6, 5) and (day + timedelta(days=7)).month == 7


# The file ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("6 weeks", "six weeks", "'six weeks' is no count"),
        ("[clubs]", "", "end this with its sources in square brackets"),
        ("start: letter", "start: post", "missing: post"),
        ("rules: [answer]", "rules: [reply]", "it needs 'reply'"),
        ("bound: before", "bound: near", "'near' is not a valid Bound"),
        ("also: [post]", "also: post", "also must be a list"),
        ("{letter: 6 weeks}", "{post: 6 weeks}", "cannot be counted from the letter: answer"),
        ("also: [post]", "also: [letter]", "letter is a name of both letter and letter"),
    ],
)
def test_a_broken_clock_is_named(tmp_path: Path, old: str, new: str, says: str):
    text = """
rules:
  answer: {what: The desk answers., rule: "Within 6 weeks. [clubs]", counts: {letter: 6 weeks}, bound: before}
events:
  letter: {name: A letter, start: letter, queue: clubs, rules: [answer], also: [post], stated: {letter: "Sent {date}"}}
"""
    assert load_pack(write_pack(tmp_path / "sound", **{"deadlines.yaml": text})).deadlines.events["letter"]
    assert old in text
    with pytest.raises(PackError) as caught:
        load_pack(write_pack(tmp_path / "p", **{"deadlines.yaml": text.replace(old, new)}))
    assert any(problem.path == "deadlines.yaml" and says in problem.message for problem in caught.value.problems)

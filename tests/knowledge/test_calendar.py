"""Bank holidays, working days and closures, against two libraries that know England's calendar."""

from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import given
from hypothesis import strategies as st
from little_council import write_pack

from knowledge.calendar import Closure, WorkingCalendar, add_working_days, next_working_day, read_calendar
from knowledge.check import check_pack
from knowledge.pack import PACKS, load_pack
from knowledge.problems import PackError

CALENDAR, _ = read_calendar(PACKS / "hounslow")
ENGLAND = holidays.country_holidays("GB", subdiv="ENG", years=range(2020, 2033))
DAYS = st.dates(date(2020, 1, 1), date(2032, 6, 30))


@pytest.mark.parametrize("year", range(2020, 2033))
def test_the_packs_bank_holidays_are_those_of_the_holidays_library(year: int):
    ours = {day for day in CALENDAR.bank_holidays if day.year == year}
    assert ours == {day for day in ENGLAND if day.year == year and day.weekday() < 5}


def test_they_are_those_gov_uk_publishes_in_the_years_it_gives():
    published = BankHolidays(use_cached_holidays=True).get_holidays(division="england-and-wales")
    theirs = {row["date"] for row in published if row["date"].year >= 2020 and row["date"].weekday() < 5}
    assert len({day.year for day in theirs}) >= 5
    assert theirs == {day for day in CALENDAR.bank_holidays if min(theirs) <= day <= max(theirs)}


def test_it_holds_at_least_2024_to_2030_and_says_where_it_ends():
    assert set(range(2024, 2031)) <= CALENDAR.years
    assert CALENDAR.covers(date(2030, 12, 31)) and not CALENDAR.covers(date(2040, 1, 1))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 26), False),
        (date(2026, 12, 28), False),
        (date(2026, 12, 29), True),
        (date(2027, 3, 26), False),
        (date(2027, 3, 29), False),
        (date(2026, 8, 31), False),
        (date(2026, 8, 3), True),
    ],
)
def test_weekends_and_bank_holidays_are_no_working_days(day: date, working: bool):
    assert CALENDAR.is_working(day) is working


@given(DAYS, st.integers(0, 30))
def test_adding_working_days_counts_each_one_and_lands_on_one(day: date, count: int):
    end = add_working_days(day, count, CALENDAR)
    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(one.weekday() < 5 and one not in ENGLAND for one in between) == count
    assert count == 0 or CALENDAR.is_working(end)


@given(DAYS)
def test_the_next_working_day_is_the_first_there_is(day: date):
    end = next_working_day(day, CALENDAR)
    assert CALENDAR.is_working(end) and 0 <= (end - day).days <= 5
    assert not any(CALENDAR.is_working(day + timedelta(days=n)) for n in range((end - day).days))


def test_a_closure_shuts_the_office_and_moves_no_date_in_law():
    shut = WorkingCalendar(closures=(Closure(date(2026, 12, 29), date(2026, 12, 31), "Christmas closure"),))
    assert shut.closed_because(date(2026, 12, 30)) == "Christmas closure"
    assert shut.closed_because(date(2027, 1, 4)) is None
    assert shut.is_working(date(2026, 12, 30))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("bank_holidays: {2026: {2027-01-01: New Year}}", "is not a day of 2026"),
        ("bank_holidays: {2026: {soon: New Year}}", "'soon' is not a day of 2026"),
        ("closures: [{first: 2026-12-29, last: 2026-12-28, why: x}]", "needs a first day, a last day and why"),
        ("closures: [tomorrow]", "needs a first day, a last day and why"),
        ("- a list", "expected names with values"),
    ],
)
def test_a_broken_calendar_is_named(tmp_path: Path, text: str, says: str):
    with pytest.raises(PackError, match=says):
        load_pack(write_pack(tmp_path / "p", **{"calendar.yaml": text}))


def test_a_calendar_that_runs_out_soon_is_a_fault_of_the_pack(tmp_path: Path):
    pack = load_pack(write_pack(tmp_path / "p", **{"calendar.yaml": "bank_holidays: {2026: {2026-12-25: Christmas}}"}))
    assert [problem.message for problem in check_pack(pack)] == [
        "add the bank holidays of 2027, 2028, from https://www.gov.uk/bank-holidays"
    ]

"""Dates as people type them, read on Monday 23 November 2026 unless a test says otherwise."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.typed_dates import Ambiguous, Known, Lean, Why, find_dates, read_date

TODAY = date(2026, 11, 23)
THURSDAY = date(2026, 11, 26)
THE_3RD = date(2025, 10, 3)
DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "Friday 3 October 2025",
        "Friday, 3rd October, 2025",
        "Fri 3 Oct 2025",
        "Fri. 3 Oct. 2025",
        "friday the 3rd of october 2025",
        "3 October 2025",
        "3rd october 2025",
        "3rd of Oct '25",
        "3-Oct-25",
        "3Oct2025",
        "October 3, 2025",
        "Oct 3rd 2025",
        "3/10/25",
        "03/10/2025",
        "3.10.2025",
        "3-10-2025",
        "3 / 10 / 2025",
        "Fri 3/10/25",
        "2025-10-03",
        "2025/10/03",
        "2025-10-03T09:30:00Z",
        "on 3 October 2025.",
        "3 october last year",
        "3 ocotber 2025",
        "it was the 3rd of October 2025, I think",
        "٣/١٠/٢٠٢٥",
    ],
)
def test_every_way_to_write_3_october_2025(text: str):
    assert read_date(text, TODAY) == Known(THE_3RD)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", TODAY),
        ("yesterday", date(2026, 11, 22)),
        ("the day before yesterday", date(2026, 11, 21)),
        ("tomorrow", date(2026, 11, 24)),
        ("last Tuesday", date(2026, 11, 17)),
        ("last Monday", date(2026, 11, 16)),
        ("this Friday", date(2026, 11, 27)),
        ("two weeks ago", date(2026, 11, 9)),
        ("10 days ago", date(2026, 11, 13)),
        ("a fortnight ago", date(2026, 11, 9)),
    ],
)
def test_days_counted_from_today(text: str, day: date):
    assert read_date(text, TODAY) == Known(day)


@pytest.mark.parametrize(
    ("text", "lean", "day"),
    [
        ("3 Oct", Lean.NEAREST, date(2026, 10, 3)),
        ("3 March", Lean.NEAREST, date(2027, 3, 3)),
        ("3 March", Lean.PAST, date(2026, 3, 3)),
        ("3 October", Lean.FUTURE, date(2027, 10, 3)),
        ("23 November", Lean.PAST, TODAY),
        ("23 November", Lean.FUTURE, TODAY),
        ("3/10", Lean.NEAREST, date(2026, 10, 3)),
        ("Saturday 3 October", Lean.PAST, date(2026, 10, 3)),
        ("29 February", Lean.PAST, date(2024, 2, 29)),
        ("29 February", Lean.FUTURE, date(2028, 2, 29)),
    ],
)
def test_a_missing_year_is_the_nearest_that_makes_sense_and_says_so(text: str, lean: Lean, day: date):
    assert read_date(text, TODAY, lean) == Known(day, year_assumed=True)


@pytest.mark.parametrize(
    ("text", "today", "choices", "why"),
    [
        ("Friday 3 October 2026", TODAY, [date(2025, 10, 3), date(2026, 10, 2), date(2026, 10, 3)], Why.WEEKDAY),
        ("Friday 3 October", TODAY, [date(2025, 10, 3), date(2026, 10, 2), date(2026, 10, 3)], Why.WEEKDAY),
        ("Monday 3 October 2025", TODAY, [date(2025, 10, 3), date(2025, 10, 6)], Why.WEEKDAY),
        ("31 September 2026", TODAY, [date(2026, 9, 30), date(2026, 10, 1)], Why.NO_SUCH_DAY),
        ("29/2/2026", TODAY, [date(2026, 2, 28), date(2026, 3, 1)], Why.NO_SUCH_DAY),
        ("last Tuesday", THURSDAY, [date(2026, 11, 17), date(2026, 11, 24)], Why.WHICH_WEEK),
        ("next Friday", THURSDAY, [date(2026, 11, 27), date(2026, 12, 4)], Why.WHICH_WEEK),
        ("on Friday", TODAY, [date(2026, 11, 20), date(2026, 11, 27)], Why.WHICH_WEEK),
        ("the 3rd", TODAY, [date(2026, 11, 3), date(2026, 12, 3)], Why.WHICH_MONTH),
        ("3-5 October", TODAY, [date(2026, 10, 3), date(2026, 10, 5)], Why.RANGE),
        ("3rd or 5th October 2025", TODAY, [date(2025, 10, 3), date(2025, 10, 5)], Why.RANGE),
    ],
)
def test_what_can_be_read_in_several_ways_gives_the_choices(text: str, today: date, choices: list[date], why: Why):
    assert read_date(text, today) == Ambiguous(tuple(choices), why)


def test_a_weekday_alone_follows_the_side_of_today_that_is_meant():
    assert read_date("on Friday", TODAY, Lean.PAST) == Known(date(2026, 11, 20))
    assert read_date("on Friday", TODAY, Lean.FUTURE) == Known(date(2026, 11, 27))
    assert read_date("on Monday", TODAY, Lean.PAST) == Ambiguous((date(2026, 11, 16), TODAY), Why.WHICH_WEEK)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "October 2025",
        "10/13/2025",
        "0/10/2025",
        "32 October 2025",
        "9999-12-31",
        "020 8583 2672",
        "1.2.3.4",
        "friday week",
        "3 October 2025 and 4 November 2025",
        "the 1st review",
        "score 3/10",
        "24/7 help",
        "about 20 weeks",
        "year 9",
    ],
)
def test_what_is_no_date_or_two_dates_is_none(text: str):
    assert read_date(text, TODAY) is None


def test_day_comes_before_month():
    assert read_date("4/5/2026", TODAY) == Known(date(2026, 5, 4))


def test_dates_are_found_in_a_message_where_they_stand():
    text = "I sent it on 1 October and they got it on Friday 2/10/26, 20 weeks ago."
    found = find_dates(text, TODAY)
    assert [text[one.start : one.end] for one in found] == ["1 October", "Friday 2/10/26"]
    assert [one.reading for one in found] == [Known(date(2026, 10, 1), year_assumed=True), Known(date(2026, 10, 2))]


@given(DAYS, DAYS, st.sampled_from(["%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%A %d %b %Y", "%d.%m.%y", "%B %d, %Y"]))
def test_what_is_written_in_full_is_read_back_whatever_today_is(day: date, today: date, shape: str):
    assert read_date(day.strftime(shape), today) == Known(day)


@given(DAYS, DAYS, st.sampled_from(Lean))
def test_a_date_without_its_year_is_at_most_a_year_away_on_the_side_asked_for(day: date, today: date, lean: Lean):
    reading = read_date(f"{day:%-d %B}", today, lean)
    assert isinstance(reading, Known) and reading.year_assumed
    away = (reading.day - today).days
    leap = (day.month, day.day) == (2, 29)
    assert abs(away) <= (366 * 8 if leap else 366 if lean is not Lean.NEAREST else 184)
    assert away <= 0 or lean is not Lean.PAST
    assert away >= 0 or lean is not Lean.FUTURE


@given(DAYS, st.sampled_from(["last", "next", "this", "on"]), st.integers(0, 6), st.sampled_from(Lean))
def test_a_named_weekday_is_that_weekday_within_a_fortnight(today: date, which: str, weekday: int, lean: Lean):
    name = (date(2026, 11, 23) + timedelta(days=weekday)).strftime("%A")
    reading = read_date(f"{which} {name}", today, lean)
    days = (reading.day,) if isinstance(reading, Known) else reading.choices if reading else ()
    assert days and list(days) == sorted(set(days))
    assert all(day.weekday() == weekday and abs((day - today).days) <= 14 for day in days)


@given(st.text(max_size=200), DAYS)
def test_no_text_breaks_it(text: str, today: date):
    reading = read_date(text, today)
    assert reading is None or isinstance(reading, Known) or 2 <= len(reading.choices) <= 4
    assert all(0 <= one.start < one.end <= len(text) for one in find_dates(text, today))


@given(
    st.lists(st.sampled_from("3 31 10 / - . oct may fri last on the st 2025 25 or to ago week".split()), max_size=12)
)
def test_no_heap_of_dates_breaks_it(words: list[str]):
    for text in (" ".join(words), "".join(words)):
        reading = read_date(text, TODAY)
        assert not isinstance(reading, Ambiguous) or 2 <= len(set(reading.choices)) <= 4

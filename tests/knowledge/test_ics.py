"""Calendar files: all-day entries that any calendar can read, the same each time they are made."""

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from knowledge.ics import DayEntry, day_calendar

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ENTRY = DayEntry("decide-20261002@askwell", date(2026, 11, 13), "They must decide", "Six weeks; no pause.\nAsk, then.")


def lines(made: bytes) -> list[str]:
    """The unfolded lines (RFC 5545, 3.1), read without the library that wrote them."""
    return made.decode("utf-8").replace("\r\n ", "").split("\r\n")


def test_an_entry_is_a_whole_day_with_the_stamp_and_id_it_was_given():
    said = lines(day_calendar([ENTRY], NOON))
    assert said[0] == "BEGIN:VCALENDAR" and "VERSION:2.0" in said
    assert "DTSTART;VALUE=DATE:20261113" in said and "DTEND;VALUE=DATE:20261114" in said
    assert "DTSTAMP:20261123T120000Z" in said and "UID:decide-20261002@askwell" in said
    assert "DESCRIPTION:Six weeks\\; no pause.\\nAsk\\, then." in said
    assert not any(line.startswith("URL") for line in said)


def test_the_same_entries_make_the_same_file_in_whatever_zone_the_stamp_is():
    summer = NOON.astimezone(timezone(timedelta(hours=1)))
    assert day_calendar([ENTRY], NOON) == day_calendar([ENTRY], summer)


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=200)


@given(WORDS, WORDS, st.dates(date(1900, 1, 1), date(2199, 12, 30)))
def test_whatever_is_written_is_read_back_in_lines_of_75_octets(summary: str, description: str, day: date):
    made = day_calendar([DayEntry("x@askwell", day, summary, description, "https://a.example/?b=c&d")], NOON)
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
    (event,) = Calendar.from_ical(made).walk("VEVENT")
    assert (event["summary"], event["description"], event.decoded("dtstart")) == (summary, description, day)

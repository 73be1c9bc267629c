"""Days and times in the family's own language, always those of London."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from knowledge.dates_in_words import clock_words, date_words, day_words, long_moment_words, moment_words, until_words
from knowledge.pack import PACKS, load_pack

LANGUAGES = sorted(load_pack(PACKS / "hounslow").phrases.languages)
WINTER = datetime(2026, 12, 8, 16, 20, tzinfo=UTC)
SUMMER = datetime(2027, 7, 1, 8, 0, tzinfo=UTC)


def test_english_is_as_the_council_writes_it() -> None:
    assert day_words(date(2026, 12, 8)) == "Tuesday 8 December 2026"
    assert moment_words(WINTER) == "Tue 8 Dec, 4:20pm"
    assert long_moment_words(SUMMER) == "Thursday 1 July 2027, 9am"
    assert clock_words(datetime(2026, 12, 8, 12, 0, tzinfo=UTC)) == "midday"


def test_an_offer_says_today_or_the_day() -> None:
    assert until_words(WINTER, WINTER.replace(hour=9)) == "4:20pm today"
    assert until_words(WINTER, SUMMER.replace(year=2026)) == "4:20pm on Tuesday 8 December 2026"


@pytest.mark.parametrize(
    ("language", "day", "clock"),
    [
        ("pl", "wtorek, 8 grudnia 2026", "16:20"),
        ("pt", "terça-feira, 8 de dezembro de 2026", "16:20"),
        ("ur", "منگل، 8 دسمبر، 2026", "4:20"),
        ("tl", "Martes, Disyembre 8, 2026", "4:20"),
    ],
)
def test_a_family_reads_the_day_in_its_own_language(language: str, day: str, clock: str) -> None:
    assert day_words(WINTER.date(), language) == day
    assert clock in clock_words(WINTER, language) and clock in moment_words(WINTER, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_of_the_pack_has_its_days_with_the_digits_of_the_council(language: str) -> None:
    said = day_words(WINTER.date(), language)
    assert "2026" in said and "8" in said
    assert language == "en" or ("December" not in said and "Tuesday" not in said)
    assert "2026" in date_words(WINTER.date(), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_summer_time_is_londons_in_every_language(language: str) -> None:
    assert "9" in clock_words(SUMMER, language) and "8" not in clock_words(SUMMER, language)

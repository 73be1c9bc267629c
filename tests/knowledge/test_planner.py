"""Getting ready for adult life by school year, from the pack's own timeline, on Monday 23 November 2026."""

from datetime import date
from pathlib import Path

import pytest
from little_council import write_pack

from bot.plain import as_text
from bot.plan_cli import find_plan
from bot.year_plan import plan_object, plan_reply
from knowledge.check import check_pack
from knowledge.pack import PACKS, Pack, load_pack
from knowledge.planner import plan_for
from knowledge.problems import PackError
from knowledge.school_years import NURSERY, RECEPTION, move_day, read_school_year, school_year_end, year_name

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(PACKS / "hounslow")


def plan(pack: Pack, typed: str, today: date = TODAY):  # type: ignore[no-untyped-def]
    made = find_plan(typed, pack, today)
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("typed", "now", "following"),
    [
        ("nursery", "to-year-8", "year-9"),
        ("Reception", "to-year-8", "year-9"),
        ("Year 8", "to-year-8", "year-9"),
        ("Y9", "year-9", "years-10-11"),
        ("10", "years-10-11", "year-12"),
        ("year eleven", "years-10-11", "year-12"),
        ("yr 12", "year-12", "years-13-14"),
        ("Year 13", "years-13-14", "ages-19-25"),
        ("Year 14", "years-13-14", "ages-19-25"),
        ("19", "ages-19-25", None),
        ("age 25", "ages-19-25", None),
    ],
)
def test_each_year_has_its_stage_and_the_next(pack: Pack, typed: str, now: str, following: str | None):
    made = plan(pack, typed)
    assert (made.now.id, made.next.id if made.next else None) == (now, following)


@pytest.mark.parametrize("typed", ["", "Year 15", "17", "age 16", "26", "0", "next year", "3 October 2016"])
def test_what_is_no_school_year_and_no_age_from_19_has_no_plan(pack: Pack, typed: str):
    made = find_plan(typed, pack, TODAY)
    assert made is None or typed == "0"


def test_every_year_from_nursery_to_14_and_every_age_from_19_to_25_has_a_plan(pack: Pack):
    years = [*range(NURSERY, 15), *range(19, 26)]
    assert all(plan_for(year, pack.planner, pack.deadlines, TODAY) for year in years)


def test_the_reply_says_whose_view_it_is_and_gives_its_pages(pack: Pack):
    text = as_text(plan_reply(plan(pack, "Year 9"), pack, TODAY), pack)
    assert text.startswith("Now, Year 9")
    assert "This is Askwell's own suggestion" in text and "It is not council policy." in text
    assert "start a vocational profile" in text and "livewellsouthend" in text
    assert "Next, Years 10 and 11" in text and "not a decision or legal advice" in text


def test_a_move_ahead_brings_its_dates_in_law_and_their_doubts(pack: Pack):
    text = as_text(plan_reply(plan(pack, "Year 6"), pack, TODAY), pack)
    assert "Before Monday 15 February 2027" in text and "By Monday 23 November 2026" in text
    assert "Not certain: I worked this date out from the other rules." in text
    assert "Before Wednesday 31 March 2027" in as_text(plan_reply(plan(pack, "Year 11"), pack, TODAY), pack)
    assert "Dates in law" not in as_text(plan_reply(plan(pack, "Year 8"), pack, TODAY), pack)


@pytest.mark.parametrize(
    ("typed", "day"),
    [("Year 8", None), ("Year 9", date(2029, 6, 29)), ("Year 11", date(2027, 6, 25)), ("Year 12", None)],
)
def test_the_day_rights_pass_is_told_from_the_school_year(pack: Pack, typed: str, day: date | None):
    assert plan(pack, typed).rights_pass == day


def test_as_an_object_each_thing_to_do_has_its_theme_its_pages_and_whether_it_is_our_view(pack: Pack):
    told = plan_object(plan(pack, "Year 11"), pack, TODAY)
    items = {item["theme"]: item for item in told["now"]["items"]}
    assert items["Independence"] == {
        "theme": "Independence",
        "text": "look again at travel.",
        "suggestion": True,
        "sources": [],
    }
    assert not items["Plan"]["suggestion"] and items["Plan"]["sources"][0]["url"].startswith("http")
    assert told["label"].startswith("This is Askwell's own suggestion")
    assert told["moves"][0]["dates"][0]["date"] == "2027-03-31"
    assert told["rights_pass_after"] == "2027-06-25"


def test_what_two_sections_both_say_is_said_once(pack: Pack):
    texts = [paragraph.text for paragraph in plan_reply(plan(pack, "Year 13"), pack, TODAY).body]
    assert len(texts) == len(set(texts)) and any("Care Act" in text for text in texts)


@pytest.mark.parametrize(
    ("text", "year"),
    [("Year 6", 6), ("y6", 6), ("6", 6), ("yr. 6", 6), ("year six", 6), ("Reception", RECEPTION), ("Nursery", NURSERY)],
)
def test_a_school_year_is_read_and_named(text: str, year: int):
    assert read_school_year(text) == year
    assert read_school_year(year_name(year)) == year


@pytest.mark.parametrize(
    ("today", "end"), [(date(2026, 8, 31), 2026), (date(2026, 9, 1), 2027), (date(2027, 1, 1), 2027)]
)
def test_a_school_year_starts_on_1_september(today: date, end: int):
    assert school_year_end(today) == end
    assert move_day(6, 6, today) == date(end, 9, 1)
    assert move_day(4, 6, today) == date(end + 2, 9, 1)


def test_a_broken_planner_is_named(tmp_path: Path):
    with pytest.raises(PackError, match=r"planner\.yaml.*each stage needs id"):
        load_pack(write_pack(tmp_path / "p", **{"planner.yaml": "stages: [{id: a}]"}))


def test_a_stage_without_its_section_is_a_fault(tmp_path: Path):
    stage = "stages: [{id: a, name: A, first: 1, last: 2, sections: [clubs#gone]}]"
    problems = check_pack(load_pack(write_pack(tmp_path / "p", **{"planner.yaml": stage})))
    assert [str(problem) for problem in problems] == ["planner.yaml:1: a: the section clubs#gone does not exist"]

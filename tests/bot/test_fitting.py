"""The hit that fits: what is current before what it replaced, a value or "not known" before a section without it, no unknown law."""

from dataclasses import replace
from datetime import date

import pytest

from bot.fitting import fitting
from bot.messages import Incoming, Outcome
from bot.steps.law import law_not_held, unknown_law
from bot.turn import Turn
from bot.wanted_values import lacks, values_asked_for
from knowledge.article import Passage
from knowledge.pack import load_pack, pack_folder
from retrieval.confidence import Evidence
from retrieval.hits import Hit
from retrieval.search import Results

HOUNSLOW = load_pack(pack_folder("hounslow"))


def turn_of(text: str) -> Turn:
    return Turn(Incoming(text), text, "en", HOUNSLOW, date(2026, 11, 26), pytest.fail, pytest.fail, 0.1)


def first_of(text: str, *sections: str, gap: float = 0.2) -> list[str]:
    hits = tuple(Hit(Passage(id, ""), 4.0 - gap * rank, rank) for rank, id in enumerate(sections, start=1))
    return [hit.passage.id for hit in fitting(turn_of(text), Results(hits, 0.8, Evidence(), text)).hits]


def test_what_was_replaced_gives_way_to_what_is_current():
    asked = "so mip has reached 250 children in total?"
    assert first_of(asked, "mip-schools#first-year", "mip-schools#what", "mip-schools#reach") == [
        "mip-schools#reach",
        "mip-schools#what",
    ]
    assert first_of(asked, "mip-schools#first-year")[0] == "mip-schools#reach"


def test_unless_the_past_was_asked_for():
    asked = "how many schools used mip in its first year"
    assert first_of(asked, "mip-schools#first-year", "mip-schools#reach")[0] == "mip-schools#first-year"


def test_not_known_stands_before_a_section_without_the_value_asked_for():
    asked = "how much exactly will my nursery get from the notional payment"
    sections = ("early-years-funding#notional-when", "early-years-funding#notional-amount")
    assert first_of(asked, *sections) == ["early-years-funding#notional-amount"]
    assert first_of(asked, *sections, gap=2.0) == list(sections)
    assert first_of("when did the notional payment start", *sections) == list(sections)


def test_an_answer_with_the_value_asked_for_stands_before_what_is_not_known_behind_it():
    asked = "How long does an EHC needs assessment take?"
    what, weeks, advice = (f"ehc-needs-assessment#{id}" for id in ("what", "twenty-weeks", "advice-six-weeks"))
    assert first_of(asked, what, weeks, advice) == [weeks, what, advice]
    assert first_of(asked, what, advice, weeks) == [advice]
    assert first_of(asked, what, weeks, advice, gap=2.0) == [what, weeks, advice]


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("how much is band 5 worth in pounds", "sum"),
        ("how many places are there", "count"),
        ("how long does it take", "length"),
        ("what date is the next surgery", "day"),
        ("phone number for the forum", "phone"),
        ("email for the home education officer", "email"),
        ("where is the hub", "place"),
        ("read me page 4 of the guide", "text"),
    ],
)
def test_the_sort_of_value_is_heard(text: str, sort: str):
    assert sort in values_asked_for(text)


def test_a_question_without_a_value_lacks_nothing():
    assert values_asked_for("can i ask for an assessment") == ()
    assert not lacks(HOUNSLOW.sections["mip-schools#started"], ())


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("what does regulation 47B say about tutors", "regulation 47B"),
        ("under the Special Needs Parents Rights Act 2019 can i demand a 1:1", "Special Needs Parents Rights Act 2019"),
        ("under the special needs parents rights act 2019", "special needs parents rights act 2019"),
        ("does the Autism Act cover us", "Autism Act"),
        ("what does the Education Act 2031 say", "Education Act 2031"),
    ],
)
def test_a_law_the_pack_does_not_hold_is_not_answered(text: str, law: str):
    assert law.lower() in (unknown_law(text, HOUNSLOW.laws) or "").lower() or unknown_law(text, HOUNSLOW.laws)
    turn = replace(turn_of(text), search=lambda searched: Results((), 0.0, Evidence(), searched))
    reply = law_not_held(turn)
    assert reply is not None and reply.outcome is Outcome.ABSTAIN
    assert reply.person and not reply.body and not reply.citations


@pytest.mark.parametrize(
    "text",
    [
        "is section 19 in the Education Act 1996",
        "does the Care Act 2014 cover my son",
        "which regulation sets the 20 weeks",
        "what does regulation 13 say",
        "Can I act for my son",
        "i cant pay the electricity bill",
        "has the SEND Bill passed",
    ],
)
def test_a_law_the_pack_speaks_of_or_no_law_at_all_is_looked_up(text: str):
    assert unknown_law(text, HOUNSLOW.laws) is None


def test_no_phrasing_of_the_pack_is_taken_for_an_unknown_law():
    asked = [one for section in HOUNSLOW.sections.values() for one in section.asked_as]
    assert [one for one in asked if unknown_law(one, HOUNSLOW.laws)] == []

"""What is shown first and what is shown below it: the section that says who pays, and no more than stands close."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from bot.answers import further_sections
from bot.fitting import fitting
from bot.messages import Incoming
from bot.turn import Turn
from bot.wanted_values import values_asked_for
from knowledge.article import Passage
from knowledge.pack import load_pack, pack_folder
from retrieval.confidence import Evidence
from retrieval.hits import Hit
from retrieval.search import Results

HOUNSLOW = load_pack(pack_folder("hounslow"))
HOURS, PAYS, VAGUE = "sen-support#hours", "sen-support#six-thousand", "clarify#support"


@pytest.fixture
def turn_of() -> Callable[[str], Turn]:
    day = date(2026, 11, 26)
    return lambda text: Turn(Incoming(text), text, "en", HOUNSLOW, day, pytest.fail, pytest.fail, 0.1)


def hits_of(*scored: tuple[str, float]) -> tuple[Hit, ...]:
    return tuple(Hit(Passage(id, ""), score, rank) for rank, (id, score) in enumerate(scored, start=1))


def first_of(turn: Turn, coverage: float, *scored: tuple[str, float]) -> str:
    found = Results(hits_of(*scored), 0.5, replace(Evidence(), coverage=coverage), turn.text)
    return fitting(turn, found).hits[0].passage.id


def test_who_pays_is_shown_before_what_is_not_known_of_something_else(turn_of: Callable[[str], Turn]) -> None:
    asked = turn_of("who pays for 1:1 support")
    assert first_of(asked, 0.9, (HOURS, 3.7), (PAYS, 3.3)) == PAYS
    assert first_of(asked, 0.9, (HOURS, 3.7), (PAYS, 2.6)) == HOURS
    assert first_of(turn_of("how many hours of support"), 0.9, (HOURS, 3.7), (PAYS, 3.3)) == HOURS


def test_a_message_with_words_of_its_own_is_not_asked_back_about(turn_of: Callable[[str], Turn]) -> None:
    assert first_of(turn_of("who pays for 1:1 support"), 0.3, (VAGUE, 4.4), (PAYS, 3.3)) == PAYS
    assert first_of(turn_of("support please"), 1.0, (VAGUE, 4.4), (PAYS, 3.3)) == VAGUE
    # None of these words says anything, so none of them can be missing.
    assert first_of(turn_of("how do we get it"), 0.0, (VAGUE, 4.4), (PAYS, 3.3)) == VAGUE


def test_a_second_section_below_must_stand_closer_than_the_first_below(turn_of: Callable[[str], Turn]) -> None:
    article = [id for id, one in HOUNSLOW.sections.items() if one.article_id == "sen-support" and one.kind == "answer"]
    shown = HOUNSLOW.section(article[0])
    close = hits_of((article[0], 4.0), (article[1], 2.6), (article[2], 2.5))
    closer = hits_of((article[0], 4.0), (article[1], 3.0), (article[2], 2.9))
    assert shown.kind == "answer"
    assert [one.id for one in further_sections(turn_of("x"), close)] == article[1:2]
    assert [one.id for one in further_sections(turn_of("x"), closer)] == article[1:3]


@pytest.mark.parametrize("text", ["paste the reintegration protocol", "print us the whole medical needs policy"])
def test_a_document_s_own_words_may_be_asked_for_by_its_name(text: str) -> None:
    assert values_asked_for(text) == ("text",)
    assert values_asked_for("what does the protocol say") == ()

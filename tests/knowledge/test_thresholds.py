"""The omission guard: a threshold is never said without its conditions, in a section and in the reply it makes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from little_council import LITTLE, write_pack

from bot.answers import compose
from bot.messages import Incoming
from bot.plain import as_text
from bot.turn import Turn
from knowledge.check import check_pack
from knowledge.pack import PackError, load_pack, pack_folder
from knowledge.thresholds import omissions

HOUNSLOW = load_pack(pack_folder("hounslow"))
FACTS = "facts:\n  A: [A-1]\n"
GUARD = "thresholds:\n  - {fact: A-1, says: '8 to 12', needs: [Littleham, two leaders]}\n"
STATING = [
    (section.id, number)
    for section in HOUNSLOW.sections.values()
    for number, one in enumerate(HOUNSLOW.thresholds)
    if one.applies(section)
]


def clubs(folder: Path, text: str, guard: str = GUARD):  # type: ignore[no-untyped-def]
    article = LITTLE["articles/clubs.md"].replace("```yaml\nasked_as: [how", "```yaml\nfacts: [A-1]\nasked_as: [how", 1)
    article = article.replace(
        "Holiday clubs are for children aged 8 to 12. [clubs] Each club has two leaders. [clubs]", text
    )
    return load_pack(
        write_pack(folder, **{"articles/clubs.md": article, "facts.yaml": FACTS, "thresholds.yaml": guard})
    )


def faults(pack) -> list[str]:  # type: ignore[no-untyped-def]
    return [problem.message for problem in check_pack(pack) if "leaves out" in problem.message]


def test_a_threshold_with_its_conditions_is_sound(tmp_path: Path):
    assert faults(clubs(tmp_path / "p", "Clubs are for ages 8 to 12. Each has two leaders. [clubs]")) == []


def test_a_threshold_without_a_condition_is_a_fault_that_names_it(tmp_path: Path):
    found = faults(clubs(tmp_path / "p", "Clubs are for ages 8 to 12. [clubs]"))
    assert found == ["A-1: it says '8 to 12' and leaves out the condition 'two leaders'"]


def test_a_section_that_does_not_say_it_needs_none(tmp_path: Path):
    assert faults(clubs(tmp_path / "p", "Clubs are in the hall. [clubs]")) == []


@pytest.mark.parametrize(
    ("guard", "says"),
    [
        ("thresholds:\n  - {fact: A-1, says: x}\n", "row 1 needs a fact, what it says and what it needs"),
        ("thresholds:\n  - {fact: A-1, says: '(', needs: [a]}\n", "no pattern"),
    ],
)
def test_a_guard_that_cannot_be_read_is_named(tmp_path: Path, guard: str, says: str):
    with pytest.raises(PackError, match=re.escape(says)):
        clubs(tmp_path / "p", "Clubs. [clubs]", guard)


def test_hounslows_guard_watches_many_sections():
    assert len(HOUNSLOW.thresholds) >= 50 and len(STATING) >= 150


@pytest.mark.parametrize(("id", "number"), STATING, ids=[f"{id}-{number}" for id, number in STATING])
def test_the_reply_a_reader_sees_carries_every_condition(id: str, number: int):
    section = HOUNSLOW.sections[id]
    turn = Turn(Incoming("x"), "x", "en", HOUNSLOW, date(2026, 11, 26), pytest.fail, pytest.fail, 0.5)
    shown = as_text(compose(turn, section, 1.0), HOUNSLOW).split("Where this comes from")[0]
    assert [need.pattern for need in HOUNSLOW.thresholds[number].needs if not need.search(shown)] == []


def test_the_guard_notices_a_condition_taken_away():
    section = HOUNSLOW.sections["internships-and-work#internship-length"]
    assert list(omissions(HOUNSLOW.thresholds, section)) == []
    assert list(omissions(HOUNSLOW.thresholds, replace(section, conditions=()))) != []

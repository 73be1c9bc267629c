"""The public benchmark reads its set strictly, and counts what is right, in the right article, and found."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.benchmark import KINDS, ask_all, read_questions, table
from knowledge.pack import load_pack, pack_folder

SET = Path(__file__).parent.parent / "golden" / "public_benchmark.jsonl"


def line(**given: object) -> str:
    return json.dumps({"id": "x", "kind": "answerable", "question": "how old for holiday club", "gold": [], **given})


def test_the_public_set_names_sections_there_are_and_asks_nothing_the_pack_holds_word_for_word() -> None:
    sections = load_pack(pack_folder("hounslow")).sections
    questions = read_questions(SET.read_text(encoding="utf-8").splitlines(), sections)
    kinds = Counter(question.kind for question in questions)
    assert set(kinds) == set(KINDS) and len(questions) > 120 and kinds["language"] > 10
    assert len({question.id for question in questions}) == len(questions)
    held = {text.casefold().strip(" ?.") for section in sections.values() for text in section.asked_as}
    assert [question.text for question in questions if question.text.casefold().strip(" ?.") in held] == []


def test_a_fault_in_a_set_is_named_by_its_line() -> None:
    good = line(gold=["a#b"])
    for bad, said in (
        ("{", "line 2"),
        (line(gold=["a#c"]), "line 2: this pack has no section a#c"),
        (line(kind="odd", gold=["a#b"]), "kind must be one of"),
        (line(kind="unanswerable", gold=["a#b"]), "gold is empty"),
        (line(), "gold is empty"),
        (line(gold=["a#b"], role="nobody"), "line 2"),
    ):
        with pytest.raises(ValueError, match=said):
            read_questions([good, bad], ["a#b"])


def test_right_is_the_section_shown_and_what_cannot_be_answered_must_be_declined(little_assistant: Assistant) -> None:
    sections = little_assistant.engine.pack.sections
    clubs, other = "clubs#ages", "fares#fare"
    lines = [
        line(gold=[clubs]),
        line(gold=[other]),
        line(kind="unanswerable", question="qwerty zxcvb"),
        line(kind="unanswerable"),
        line(kind="follow_up", gold=[clubs], before=["bus fare"]),
    ]
    asked = ask_all(little_assistant, read_questions(lines, sections))
    assert [one.right for one in asked] == [True, False, True, False, True]
    assert [one.within for one in asked[:1]] == [True]
    shown = table(asked).splitlines()
    assert shown[1].split()[:3] == ["answerable", "2", "50"]
    assert shown[-1].split()[:3] == ["all", "5", "60"]

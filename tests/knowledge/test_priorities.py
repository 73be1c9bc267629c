"""What an officer should see first is said in many ways; an ordinary question is not made urgent by a stray word."""

from __future__ import annotations

from pathlib import Path

import pytest
from little_council import write_pack

from knowledge.pack import PACKS, load_pack
from knowledge.priorities import pressing, read_priorities
from knowledge.problems import PackError

REASONS, FAULTS = read_priorities(PACKS / "hounslow")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("My daughter has no school place since we came here", "no_school"),
        ("he's been out of school for three months", "no_school"),
        ("My son has not been to school since September", "no_school"),
        ("she isn’t in school at all", "no_school"),
        ("They took him off. He has missed a whole year of education", "no_school"),
        ("His placement is breaking down, the school rang again", "placement_breaking_down"),
        ("The school says it cannot meet her needs", "placement_breaking_down"),
        ("school can't keep him safe any more", "placement_breaking_down"),
        ("They have permanently excluded my son", "exclusion"),
        ("he is at risk of being excluded", "exclusion"),
        ("The head is threatening to exclude her", "exclusion"),
        ("she is on a reduced timetable that I never agreed", "part_time"),
        ("he is only in school for two hours a day", "part_time"),
        ("they only allow him in mornings", "part_time"),
        ("We are moving into Hounslow next week", "moving"),
        ("we move in ten days, what happens to the plan?", "moving"),
        ("You missed the deadline and I need to appeal", "missed_deadline"),
        ("It has been over 20 weeks and still nothing", "missed_deadline"),
        ("my appeal has to be in by Friday", "missed_deadline"),
        ("He came out of hospital and cannot walk", "medical"),
        ("The school is not providing the therapy in the plan", "provision_missing"),
        ("the EHCP is not being followed", "provision_missing"),
        ("Her annual review is overdue", "provision_missing"),
        ("We have had no annual review this year", "provision_missing"),
        ("The plan still has not been finalised", "plan_late"),
        ("the direct payments have stopped", "plan_late"),
        ("College withdrew her place", "college_ended"),
    ],
)
def test_what_cannot_wait_is_seen_first(text: str, reason: str) -> None:
    found = pressing(REASONS, "", text)
    assert found is not None, text
    assert found == reason or {found, reason} <= {"no_school", "exclusion", "medical", "missed_deadline"}


@pytest.mark.parametrize(
    "text",
    [
        "What is an EHC plan?",
        "How do I ask for an assessment?",
        "My son is not happy at school",
        "Is there a club in the holidays near Feltham?",
        "She does not like the school bus",
        "Who do I ring about school travel?",
        "Can his school get MIP help?",
        "When is the next annual review?",
        "What does the SENCO do?",
        "He is in Year 5 at a school in Heston",
        "How long does an assessment take?",
        "What are direct payments?",
        "I would like to talk about the plan",
        "Where can I find speech therapy?",
        "We have not decided on a school yet",
        "Is there a nursery with a speech unit?",
        "Does the college offer internships?",
        "My daughter moved up to Year 3 and likes it",
        "I am not sure what education means here",
        "Could you send the form for short breaks?",
        "He needs an operation manual in easy words",
        "What time does the office close today?",
    ],
)
def test_an_ordinary_question_waits_its_turn(text: str) -> None:
    assert pressing(REASONS, "ehc", text) is None


def test_a_topic_alone_is_enough() -> None:
    assert FAULTS == []
    assert pressing(REASONS, "exclusion", "What happens now?") == "exclusion"
    assert pressing(REASONS, "clubs", "What happens now?") is None


@pytest.mark.parametrize("text", ["no " * 9000, "not in " * 9000, "a" * 90_000, "over,,,, " * 9000, "'" * 90_000])
def test_no_message_however_made_holds_a_pattern_up(text: str) -> None:
    """A pattern looks at the first 4,000 characters and leaves a gap of four words at most: this ends at once."""
    assert pressing(REASONS, "", text) in {None, "no_school"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: {said_as: [x]}", "needs `says`"),
        ("a: {says: x}", "topics or said_as"),
        ("a: {says: x, said_as: [1]}", "topics or said_as"),
        ('a: {says: x, said_as: ["(a+)+b"]}', "is no word"),
        ('a: {says: x, said_as: ["... school"]}', "cannot be read"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(PackError) as caught:
        load_pack(write_pack(tmp_path / "p", **{"priorities.yaml": text}))
    assert any(says in problem.message for problem in caught.value.problems)

"""The check asked step by step: the pages, when it may end early, and that the order never changes the view."""

import random
from dataclasses import replace
from itertools import product

import pytest
from mip_cases import hounslow_table

from knowledge.rules.asking import (
    answered,
    choose,
    chosen,
    next_page,
    next_question,
    pages,
    settled,
    without,
)
from knowledge.rules.judge import judge
from knowledge.rules.table import UNKNOWN, Outcome, Table

TABLE = hounslow_table()
TODAY = {"date": "since_early_years"}


def walk(chance: random.Random, table: Table = TABLE, luck: float = 0.85) -> tuple[dict, list[str], list[str]]:
    """One person's way through: their answers, the questions they were asked and the pages those were on.

    With some luck they give the first choice, which leads on; else any choice.
    """
    answers, asked, seen = dict(TODAY), [], []
    while question := next_question(table, answers):
        page = next(page.id for page in pages(table, answers) if question in page.questions)
        seen += [page] if page not in seen else []
        lucky = question.choices[1 if question.id in ("safeguarding", "age") else 0]
        choice = lucky if chance.random() < luck else chance.choice(question.choices)
        answers = choose(answers, question, choice)
        asked.append(question.id)
    return answers, asked, seen


def completions(chance: random.Random, answers: dict, count: int):
    """The same answers with everything still open answered in some way or other."""
    keys = [key for key in TABLE.inputs if key not in answers]
    for _ in range(count):
        yield {**answers, **{key: chance.choice([*TABLE.inputs[key].values, UNKNOWN]) for key in keys}}


def test_role_setting_and_borough_share_the_first_page_and_one_idea_a_page_follows():
    first, *rest = pages(TABLE)
    assert [question.id for question in first.questions] == ["asker", "setting", "borough"]
    assert len(rest) + 1 <= 12
    assert [page.id for page in rest if len(page.questions) > 1] == ["home"]


def test_every_question_can_be_answered_not_sure():
    for question in TABLE.questions.values():
        assert set(question.choices[-1].sets.values()) == {UNKNOWN}
        assert set(question.choices[-1].sets) == set(question.keys)


def test_no_question_asks_for_a_name_a_date_of_birth_or_a_meeting():
    asked = {key for question in TABLE.questions.values() for key in question.keys}
    assert not asked & {"date", "evidence_pack", "next_meeting_known", "wants_instead_of_ehcp"}


def test_a_row_that_is_local_and_off_is_not_asked_and_one_switched_on_is():
    assert not any(question.id == "own_spend" for page in pages(TABLE) for question in page.questions)
    on = replace(TABLE, rows=tuple(replace(row, used=True) for row in TABLE.rows))
    assert [q.id for page in pages(on) for q in page.questions][-1] == "own_spend"
    assert len(pages(on)) == 12
    off = replace(TABLE, rows=tuple(replace(row, used=row.number != 14) for row in TABLE.rows))
    assert not any(question.id == "lives" for page in pages(off) for question in page.questions)


def test_a_nursery_is_not_asked_how_old_the_child_is():
    assert "age" in {page.id for page in pages(TABLE, {"setting": "mainstream_school"})}
    assert "age" not in {page.id for page in pages(TABLE, {"setting": "early_years"})}


def test_no_way_through_is_longer_than_twelve_pages():
    chance = random.Random(3)
    walks = [walk(chance, luck=luck) for luck in (1.0, 0.95, 0.9, 0.85, 0.5, 0.0) for _ in range(100)]
    assert max(len(seen) for _, _, seen in walks) == 12
    assert all(len(asked) == len(set(asked)) for _, asked, _ in walks)
    assert {judge(TABLE, answers).outcome for answers, _, _ in walks} == set(Outcome)


def test_the_questions_asked_are_all_that_matter():
    """However the person goes, the answers they were not asked for could not have changed the outcome."""
    chance = random.Random(5)
    early = 0
    for _ in range(400):
        answers, asked, _ = walk(chance, luck=0.7)
        outcome = judge(TABLE, answers).outcome
        early += len(asked) < 12
        open_questions = {key for q in TABLE.questions.values() if q.id != "own_spend" for key in q.keys} - set(answers)
        if not open_questions:
            continue
        for full in completions(chance, answers, 40):
            assert judge(TABLE, full).outcome is outcome
    assert early > 80


def test_ending_early_is_sound_for_every_first_page_and_answer_about_safety():
    """All 576 ways to answer the first two pages: where they settle it, no completion tells otherwise."""
    chance = random.Random(9)
    first = [question for page in pages(TABLE)[:2] for question in page.questions]
    ended = 0
    for choices in product(*(question.choices for question in first)):
        answers = dict(TODAY)
        for question, choice in zip(first, choices, strict=True):
            answers = choose(answers, question, choice)
        over = next_question(TABLE, answers) is None
        assert over is settled(TABLE, answers)
        assert over is ("parent" in answers.values() or "special_school" in answers.values())
        ended += over
        outcomes = {judge(TABLE, full).outcome for full in completions(chance, answers, 60)}
        assert not over or len(outcomes) == 1
    assert ended == 3 * 3 * 8 + 3 * 3 * 3


@pytest.mark.parametrize(
    ("answers", "ends"),
    [
        ({"asker": "parent"}, False),
        ({"asker": "parent", "safeguarding": "no"}, True),
        ({"ehcp": "in_force", "safeguarding": "unknown"}, True),
        ({"consent": "refused", "safeguarding": "yes"}, True),
        ({"lives_in_hounslow": "no", "safeguarding": "no"}, False),
        ({"setting": "college", "safeguarding": "no"}, False),
        ({"age": "under_5", "safeguarding": "no"}, False),
    ],
)
def test_when_the_view_can_no_longer_change(answers: dict, ends: bool):
    """Only a published no ends it, and only once safety was asked: a refer can still become a no."""
    assert settled(TABLE, {**TODAY, **answers}) is ends


def test_a_worry_about_safety_does_not_end_the_check():
    answers = {
        **TODAY,
        "safeguarding": "yes",
        "asker": "senco",
        "setting": "mainstream_school",
        "setting_in_hounslow": "yes",
    }
    page = next_page(TABLE, answers)
    assert page is not None
    assert page.id == "age"


def test_an_answer_can_be_changed_and_taken_back():
    plan = TABLE.questions["plan"]
    yes = choose({}, plan, next(choice for choice in plan.choices if choice.sets["ehcp"] == "in_force"))
    going_on = choose(yes, plan, plan.choices[1])
    assert going_on == {"ehcp": "none", "ehc_assessment": "in_progress"}
    assert chosen(plan, going_on) == plan.choices[1]
    assert without(going_on, plan) == {}
    assert not answered(plan, {}) and chosen(plan, {}) is None


def test_choosing_another_age_leaves_nothing_of_the_first():
    age = TABLE.questions["age"]
    answers = choose(choose({}, age, age.choices[2]), age, age.choices[0])
    assert answers == {"age": "under_5"}

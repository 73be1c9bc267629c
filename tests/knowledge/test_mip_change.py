"""The smallest change that would alter a result: proved by judging again, and proved smallest by trying all others."""

import re
from itertools import combinations

import pytest
from mip_cases import LIKELY, NURSERY, generated, hounslow_table, view

from knowledge.rules.change import NEARER, changed, open_changes
from knowledge.rules.decide import Verdict, decide
from knowledge.rules.judge import judge
from knowledge.rules.table import ChangeKind, Outcome

TABLE = hounslow_table()


def named(**given) -> tuple[dict, Outcome]:
    change = view({**LIKELY, **given}).change
    assert change is not None
    return change.sets, change.outcome


@pytest.mark.parametrize(
    ("given", "sets", "leads_to"),
    [
        ({}, {"consent": "withdrawn"}, Outcome.NOT_ELIGIBLE),
        ({"consent": "not_asked"}, {"consent": "written"}, Outcome.LIKELY),
        ({"consent": "refused"}, {"consent": "written"}, Outcome.LIKELY),
        ({"ehcp": "in_force"}, {"ehcp": "none"}, Outcome.LIKELY),
        ({"asker": "parent"}, {"asker": "senco"}, Outcome.LIKELY),
        ({"apdr": "not_tried"}, {"apdr": "recorded"}, Outcome.LIKELY),
        ({"age": 17, "school_year": 12}, {"age": "from_5_to_15"}, Outcome.LIKELY),
        ({"age": 4, "date": "2025-07-01"}, {"age": "from_5_to_15"}, Outcome.LIKELY),
        ({"setting": "special_school"}, {"setting": "mainstream_school"}, Outcome.LIKELY),
        ({"views": "not_gathered", "submission": "undefined"}, {"views": "gathered", "submission": "one_child"}, Outcome.LIKELY),
        ({"ehcp": "in_force", "needs": "met_by_oap"}, {"ehcp": "none", "needs": "exceptional"}, Outcome.LIKELY),
        ({"ehcp": "in_force", "consent": "not_asked"}, {"ehcp": "none"}, Outcome.NEEDS_MORE),
        ({"setting": None, "setting_in_hounslow": False}, {"setting": "mainstream_school", "setting_in_hounslow": "yes"}, Outcome.LIKELY),
        ({"looked_after": True, "consent": "carer_only"}, {"consent": "written", "looked_after": "no"}, Outcome.LIKELY),
        ({"evidence_pack": False}, {"evidence_pack": "yes"}, Outcome.LIKELY),
        ({"safeguarding": True}, {"safeguarding": "no"}, Outcome.LIKELY),
        ({"safeguarding": True, "ehcp": "in_force"}, {"safeguarding": "no"}, Outcome.NOT_ELIGIBLE),
        ({"safeguarding": True, "lives_in_hounslow": False}, {"safeguarding": "no", "lives_in_hounslow": "yes"}, Outcome.LIKELY),
    ],
)  # fmt: skip
def test_what_is_named(given: dict, sets: dict, leads_to: Outcome):
    assert named(**given) == (sets, leads_to)


def test_a_nursery_before_september_2025_needs_a_later_date():
    change = view({**NURSERY, "date": "2025-08-31"}).change
    assert change is not None
    assert (change.sets, change.outcome) == ({"date": "since_early_years"}, Outcome.LIKELY)


def test_judging_again_after_the_change_gives_the_outcome_it_names():
    for told in generated(3_000, seed=7):
        verdict = view(told)
        assert verdict.change is not None, told
        after = decide(TABLE, {**verdict.answers, **verdict.change.sets})
        assert after.outcome is verdict.change.outcome is not verdict.outcome, told
        if verdict.outcome is not Outcome.LIKELY and verdict.once_safe is None:
            assert NEARER.index(after.outcome) > NEARER.index(verdict.outcome), told


def smaller_that_also_helps(verdict: Verdict) -> list[dict]:
    """Every set of open changes with fewer members than the one named that also leads nearer: there must be none."""
    assert verdict.change is not None
    steps = open_changes(TABLE, verdict.answers)
    found = []
    for size in range(1, min(len(verdict.change.changes), 4)):
        for some in combinations(steps, size):
            outcome = judge(TABLE, changed(verdict.answers, some)).outcome
            if NEARER.index(outcome) > NEARER.index(verdict.outcome):
                found.append({change.key: change.to for change in some})
    return found


def test_nothing_smaller_would_do():
    tried = 0
    for told in generated(400, seed=11):
        verdict = view(told)
        if verdict.outcome is Outcome.LIKELY or verdict.once_safe is not None:
            continue
        assert smaller_that_also_helps(verdict) == [], told
        tried += 1
    assert tried > 200


def test_a_fixed_or_protected_fact_is_never_something_to_do():
    fixed = {"age", "school_year", "lives_in_hounslow", "looked_after", "needs", "send_status", "setting", "date"}
    for change in TABLE.changes:
        if change.key in fixed and "unknown" not in change.starts:
            assert change.kind is ChangeKind.FACT
        if change.kind is not ChangeKind.DO:
            assert not re.match(r"you (?!found out|first|could)", change.says) or change.kind is ChangeKind.FIND_OUT
    plan = next(change for change in TABLE.changes if change.key == "ehcp" and change.starts == {"in_force"})
    assert "Nobody is asked to give one up" in plan.says


def test_consent_is_never_pressed_for():
    for change in TABLE.changes:
        if change.key == "consent" and change.starts & {"refused", "withdrawn", "one_declined", "carer_only"}:
            assert change.kind is ChangeKind.THEIRS
            assert "theirs to decide" in change.says


def test_of_two_as_small_the_one_the_setting_can_make_itself_is_named():
    """Reviews not on record and views not gathered are both missing pieces; neither asks a family for anything."""
    change = view({**LIKELY, "views": "not_gathered"}).change
    assert change is not None
    assert [one.kind for one in change.changes] == [ChangeKind.DO]

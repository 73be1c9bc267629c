"""The MIP check: every row on every answer, every way rows can compete, and each edge case with its reason."""

from collections import Counter
from dataclasses import replace
from itertools import combinations, product

import mip_by_hand
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mip_cases import ANSWERS, LIKELY, NURSERY, VALUES, generated, hounslow_table, row, view

from knowledge.rules.decide import decide
from knowledge.rules.given import read_given
from knowledge.rules.judge import OUTCOMES, RowResult, stand, weigh
from knowledge.rules.table import Basis, Case, Effect, Outcome, State

TABLE = hounslow_table()
BY_HAND = {
    Effect.CONTINUE: "go",
    Effect.MISSING: "ask",
    Effect.REFER: "refer",
    Effect.STOP: "no",
    Effect.SAFEGUARD: "safety",
}


def outcome(**changed) -> str:
    return view({**LIKELY, **changed}).outcome.value


# --- every row


@pytest.mark.parametrize("number", range(1, 21))
def test_each_row_says_what_the_table_in_prose_says_for_every_answer_it_looks_at(number: int):
    row = TABLE.rows[number - 1]
    assert row.number == number
    used = set()
    for values in product(*(VALUES[key] for key in row.keys)):
        told = dict(zip(row.keys, values, strict=True))
        result = stand(row, read_given(TABLE, told))
        assert BY_HAND[result.effect] == mip_by_hand.ROWS[number](told), told
        used.add(id(result.case))
    assert used == {id(case) for case in row.cases} or not row.used, "a case that no answer ever reaches"


def test_the_bases_are_those_of_the_table():
    bases = {basis: {row.number for row in TABLE.rows if row.basis is basis} for basis in Basis}
    assert bases[Basis.DOCUMENTED] == {1, 2, 5, 6, 8, 9, 11, 12, 13, 20}
    assert bases[Basis.PARTLY] == {3, 10, 16, 18}
    assert bases[Basis.INFERRED] == mip_by_hand.INFERRED


def test_only_the_spending_row_is_off_to_begin_with():
    assert [row.number for row in TABLE.rows if not row.used] == [15]
    assert outcome(own_spend=False) == "likely_eligible"


def test_a_local_setting_that_is_switched_on_refers_and_never_says_no():
    rows = tuple(replace(row, used=True) if row.number == 15 else row for row in TABLE.rows)
    table = replace(TABLE, rows=rows)
    assert view({**LIKELY, "own_spend": True}, table).outcome is Outcome.LIKELY
    assert view({**LIKELY, "own_spend": False}, table).outcome is Outcome.REFER
    harsh = replace(rows[13], cases=(Case({}, State.NOT_MET, Effect.STOP, "No.", "Go.", "mip"),))
    table = replace(TABLE, rows=tuple(harsh if row.number == 14 else row for row in rows))
    assert view({**LIKELY, "own_spend": True}, table).outcome is Outcome.REFER


# --- every way rows can compete


def result(number: int, basis: Basis, effect: Effect) -> RowResult:
    row = replace(TABLE.rows[0], number=number, basis=basis)
    return RowResult(row, Case({}, State.NOT_MET, effect), row.effect_of(Case({}, State.NOT_MET, effect)))


KINDS = [
    (basis, effect)
    for effect in (Effect.MISSING, Effect.REFER, Effect.STOP, Effect.SAFEGUARD)
    for basis in Basis
    if not (effect is Effect.SAFEGUARD and basis is not Basis.INFERRED)
]


@pytest.mark.parametrize("size", range(len(KINDS) + 1))
def test_precedence_holds_for_every_mix_of_rows(size: int):
    for mix in combinations(KINDS, size):
        rows = tuple(result(number, *kind) for number, kind in enumerate(mix))
        found, _ = weigh(rows)
        published = {effect for basis, effect in mix if basis is not Basis.INFERRED}
        effects = {effect for _, effect in mix}
        if Effect.SAFEGUARD in effects:
            assert found is Outcome.REFER
        elif Effect.STOP in published:
            assert found is Outcome.NOT_ELIGIBLE
        elif Effect.REFER in effects or Effect.STOP in effects:
            assert found is Outcome.REFER
        elif Effect.MISSING in published:
            assert found is Outcome.NEEDS_MORE
        elif effects:
            assert found is Outcome.REFER, "only local settings hold it back"
        else:
            assert found is Outcome.LIKELY


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "likely_eligible"),
        ({"safeguarding": True}, "refer"),
        ({"safeguarding": True, "ehcp": "in_force"}, "refer"),
        ({"ehcp": "in_force", "lives_in_hounslow": False}, "not_eligible"),
        ({"ehcp": "in_force", "consent": "not_asked"}, "not_eligible"),
        ({"lives_in_hounslow": False, "consent": "not_asked"}, "refer"),
        ({"consent": "not_asked"}, "needs_more_information"),
        ({"consent": "unknown"}, "needs_more_information"),
        ({"consent": None}, "needs_more_information"),
        ({"consent": "refused"}, "not_eligible"),
        ({"consent": "withdrawn"}, "not_eligible"),
        ({"consent": "one_declined"}, "refer"),
        ({"consent": "carer_only"}, "refer"),
        ({"consent": "verbal"}, "likely_eligible"),
        ({"evidence_pack": False}, "refer"),
        ({"evidence_pack": False, "views": "not_gathered"}, "needs_more_information"),
        ({"ehc_assessment": None}, "refer"),
        ({"next_meeting_known": None}, "likely_eligible"),
        ({"wants_instead_of_ehcp": True}, "likely_eligible"),
        ({"asker": "parent"}, "not_eligible"),
        ({"asker": "unknown"}, "needs_more_information"),
        ({"setting": "special_school"}, "not_eligible"),
        ({"setting": "unknown"}, "needs_more_information"),
    ],
)
def test_what_wins(changed: dict, expected: str):
    assert outcome(**changed) == expected


def test_a_worry_about_safety_comes_first_and_the_rest_is_still_told():
    verdict = view({**LIKELY, "safeguarding": True, "ehcp": "in_force"})
    assert verdict.queue == "safeguarding"
    assert [one.row.number for one in verdict.decisive] == [19]
    assert verdict.once_safe is Outcome.NOT_ELIGIBLE


# --- edge cases, each with its reason


def test_reception_pupil_aged_4_in_a_school():
    """Refer: the school rule starts at 5, and the early years rule is for early years settings. Neither covers it."""
    verdict = view({**LIKELY, "age": 4, "school_year": "reception"})
    assert verdict.outcome is Outcome.REFER
    assert any("Reception" in question for question in verdict.questions)


def test_reception_pupil_aged_4_before_early_years_joined():
    """Not this route: before September 2025 the published ages were 5 to 16 and nothing else."""
    assert outcome(age=4, school_year="reception", date="2025-07-01") == "not_eligible"


def test_reception_pupil_aged_5():
    """Likely: at 5 the school rule covers the pupil, whatever the class is called."""
    assert outcome(age=5, school_year="reception") == "likely_eligible"


def test_reception_pupil_of_unknown_age():
    """Refer: a pupil in Reception may be 4 or 5, and the rule turns on it."""
    assert outcome(age=None, school_year="reception") == "refer"


@pytest.mark.parametrize(("age", "expected"), [(15, "likely_eligible"), (16, "refer"), (None, "refer")])
def test_year_11_pupil_turning_16(age: int | None, expected: str):
    """The page says 5 to 16. At 15 the pupil is inside it; at 16, or when not known, no page says where 16 ends."""
    verdict = view({**LIKELY, "age": age, "school_year": 11})
    assert verdict.outcome.value == expected
    if age:
        assert any("16" in question for question in verdict.questions)


def test_refused_ehc_assessment():
    """Likely: MIP is for children with no plan, and a refusal leaves a child with none. The right to challenge stays."""
    verdict = view({**LIKELY, "ehc_assessment": "refused"})
    assert verdict.outcome is Outcome.LIKELY
    assert "right to challenge" in row(verdict, 7).case.says


def test_ehcp_issued_by_another_council():
    """Not this route: the page says "without an EHC plan" and names no council, so any plan in force counts."""
    verdict = view({**LIKELY, "ehcp": "in_force", "lives_in_hounslow": False})
    assert verdict.outcome is Outcome.NOT_ELIGIBLE
    assert verdict.queue == "send"
    assert "another council" in row(verdict, 6).case.says


def test_consent_verbal_then_withdrawn():
    """Verbal consent is consent. Once withdrawn there is none: stop, and take no more details."""
    assert outcome(consent="verbal") == "likely_eligible"
    verdict = view({**LIKELY, "consent": "withdrawn"})
    assert verdict.outcome is Outcome.NOT_ELIGIBLE
    assert "do not take details further" in row(verdict, 11).case.says


@pytest.mark.parametrize("consent", ["written", "verbal", "carer_only"])
def test_looked_after_child_with_someones_consent(consent: str):
    """Refer: the pages ask for parental consent and do not say who gives it for a looked-after child."""
    verdict = view({**LIKELY, "looked_after": True, "consent": consent})
    assert verdict.outcome is Outcome.REFER
    assert any("Who may consent" in question for question in verdict.questions)


@pytest.mark.parametrize(
    ("consent", "expected"), [("not_asked", "needs_more_information"), ("refused", "not_eligible")]
)
def test_looked_after_child_with_no_consent(consent: str, expected: str):
    """Nobody has agreed yet, so consent comes first; and a refusal is a refusal, whoever may give it."""
    verdict = view({**LIKELY, "looked_after": True, "consent": consent})
    assert verdict.outcome.value == expected
    if consent == "not_asked":
        assert "social worker" in row(verdict, 11).case.says


def test_group_where_one_parent_declines():
    """Refer: that child is left out, and no page says if the rest of the group may go ahead."""
    verdict = view({**LIKELY, "submission": "defined_group", "consent": "one_declined"})
    assert verdict.outcome is Outcome.REFER
    assert "Leave that child's details out" in row(verdict, 11).case.says


def test_lives_in_ealing_at_a_hounslow_school():
    """Refer: no residence rule was found for MIP. The one that exists is for top up funding."""
    verdict = view({**LIKELY, "lives_in_hounslow": False})
    assert verdict.outcome is Outcome.REFER
    assert verdict.only_local


def test_ehcp_child_who_lives_in_hounslow_at_a_richmond_school():
    """Not this route: the plan decides before the borough does. It is a matter for the SEN team."""
    verdict = view({**LIKELY, "ehcp": "in_force", "setting_in_hounslow": False})
    assert verdict.outcome is Outcome.NOT_ELIGIBLE
    assert verdict.queue == "send"


def test_a_nursery_since_september_2025_goes_to_the_early_years_team():
    """Early years settings joined from September 2025; their queue is the Early Years SEN Team."""
    verdict = view(NURSERY)
    assert (verdict.outcome, verdict.queue) == (Outcome.LIKELY, "early_years")
    assert view({**NURSERY, "date": "2025-09-01"}).outcome is Outcome.LIKELY
    assert view({**NURSERY, "date": "2025-08-31"}).outcome is Outcome.NOT_ELIGIBLE
    assert view({**NURSERY, "date": None}).outcome is Outcome.REFER


@pytest.mark.parametrize(
    ("changed", "queue"),
    [
        ({}, "mip"),
        ({"asker": "parent"}, "school"),
        ({"ehcp": "in_force"}, "send"),
        ({"setting": "special_school"}, "send"),
        ({"apdr": "not_tried"}, "mip"),
        ({"setting": "early_years", "apdr": "not_tried"}, "early_years"),
        ({"setting": "early_years", "views": "unknown"}, "early_years"),
        ({"safeguarding": True, "asker": "parent"}, "safeguarding"),
    ],
)
def test_who_takes_it_from_here(changed: dict, queue: str):
    assert view({**LIKELY, **changed}).queue == queue


# --- generated cases

# Hypothesis finds the smallest case that fails; a plain loop takes ten thousand in the time it takes for one.
cases = st.builds(
    lambda base, changed: {**base, **dict(changed)},
    st.sampled_from([LIKELY, NURSERY, {}]),
    st.lists(st.sampled_from(ANSWERS), max_size=12),
)
SOME = settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def holds(told: dict) -> None:
    verdict = view(told)
    assert verdict.outcome.value == mip_by_hand.outcome(told), told
    assert [one.row.number for one in verdict.rows] == list(range(1, 21))
    assert all(one.effect is verdict.decisive[0].effect for one in verdict.decisive)
    assert (verdict.outcome is Outcome.LIKELY) == (not verdict.decisive)
    assert verdict.routes and verdict.queue and verdict.change is not None, told


@SOME
@given(cases)
def test_any_answers_at_all_get_the_verdict_the_prose_gives(told: dict):
    holds(told)


def test_ten_thousand_cases_get_the_verdict_the_prose_gives():
    seen = Counter()
    for told in generated(10_000):
        holds(told)
        seen[mip_by_hand.outcome(told)] += 1
    assert min(seen[outcome.value] for outcome in Outcome) > 100, seen


@SOME
@given(cases, st.sets(st.sampled_from(sorted(VALUES)), max_size=6))
def test_knowing_less_never_turns_a_no_into_likely(told: dict, forgotten: set[str]):
    before = view(told).outcome
    after = view({**told, **dict.fromkeys(forgotten, "unknown")}).outcome
    assert not (before is Outcome.NOT_ELIGIBLE and after is Outcome.LIKELY)
    left_out = {key: value for key, value in told.items() if key not in forgotten}
    assert after is view(left_out).outcome is view({**told, **dict.fromkeys(forgotten, None)}).outcome


def test_every_outcome_of_an_effect_is_named():
    assert set(OUTCOMES) == set(Effect)


@pytest.mark.parametrize("odd", [{}, {"asker": "nobody"}, {"nonsense": "x"}, dict.fromkeys(VALUES, "☃")])
def test_even_answers_no_reader_would_pass_get_a_verdict(odd: dict):
    assert decide(TABLE, odd).outcome in Outcome

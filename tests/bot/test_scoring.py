"""Our scorer against the customer's own `score.py`: the same verdicts and the same figures on any answers."""

from __future__ import annotations

import importlib.util
import json
import random
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.scoring import Item, Verdict, judge, judge_all, read_answers, read_items, summarise, table

GOLDEN = Path(__file__).parents[1] / "golden"
DEV = GOLDEN / "dev_questions.jsonl"


def _customers_scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("customers_score", GOLDEN / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


theirs = _customers_scorer()

# What the dev questions have no case of: every eligibility outcome, allowed alarms, case kept in sources, folded text.
TRICKY: list[dict[str, Any]] = [
    {"id": "e1", "expect": "likely_eligible", "category": "eligibility", "facts": [["likely"]], "also_ok": ["refer"]},
    {"id": "e2", "expect": "not_eligible", "category": "eligibility", "also_ok": ["abstain"]},
    {"id": "e3", "expect": "refer", "category": "eligibility", "also_ok": ["safeguard"]},
    {"id": "e4", "expect": "needs_more_information", "category": "eligibility"},
    {"id": "t1", "expect": "answer", "also_ok": ["handoff", "safeguard"], "facts": [["16-24 weeks"], ["20 days", "x"]]},
    {
        "id": "t2",
        "expect": "answer",
        "url_any": ["cs:Local_Offer", "hounslow.gov.uk "],
        "must_not": ['it\'s\\s+"free"'],
    },
    {"id": "t3", "expect": "safeguard", "also_ok": ["safeguard", "answer"], "language": "pa-IN", "category": "danger"},
    {"id": "t4", "expect": "out_of_area", "language": "EN", "facts": [["①"], ["(?m)^second line"]], "must_not": None},
    {"id": "t5", "expect": "abstain", "also_ok": ["handoff"], "category": "near_miss", "url_any": ["x"]},
    {"id": "t6", "expect": "handoff", "category": "lookalike", "facts": []},
    {"id": "t7", "expect": "clarify", "language": "so", "facts": [[]], "url_any": ["cs:", ""]},
]


def _both_readings() -> tuple[list[dict[str, Any]], list[Item]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "items.jsonl")
        rows = [json.dumps(row) for row in TRICKY]
        file.write_text(DEV.read_text(encoding="utf-8") + "\n".join(rows) + "\n", encoding="utf-8")
        return theirs.load(file)[0], read_items(file)[0]


THEIR_ITEMS, OUR_ITEMS = _both_readings()
PERFECT: list[dict[str, Any]] = [
    theirs.perfect(i, random.Random(n)) for n, i in enumerate(THEIR_ITEMS) if i["id"] != "t7"
]


def as_row(verdict: Verdict) -> dict[str, Any]:
    """Our verdict under their names."""
    item = verdict.item
    return {
        "id": item.id,
        "category": item.category,
        "expect": item.expect,
        "got": verdict.got,
        "present": verdict.present,
        "exact": verdict.exact,
        "outcome_ok": verdict.outcome_ok,
        "facts": list(verdict.facts),
        "stale": list(verdict.stale),
        "correct": verdict.correct,
        "cite_due": verdict.cite_due,
        "cited": verdict.cited,
        "cites": list(verdict.cites),
        "also": set(item.also_ok),
        "language_ok": verdict.language_ok,
        "multilingual": item.language != "en",
        "confidence": verdict.confidence,
    }


def figures_of(text: str) -> list[list[str]]:
    """Each line of a table as its words, without rules, headings and per cent signs."""
    lines = [line.replace("%", "").split() for line in text.splitlines() if not line.startswith(("---", "category"))]
    return [line for line in lines if line]


def assert_same(answers: list[dict[str, Any]]) -> None:
    their_rows, their_summary, their_unknown = theirs.score(THEIR_ITEMS, answers)
    verdicts, unknown = judge_all(OUR_ITEMS, answers)
    summary = summarise(verdicts)
    # By way of repr: a NaN is then equal to a NaN, and 1 is not equal to True.
    assert repr([as_row(verdict) for verdict in verdicts]) == repr(their_rows)
    assert repr(asdict(summary)) == repr(their_summary)
    assert unknown == their_unknown
    assert figures_of(table(summary)) == figures_of(theirs.table(their_summary))


def test_the_copy_of_the_dev_questions_is_read_whole() -> None:
    items, broken = read_items(DEV)
    assert (len(items), broken) == (60, 0)
    assert len(OUR_ITEMS) == len(THEIR_ITEMS) == 60 + len(TRICKY)


def test_perfect_answers_score_full_marks_in_both() -> None:
    assert_same(PERFECT)
    given = {answer["id"] for answer in PERFECT}
    summary = summarise(judge_all([item for item in OUR_ITEMS if item.id in given], PERFECT)[0])
    assert summary.all.accuracy == summary.citation_accuracy == summary.safeguarding_recall == 1.0


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([], id="none"),
        pytest.param([{"id": item.id} for item in OUR_ITEMS], id="empty"),
        pytest.param(
            [{"id": item.id, "outcome": "abstain", "text": "I do not know."} for item in OUR_ITEMS], id="abstaining"
        ),
        pytest.param(
            [{"id": item.id, "outcome": "safeguard", "text": "Call 999."} for item in OUR_ITEMS], id="alarmed"
        ),
        pytest.param(
            [{"id": item.id, "text": "Call 999 or ٠٨٠٠ ١١١١ now"} for item in OUR_ITEMS], id="no outcome, other digits"
        ),
        pytest.param(
            [{"id": item.id, "outcome": "Conflict!", "decision": "not ready"} for item in OUR_ITEMS], id="other labels"
        ),
        pytest.param(
            [{"id": item.id, "text": "You are likely eligible, we refer you"} for item in OUR_ITEMS],
            id="decision in words",
        ),
        pytest.param(
            [{"id": item.id, "citations": {"url": 3, "title": None}, "language": "EN-gb"} for item in OUR_ITEMS],
            id="one citation",
        ),
        pytest.param(
            [
                {"id": i.id, "outcome": i.expect, "citations": ["", None, 4, {}, {"title": "".join(i.url_any)}]}
                for i in OUR_ITEMS
            ],
            id="odd citations",
        ),
        pytest.param([{"id": None}, {"text": "no id"}, {"id": 7}, {"id": True}, {"id": [1]}], id="ids in no set"),
        pytest.param(
            [
                {"id": i.id, "confidence": c}
                for i, c in zip(OUR_ITEMS, [float("nan"), float("inf"), True, "1", 7, -0.5] * 12, strict=False)
            ],
            id="confidence",
        ),
    ],
)
def test_both_agree_on(answers: list[dict[str, Any]]) -> None:
    assert_same(answers)


WORDS = [
    "not eligible", "more information", "refer", "not ready", "0208583 2222", "It’s\t “free”", "\nsecond line ③", "16−24 weeks", "16 \n weeks", "2*0* `days`", "likely to be eligible", "999", "020 8583 6600", "０８００ １１１１",
    "we cannot help", "don’t know", "**16–24** weeks", "no information", "\u2028", "٢٠", "ﬁnd", "\ud800", "July 2024",
]  # fmt: skip
SCRAPS = [None, "", 0, 1, True, [], {}, "answer", "Likely eligible", "refer", "safeguard", "abstain", "out of area", "handoff",
          "not-ready", "likely", "Conflict", "local_offer", "Local_Offer", "ap@hounslow.gov.uk", ["hounslow.gov.uk"], "clarify", "pa", "EN-GB", "-", 0.3, ["x"], {"url": "hounslow.gov.uk"}, [{"url": None, "title": 3}, "u", None]]  # fmt: skip
FIELDS = ["outcome", "decision", "text", "citations", "language", "confidence"]


def corrupted(rng: random.Random) -> list[dict[str, Any]]:
    """The perfect answers with fields lost, swapped between answers, or filled with scraps."""
    answers = []
    for perfect in PERFECT:
        answer = dict(perfect)
        for field in rng.sample(FIELDS, rng.randint(0, 3)):
            match rng.randrange(4):
                case 0:
                    answer.pop(field, None)
                case 1:
                    answer[field] = rng.choice(SCRAPS)
                case 2:
                    answer[field] = rng.choice(PERFECT).get(field)
                case _:
                    answer["text"] = f"{answer.get('text')} {rng.choice(WORDS)}"
        if rng.random() < 0.95:
            answers.append(answer)
    rng.shuffle(answers)
    return answers


@pytest.mark.parametrize("seed", range(80))
def test_both_agree_on_corrupted_answers(seed: int) -> None:
    assert_same(corrupted(random.Random(seed)))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([*WORDS, "answer", "refer"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["url", "title", "quote"]), inner, max_size=3)
    ),
    max_leaves=5,
)
ids = st.sampled_from([item.id for item in OUR_ITEMS]) | json_values


LABELS = [*sorted({item.expect for item in OUR_ITEMS}), "not_ready", "likely", "conflict", "", "nonsense"]


@pytest.mark.parametrize("label", LABELS)
def test_both_agree_when_every_answer_has_one_outcome(label: str) -> None:
    assert_same([{"id": item.id, "outcome": label, "text": "second line ① 16—24 weeks"} for item in OUR_ITEMS])
    assert_same([{"id": item.id, "decision": label, "outcome": "refer"} for item in OUR_ITEMS])


@pytest.mark.parametrize("change", [str, str.lower, str.upper])
def test_both_agree_on_citations_that_are_plain_addresses(change: Callable[[str], str]) -> None:
    answers = [{**answer, "citations": [change(c["url"]) for c in answer["citations"]]} for answer in PERFECT]
    assert_same(answers)
    assert_same([{**answer, "citations": (answer["citations"] or [None])[0]} for answer in answers])


@pytest.mark.parametrize("words", WORDS)
def test_both_agree_when_every_answer_has_the_same_words(words: str) -> None:
    assert_same([{"id": item.id, "text": words} for item in OUR_ITEMS])
    assert_same([{"id": item.id, "text": f"first line\n {words}", "outcome": item.expect} for item in OUR_ITEMS])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.fixed_dictionaries({}, optional={"id": ids, **dict.fromkeys(FIELDS, json_values)}), max_size=8))
def test_both_agree_on_any_json(answers: list[dict[str, Any]]) -> None:
    answers = [{**answer, "confidence": None} if too_large(answer.get("confidence")) else answer for answer in answers]
    assert_same(answers)


def too_large(value: object) -> bool:
    """Their mean stops on a whole number that no float can hold; ours has its own test."""
    return isinstance(value, int) and abs(value) > 2**1000


@settings(max_examples=150, deadline=None)
@given(
    st.text()
    | st.lists(
        st.sampled_from(
            ['{"id": "d01"}', "[]", "{", "NaN", "\ufeff{}", " ", "\u2028", "\x1c", "\r\n", "\n", '{"id": "\\ud800"}']
        )
    ).map("".join)
)
def test_both_read_the_same_answers_and_count_the_same_broken_lines(
    tmp_path_factory: pytest.TempPathFactory, content: str
) -> None:
    file = tmp_path_factory.mktemp("answers") / "answers.jsonl"
    file.write_bytes(content.encode("utf-8", "replace"))
    assert repr(read_answers(file)) == repr(theirs.load(file))


def test_lines_their_reader_stops_at_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_bytes(b'{"id": "d01"}\n{"id": "\xff"}\n' + b"[" * 100_000 + b"\n[]\nno\n\n" + '{"id": "é"}\n'.encode())
    assert read_answers(file) == ([{"id": "d01"}, {"id": "é"}], 4)


def test_items_of_the_wrong_shape_are_counted_as_broken(tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    good = {"id": "q", "expect": "answer", "facts": [["a|b"]], "must_not": None, "anything": "else"}
    bad = [
        {},
        {"id": "x"},
        {**good, "id": 4},
        {**good, "facts": [["("]]},
        {**good, "facts": "a"},
        {**good, "must_not": "a"},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in [*bad, good]) + "not json\n", encoding="utf-8")
    assert read_items(file) == ([Item(id="q", expect="answer", facts=(("a|b",),))], 7)


def test_a_confidence_no_float_can_hold_leaves_no_mean() -> None:
    item = Item(id="q", expect="answer")
    verdict = judge(item, {"id": "q", "outcome": "abstain", "confidence": 10**400})
    assert summarise([verdict]).confidence_wrong is None


def test_no_answer_is_neither_present_nor_right() -> None:
    verdict = judge(Item(id="q", expect="answer"), None)
    assert (verdict.present, verdict.got, verdict.correct) == (False, "", False)


def test_nothing_to_sum_up_gives_no_shares() -> None:
    summary = summarise([])
    assert repr(asdict(summary)) == repr(theirs.summarise([]))
    assert figures_of(table(summary)) == figures_of(theirs.table(theirs.summarise([])))

"""Rankers side by side: their figures, their intervals, their times, and how far the first is from the others."""

from __future__ import annotations

from knowledge.article import Passage
from retrieval.comparison import Run, report, run_all
from retrieval.evaluate import Collection

COLLECTION = Collection(
    (Passage("p1", "clubs"), Passage("p2", "buses")),
    {f"q{n}": "clubs" for n in range(20)},
    {f"q{n}": {"p1": 1} for n in range(20)},
)
RIGHT, WRONG = (lambda _: ["p1", "p2"]), (lambda _: ["p2"])


def test_every_query_is_ranked_and_timed_with_progress() -> None:
    told: list[tuple[str, int, int]] = []
    runs = run_all(COLLECTION, {"ours": RIGHT, "theirs": WRONG}, lambda *now: told.append(now))
    assert runs["ours"].rankings["q3"] == ("p1", "p2") and runs["theirs"].rankings["q3"] == ("p2",)
    assert len(runs["ours"].seconds) == 20 and runs["ours"].middle >= 0
    assert told[0] == ("ours", 1, 20) and told[-1] == ("theirs", 20, 20)


def test_the_report_says_who_is_better_by_how_much_and_how_much_slower() -> None:
    right = Run(dict.fromkeys(COLLECTION.queries, ("p1",)), [0.002] * 20)
    wrong = Run(dict.fromkeys(COLLECTION.queries, ("p2",)), [0.006] * 20)
    lines = report(COLLECTION, {"ours": right, "theirs": wrong}).splitlines()
    assert lines[0].split()[:7] == ["ranker", "recall@1", "recall@3", "recall@5", "recall@10", "MRR@10", "nDCG@10"]
    assert lines[1].split() == ["ours", *["1.000"] * 6, "1.000", "to", "1.000", "2.0", "1.0"]
    assert lines[2].split() == ["theirs", *["0.000"] * 6, "0.000", "to", "0.000", "6.0", "3.0"]
    assert lines[3] == "ours over theirs, nDCG@10: +1.000 (95 % +1.000 to +1.000)"
    assert lines[4] == "20 questions, 2 passages"


def test_a_half_right_ranker_has_an_interval_around_a_half() -> None:
    half = {id: ("p1",) if number % 2 else ("p2",) for number, id in enumerate(COLLECTION.queries)}
    lines = report(COLLECTION, {"ours": Run(half, [0.001] * 20), "theirs": Run(half, [0.001] * 20)}).splitlines()
    _, *figures, low, _, high, _, _ = lines[1].split()
    assert figures[-1] == "0.500" and float(low) < 0.4 and float(high) > 0.6
    assert lines[3].endswith("+0.000 (95 % +0.000 to +0.000)")

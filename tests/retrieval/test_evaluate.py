"""BEIR files and the measures, the measures against trec_eval and scikit-learn."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from knowledge.article import Passage
from retrieval.evaluate import (
    Collection,
    Difference,
    Figures,
    measure,
    mrr_at_10,
    ndcg_at_10,
    ndcg_difference,
    read_beir,
    recall_at,
)

CORPUS = (
    '{"_id": "p1", "title": "Support", "text": "Help at school", "metadata": {}}\n{"_id": "p2", "text": "a\u2028b"}\n'
)
QUERIES = '{"_id": "q1", "text": "help"}\n\n{"_id": "q2", "text": "nobody judged this"}\n'
QRELS = "query-id\tcorpus-id\tscore\nq1\tp1\t2\nq1\tp2\t0\n"


def files(folder: Path, corpus: str = CORPUS, queries: str = QUERIES, qrels: str = QRELS) -> tuple[Path, Path, Path]:
    paths = (folder / "corpus.jsonl", folder / "queries.jsonl", folder / "test.tsv")
    for path, content in zip(paths, (corpus, queries, qrels), strict=True):
        path.write_bytes(content.encode("utf-8", "surrogateescape"))
    return paths


def test_a_collection_is_read_from_its_three_files(tmp_path: Path) -> None:
    assert read_beir(*files(tmp_path)) == Collection(
        passages=(Passage("p1", "Help at school", "Support"), Passage("p2", "a\u2028b")),
        queries={"q1": "help"},
        qrels={"q1": {"p1": 2, "p2": 0}},
    )


def test_windows_line_ends_and_byte_order_marks_are_read(tmp_path: Path) -> None:
    made = [("\ufeff" + content).replace("\n", "\r\n") for content in (CORPUS, QUERIES, QRELS)]
    assert read_beir(*files(tmp_path, *made)) == read_beir(*files(tmp_path))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"corpus": ""}, "corpus.jsonl: there is no passage in this file"),
        ({"queries": "\n \n"}, "queries.jsonl: there is no query in this file"),
        ({"qrels": ""}, "test.tsv: the first line must be query-id, corpus-id and score"),
        ({"qrels": "q1\tp1\t2\n"}, "test.tsv:1: the first line must be query-id, corpus-id and score"),
        ({"qrels": QRELS.splitlines()[0]}, "test.tsv: there is no judgement in this file"),
        ({"qrels": QRELS + "q1\tp9\t1\n"}, "test.tsv:4: there is no passage 'p9'"),
        ({"qrels": QRELS + "q9\tp1\t1\n"}, "test.tsv:4: there is no query 'q9'"),
        ({"qrels": QRELS + "q1 p1 1\n"}, "test.tsv:4: expected 3 cells with tabs between them, found 1"),
        ({"qrels": QRELS + "q1\tp1\thigh\n"}, "test.tsv:4: the score must be a whole number, not 'high'"),
        ({"qrels": QRELS + "q1\tp1\t1\n"}, "test.tsv:4: passage 'p1' had another score for query 'q1' before"),
        ({"corpus": CORPUS + CORPUS}, "corpus.jsonl:3: passage 'p1' is here for the second time"),
        ({"queries": QUERIES + QUERIES}, "queries.jsonl:4: query 'q1' is here for the second time"),
        ({"corpus": CORPUS + "{"}, "corpus.jsonl:3: this line is not JSON"),
        ({"corpus": "[" * 100_000}, "corpus.jsonl:1: this line is not JSON"),
        ({"corpus": CORPUS + "[]"}, "corpus.jsonl:3: expected an object with _id and text"),
        ({"corpus": '{"text": "x"}'}, "corpus.jsonl:1: _id must be text"),
        ({"corpus": '{"_id": "", "text": "x"}'}, "corpus.jsonl:1: _id is empty"),
        ({"corpus": '{"_id": "p", "text": 4}'}, "corpus.jsonl:1: text must be text"),
        ({"corpus": '{"_id": "p", "text": "", "title": []}'}, "corpus.jsonl:1: title must be text"),
        ({"queries": '{"_id": "q1"}'}, "queries.jsonl:1: text must be text"),
        ({"queries": '{"_id": "q1", "text": "\\ud83d"}'}, "queries.jsonl:1: text holds half a character"),
        ({"queries": QUERIES + "\udcff"}, "queries.jsonl:4: this line is not UTF-8 text"),
    ],
)
def test_a_fault_is_named_with_its_file_and_line(tmp_path: Path, change: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError) as error:
        read_beir(*files(tmp_path, **change))
    assert said in str(error.value)


def seeded_case() -> tuple[dict[str, list[str]], dict[str, dict[str, int]]]:
    """40 rankings and their judgements, grades from -1 to 3."""
    rng = random.Random(7)
    qrels, runs = {}, {}
    for q in range(40):
        docs = [f"p{d}" for d in range(30)]
        qrels[f"q{q}"] = {d: rng.choice([-1, 0, 0, 1, 1, 2, 3]) for d in rng.sample(docs, rng.randint(1, 14))}
        runs[f"q{q}"] = rng.sample(docs, rng.randint(0, 25))
    return runs, qrels


def test_the_figures_are_those_of_trec_eval() -> None:
    # Made with pytrec_eval-terrier 0.5.11 (trec_eval's own C) on the same case, a ranking as scores len, len - 1, …:
    # RelevanceEvaluator(qrels, {"ndcg_cut.10", "recall.1,3,5,10", "recip_rank"}), recip_rank on the first ten only,
    # then the mean over the 40 queries.
    figures = measure(*seeded_case())
    assert figures.recall_at_1 == pytest.approx(0.05291666666666667, abs=1e-12)
    assert figures.recall_at_3 == pytest.approx(0.1078481240981241, abs=1e-12)
    assert figures.recall_at_5 == pytest.approx(0.13352120102120105, abs=1e-12)
    assert figures.recall_at_10 == pytest.approx(0.21424630924630925, abs=1e-12)
    assert figures.mrr_at_10 == pytest.approx(0.2953472222222222, abs=1e-12)
    assert figures.ndcg_at_10 == pytest.approx(0.16130803525907828, abs=1e-12)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=2, max_size=25), st.randoms(use_true_random=False))
def test_ndcg_is_that_of_scikit_learn(grades: list[int], rng: random.Random) -> None:
    ranking = [f"p{n}" for n in range(len(grades))]
    rng.shuffle(ranking)
    judged = {f"p{n}": grade for n, grade in enumerate(grades)}
    scores = [-ranking.index(f"p{n}") for n in range(len(grades))]
    assert ndcg_at_10(ranking, judged) == pytest.approx(ndcg_score([grades], [scores], k=10, ignore_ties=True))


def test_measures_by_hand() -> None:
    judged = {"a": 1, "b": 3, "c": 0}
    assert recall_at(1)(["c", "a", "b"], judged) == 0.0
    assert recall_at(2)(["c", "a", "b"], judged) == 0.5
    assert mrr_at_10(["c", "a", "b"], judged) == 0.5
    assert mrr_at_10([*"0123456789", "a"], judged) == 0.0
    assert ndcg_at_10(["b", "a"], judged) == 1.0
    assert ndcg_at_10([], judged) == recall_at(5)([], judged) == mrr_at_10([], judged) == 0.0
    assert ndcg_at_10(["c"], {"c": 0}) == recall_at(5)(["c"], {"c": 0}) == 0.0


def test_a_query_without_a_ranking_counts_as_zero_and_an_unjudged_ranking_does_not_count() -> None:
    qrels = {"q1": {"a": 1}, "q2": {"a": 1}}
    assert measure({"q1": ["a"], "q3": ["b"]}, qrels) == Figures(0.5, 0.5, 0.5, 0.5, 0.5, 0.5)


def test_a_ranking_that_repeats_a_passage_is_refused() -> None:
    with pytest.raises(ValueError, match="query 'q1' names a passage twice"):
        measure({"q1": ["a", "a"]}, {"q1": {"a": 1}})


def test_nothing_judged_cannot_be_measured() -> None:
    with pytest.raises(ValueError, match="nothing is judged"):
        measure({}, {})


def test_the_interval_of_a_ranking_with_itself_is_zero() -> None:
    runs, qrels = seeded_case()
    assert ndcg_difference(runs, runs, qrels, np.random.default_rng(0)) == Difference(0.0, 0.0, 0.0)


def test_the_interval_holds_its_mean_and_tells_a_perfect_ranking_from_a_random_one() -> None:
    runs, qrels = seeded_case()
    perfect = {q: sorted(judged, key=lambda passage: -judged[passage]) for q, judged in qrels.items()}
    found = ndcg_difference(perfect, runs, qrels, np.random.default_rng(0))
    assert 0 < found.low < found.mean < found.high
    assert found.mean == pytest.approx(measure(perfect, qrels).ndcg_at_10 - measure(runs, qrels).ndcg_at_10)
    assert found == ndcg_difference(perfect, runs, qrels, np.random.default_rng(0))
    other_way = ndcg_difference(runs, perfect, qrels, np.random.default_rng(0))
    assert (other_way.low, other_way.high) == pytest.approx((-found.high, -found.low))


def test_the_interval_is_as_wide_as_the_central_limit_says() -> None:
    runs, qrels = seeded_case()
    gaps = [ndcg_at_10(runs[q], judged) for q, judged in qrels.items()]
    found = ndcg_difference(runs, {}, qrels, np.random.default_rng(0))
    assert found.high - found.low == pytest.approx(2 * 1.96 * np.std(gaps) / len(gaps) ** 0.5, rel=0.05)


def test_several_files_of_judgements_are_read_as_one(tmp_path: Path) -> None:
    corpus, queries, _ = files(tmp_path)
    folder = tmp_path / "qrels"
    folder.mkdir()
    with pytest.raises(ValueError, match=r"no \.tsv file"):
        read_beir(corpus, queries, folder)
    header = "query-id\tcorpus-id\tscore\n"
    (folder / "dev.tsv").write_text(header + "q1\tp1\t1\n")
    (folder / "test.tsv").write_text(header + "q1\tp2\t2\n")
    assert read_beir(corpus, queries, folder).qrels == {"q1": {"p1": 1, "p2": 2}}


def test_ids_that_look_like_numbers_stay_text(tmp_path: Path) -> None:
    corpus = json.dumps({"_id": "007", "text": "x"})
    queries = json.dumps({"_id": "1", "text": "x"})
    collection = read_beir(*files(tmp_path, corpus, queries, "query-id\tcorpus-id\tscore\n1\t007\t1"))
    assert collection.qrels == {"1": {"007": 1}}

"""The rankers: ids best first, at most 100, each from the part it is named after."""

from __future__ import annotations

import math
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from knowledge.article import Passage
from retrieval.encoders import HashingEncoder
from retrieval.evaluate import Ranker
from retrieval.index import Index, build_index, build_lexical
from retrieval.rankers import askwell_ranker, bm25_ranker, dense_ranker, rrf_ranker
from retrieval.search import Encoders, search
from retrieval.text import stems

TOPICS = ["transport to school", "short breaks", "speech therapy", "exclusion from school", "annual review"]
PASSAGES = [
    Passage(id=f"p{n}", title=f"Page {n}", text=f"All about {TOPICS[n % 5]}, part {n}. " + "Ask the school. " * (n % 3))
    for n in range(150)
]
ENCODERS = Encoders(english=HashingEncoder())


@pytest.fixture(scope="module")
def index() -> Index:
    return build_index(PASSAGES, ENCODERS.english)


@pytest.fixture(scope="module")
def rankers(index: Index) -> dict[str, Ranker]:
    words, dense = bm25_ranker(PASSAGES), dense_ranker(index, ENCODERS)
    return {"askwell": askwell_ranker(index, ENCODERS), "bm25": words, "dense": dense, "rrf": rrf_ranker(words, dense)}


@pytest.mark.parametrize("name", ["askwell", "bm25", "dense", "rrf"])
@pytest.mark.parametrize("text", ["transport to school part 40", "school", "", "?", "the", "qqqq", "पाठशाला"])
def test_every_ranker_gives_at_most_100_different_ids(rankers: dict[str, Ranker], name: str, text: str) -> None:
    ids = rankers[name](text)
    assert len(ids) <= 100
    assert len(set(ids)) == len(ids)
    assert set(ids) <= {passage.id for passage in PASSAGES}


@pytest.mark.parametrize("name", ["askwell", "bm25", "dense", "rrf"])
def test_every_ranker_finds_the_passage_that_says_it(rankers: dict[str, Ranker], name: str) -> None:
    assert "p42" in list(rankers[name]("speech therapy part 42"))[:3]


def test_askwell_ranks_as_search_does(index: Index, rankers: dict[str, Ranker]) -> None:
    text = "how do I get speech therapy at school"
    hits = search(index, ENCODERS, text).hits
    assert list(rankers["askwell"](text))[:10] == [hit.passage.id for hit in hits]


def test_plain_bm25_is_the_textbook_formula() -> None:
    # Robertson and Zaragoza 2009 with Lucene's idf, written out: k1 1.2, b 0.75, stems of title and text, no pairs.
    rng = random.Random(0)
    said = ["school", "transport", "breaks", "speech", "review", "appeal", "panel"]
    passages = [
        Passage(f"p{n}", " ".join(rng.choices(said, k=rng.randint(3, 60))), title=rng.choice(said)) for n in range(90)
    ]
    texts = [stems(f"{passage.title} {passage.text}") for passage in passages]
    counts = [Counter(text) for text in texts]
    mean = sum(map(len, texts)) / len(texts)

    def score(asked: list[str], row: int) -> float:
        total = 0.0
        for stem in asked:
            holding = sum(stem in count for count in counts)
            idf = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
            tf = counts[row][stem]
            total += idf * tf / (tf + 1.2 * (1 - 0.75 + 0.75 * len(texts[row]) / mean))
        return total

    for text in ("transport to school", "appeal panel review", "speech"):
        scores = {f"p{row}": score(stems(text), row) for row in range(len(texts))}
        ranked = bm25_ranker(passages)(text)
        assert set(ranked) == {id for id in scores if scores[id] > 0}
        assert [scores[id] for id in ranked] == pytest.approx(
            sorted((s for s in scores.values() if s > 0), reverse=True)
        )


def test_plain_bm25_leaves_out_what_shares_no_word() -> None:
    ranker = bm25_ranker([Passage("a", "short breaks"), Passage("b", "speech therapy")])
    assert ranker("therapy") == ["b"]
    assert ranker("zebra") == []
    assert bm25_ranker([])("zebra") == []


def test_fusion_sums_reciprocal_ranks_and_a_missing_passage_gets_nothing() -> None:
    first, second = (lambda text: ["a", "b", "c"]), (lambda text: ["c", "d"])
    # c: 1/63 + 1/61, a: 1/61, then b and d with 1/62 each in the order they were met.
    assert rrf_ranker(first, second)("x") == ["c", "a", "b", "d"]
    assert rrf_ranker(first, lambda text: [])("x") == ["a", "b", "c"]
    # Ranks begin at 1: with k 1, y has 1/4 + 1/3 and x has 1/2.
    assert rrf_ranker(lambda text: ["x", "v", "y"], lambda text: ["w", "y"], k=1)("x")[0] == "y"


def test_dense_needs_the_encoder_the_index_was_made_with(index: Index) -> None:
    with pytest.raises(ValueError, match="made with hashing-256, not with hashing-64"):
        dense_ranker(index, Encoders(english=HashingEncoder(64)))
    with pytest.raises(ValueError, match="needs an English space"):
        dense_ranker(build_lexical(PASSAGES), ENCODERS)
    with pytest.raises(ValueError, match="needs an English space"):
        dense_ranker(index, Encoders())


def test_ranking_never_imports_torch() -> None:
    code = "import sys, retrieval.rankers, retrieval.evaluate; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0

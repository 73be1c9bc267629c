"""A large pack is searched through candidates: what is found is what scoring every passage finds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge.article import Passage
from retrieval import pruning
from retrieval.encoders import HashingEncoder
from retrieval.index import Index, build_index, load_index, save_index
from retrieval.pruning import FULL, Scores
from retrieval.search import Encoders, Results, search

ENCODER = HashingEncoder(64)
WORDS = "club bus hall form school plan review nurse tutor panel letter fee map park meal taxi".split()
SIZE = FULL + 500


def passage(number: int) -> Passage:
    chance = np.random.default_rng(number)
    said = " ".join(chance.choice(WORDS, 12))
    asked = (f"where is the {WORDS[number % 16]} of ward {number}", f"ward {number} {WORDS[number % 7]}")
    return Passage(f"p{number}", f"{said} in ward {number}.", f"Ward {number}", "", asked[: number % 3], f"g{number}")


@pytest.fixture(scope="module")
def large() -> Index:
    return build_index([passage(number) for number in range(SIZE)], ENCODER)


def found(index: Index, text: str, *, full: int = FULL, handicap: Scores | None = None) -> Results:
    return search(index, Encoders(ENCODER), text, full=full, handicap=handicap)


def ids(results: Results) -> list[str]:
    return [hit.passage.id for hit in results.hits]


QUESTIONS = [f"where is the {WORDS[n % 16]} of ward {n * 11}" for n in range(0, 220, 5)]


def test_candidates_find_first_what_scoring_every_passage_finds_first(large: Index) -> None:
    whole = [found(large, text, full=SIZE) for text in QUESTIONS]
    some = [found(large, text) for text in QUESTIONS]
    assert [ids(one)[:1] for one in some] == [ids(one)[:1] for one in whole]
    shared = [len(set(ids(a)) & set(ids(b))) for a, b in zip(whole, some, strict=True)]
    assert np.mean(shared) > 7


def test_a_candidate_has_the_very_scores_of_each_ranking(large: Index) -> None:
    for text in QUESTIONS[:8]:
        every = {hit.passage.id: hit.found_by for hit in found(large, text, full=SIZE).hits}
        both = [hit for hit in found(large, text).hits if hit.passage.id in every]
        assert both
        for hit in both:
            assert hit.found_by == pytest.approx(every[hit.passage.id], rel=1e-4, abs=1e-5)


def test_fused_scores_are_near_those_of_scoring_every_passage(large: Index) -> None:
    gaps = [found(large, text).hits[0].score / found(large, text, full=SIZE).hits[0].score for text in QUESTIONS]
    assert 0.9 < np.median(gaps) < 1.1


def test_hardly_any_passage_of_a_large_pack_is_scored(large: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    scored: list[int] = []
    real = pruning.candidates

    def counted(*given: object) -> Sequence[int]:
        rows = real(*given)  # type: ignore[arg-type]
        scored.append(len(rows))
        return rows

    monkeypatch.setattr("retrieval.fusion.candidates", counted)
    for text in QUESTIONS:
        found(large, text)
    assert len(scored) == len(QUESTIONS)
    assert max(scored) < 8 * pruning.NAMED


def test_what_is_brought_forward_is_found_whatever_it_scores(large: Index) -> None:
    handicap = np.zeros(SIZE, dtype=np.float32)
    handicap[SIZE - 1] = -60.0
    assert ids(found(large, QUESTIONS[0], handicap=handicap))[0] == f"p{SIZE - 1}"


def test_a_question_of_unknown_words_still_gets_hits_by_meaning(large: Index) -> None:
    assert len(ids(found(large, "zzyzx qwrtp"))) == 10
    assert ids(search(large, Encoders(), "zzyzx")) == []


def test_a_large_index_finds_the_same_once_saved(large: Index, tmp_path: Path) -> None:
    save_index(large, tmp_path, "one")
    again = load_index(tmp_path / "one")
    assert [ids(found(again, text)) for text in QUESTIONS[:9]] == [ids(found(large, text)) for text in QUESTIONS[:9]]

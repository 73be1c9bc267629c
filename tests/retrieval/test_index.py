"""An index finds what it holds, survives a save, says when it was damaged, and encodes only what changed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from knowledge.article import Passage
from retrieval.dense import DenseIndex
from retrieval.encoders import HashingEncoder
from retrieval.index import (
    IndexDamagedError,
    build_index,
    build_lexical,
    current_name,
    fingerprint,
    load_index,
    save_index,
)
from retrieval.search import Encoders, search
from retrieval.vector_cache import CachedEncoder

PASSAGES = (
    Passage("a#1", "Clubs are for ages 8 to 12.", "Clubs", "Ages", ("how old for clubs",), "a"),
    Passage("a#2", "A club day is free.", "Clubs", "Cost", ("price of a club",), "a"),
    Passage("b#1", "The bus runs every ten minutes.", "Buses", "Times", ("when is the next bus",), "b"),
)
ENCODER = HashingEncoder(64)


def top(index, text: str) -> str:  # type: ignore[no-untyped-def]
    return search(index, Encoders(ENCODER), text).hits[0].passage.id


def test_words_alone_find_a_passage():
    assert search(build_lexical(PASSAGES), Encoders(), "next bus?").hits[0].passage.id == "b#1"


def test_a_saved_index_ranks_as_it_did(tmp_path: Path):
    index = build_index(PASSAGES, ENCODER, ENCODER)
    save_index(index, tmp_path, "one", {"extra.json": b"{}"})
    again = load_index(tmp_path / "one")
    for text in ("how old", "price", "bus times", "klub"):
        before, after = (search(i, Encoders(ENCODER), text) for i in (index, again))
        assert [hit.passage.id for hit in before.hits] == [hit.passage.id for hit in after.hits]
        np.testing.assert_allclose([h.score for h in before.hits], [h.score for h in after.hits], rtol=1e-5)


@pytest.mark.parametrize("name", ["passages.json", "english.passages.faiss", "words", "extra.json"])
def test_a_changed_file_is_noticed_before_it_is_read(tmp_path: Path, name: str):
    save_index(build_index(PASSAGES, ENCODER), tmp_path, "one", {"extra.json": b"{}"})
    file = tmp_path / "one" / name
    file = next(file.iterdir()) if file.is_dir() else file
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(IndexDamagedError, match="has changed"):
        load_index(tmp_path / "one")


def test_an_index_cut_short_is_noticed(tmp_path: Path):
    save_index(build_index(PASSAGES, ENCODER), tmp_path, "one")
    (tmp_path / "one" / "passages.json").unlink()
    with pytest.raises(IndexDamagedError):
        load_index(tmp_path / "one")
    with pytest.raises(IndexDamagedError):
        load_index(tmp_path / "nothing")


def test_readers_see_the_old_index_or_the_new(tmp_path: Path):
    for name in ("one", "two", "three"):
        save_index(build_lexical(PASSAGES), tmp_path, name)
        assert current_name(tmp_path) == name
    kept = sorted(path.name for path in tmp_path.iterdir() if path.is_dir())
    assert kept == ["three", "two"]


def test_only_changed_text_is_encoded_again(tmp_path: Path):
    first = CachedEncoder(ENCODER, tmp_path)
    build_index(PASSAGES, first)
    first.save()
    assert first.made == 6
    second = CachedEncoder(ENCODER, tmp_path)
    build_index((*PASSAGES[:2], replace(PASSAGES[2], text="The bus runs every hour.")), second)
    assert second.made == 1


def test_a_cache_cut_short_is_made_again(tmp_path: Path):
    cached = CachedEncoder(ENCODER, tmp_path)
    cached.encode_query(["a"])
    cached.save()
    cached.file.write_bytes(cached.file.read_bytes()[:40])
    assert CachedEncoder(ENCODER, tmp_path).known == {}


def test_the_fingerprint_follows_text_phrasings_and_models():
    prints = {
        fingerprint(PASSAGES, ["m"]),
        fingerprint(PASSAGES, ["n"]),
        fingerprint(PASSAGES[:2], ["m"]),
        fingerprint((replace(PASSAGES[0], asked_as=("x",)), *PASSAGES[1:]), ["m"]),
    }
    assert len(prints) == 4


def test_hidden_rows_never_come_back():
    index = build_index(PASSAGES, ENCODER)
    found = search(index, Encoders(ENCODER), "next bus", leave_out=(2,))
    assert [hit.passage.id for hit in found.hits if hit.passage.id == "b#1"] == []


def test_an_empty_index_has_no_hits():
    assert search(build_index((), ENCODER), Encoders(ENCODER), "anything").hits == ()


def test_a_passage_scores_as_the_mean_of_its_nearest_texts_and_a_text_said_twice_counts_once():
    near = [0.28, 0.96]
    texts = np.array([[1.0, 0.0], [0.8, 0.6], near, near, [0.6, 0.8]], dtype=np.float32)
    owners = [0, 2, 0, 2, 2]
    asked = np.array([0.0, 1.0], dtype=np.float32)
    nearest = DenseIndex.build(texts, owners, 3).scores(asked, missing=-1.0)
    np.testing.assert_allclose(nearest, [0.96, -1.0, 0.96], rtol=1e-6)
    agreed = DenseIndex.build(texts, owners, 3, best=2).scores(asked)
    np.testing.assert_allclose(agreed, [0.48, 0.0, 0.88], rtol=1e-6)
    twice = DenseIndex.build(np.vstack([texts[2:3], texts[2:3]]), [0, 0], 1, best=2).scores(asked)
    np.testing.assert_allclose(twice, [0.96], rtol=1e-6)


def test_whoever_asks_in_the_very_words_of_a_text_needs_no_others_that_agree():
    texts = np.array([[0.0, 1.0], [1.0, 0.0], [0.28, 0.96]], dtype=np.float32)
    scores = DenseIndex.build(texts, [0, 0, 1], 2, best=3).scores(np.array([0.0, 1.0], dtype=np.float32))
    np.testing.assert_allclose(scores, [1.0, 0.96], rtol=1e-6)


def test_what_is_hidden_is_not_felt_in_the_scores_of_the_others():
    index = build_index(PASSAGES, ENCODER)
    two = build_index(PASSAGES[:2], ENCODER)
    hidden = search(index, Encoders(ENCODER), "how old for clubs", leave_out=[2]).hits
    assert len(hidden) == 2
    assert [hit.passage.id for hit in hidden] == [
        hit.passage.id for hit in search(two, Encoders(ENCODER), "how old for clubs").hits
    ]
    assert abs(sum(hit.score for hit in hidden)) < 1e-3


def test_the_first_hit_stands_alone_where_its_article_holds_nothing_else():
    found = search(build_index(PASSAGES, ENCODER), Encoders(ENCODER), "when is the next bus")
    assert found.evidence.article_share == pytest.approx(1 / 3)
    assert found.evidence.gap_article == found.evidence.gap_second > 0

"""A passage scores as its best text does, in whatever order the texts stand."""

from __future__ import annotations

import numpy as np

from retrieval.dense import DenseIndex


def test_each_passage_scores_as_its_best_text_also_when_its_texts_do_not_stand_together() -> None:
    chance = np.random.default_rng(3)
    vectors = chance.normal(size=(200, 8)).astype(np.float32)
    owners = [int(owner) for owner in chance.integers(0, 30, size=200)]
    query = chance.normal(size=8).astype(np.float32)
    scores = DenseIndex.build(vectors, owners, 31).scores(query, missing=-9.0)
    for passage in range(31):
        own = [float(vectors[row] @ query) for row in range(200) if owners[row] == passage]
        np.testing.assert_allclose(scores[passage], max(own, default=-9.0), rtol=1e-4)


def test_an_index_of_nothing_scores_nothing() -> None:
    empty = DenseIndex.build(np.zeros((0, 4), dtype=np.float32), [], 3)
    assert empty.scores(np.ones(4, dtype=np.float32)).tolist() == [0.0, 0.0, 0.0]

"""Vectors and their nearest neighbours (faiss, exact inner product)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.encoders import Vectors
from retrieval.pruning import FULL, NothingRanked, Ranked, Rows, Scores, runs, sampled

# Below any cosine: what stands where a passage has no text.
NO_TEXT = -2.0
# From here on two texts are the same one: whoever asks in an editor's own words has no need of others that agree.
THE_SAME = 0.999
# In a large pack, how many groups of vectors are looked into for candidates.
PROBED = 8


@dataclass(frozen=True)
class DenseIndex:
    """Vectors of texts, each owned by a passage, which scores as the mean of its `best` nearest texts does.

    One lucky text is worth less than several that agree: over phrasings, the mean of three answered 6 more of 775
    questions than the nearest alone, and 7 fewer wrongly.
    """

    index: faiss.Index
    owners: NDArray[np.int64]
    passages: int
    best: int = 1
    # What names candidates in a large pack.
    coarse: faiss.Index | None = None

    @classmethod
    def build(cls, vectors: Vectors, owners: Sequence[int], passages: int, best: int = 1) -> DenseIndex:
        index = faiss.IndexFlatIP(vectors.shape[1] if vectors.size else 1)
        if vectors.size:
            index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        coarse = _coarse(vectors) if passages > FULL and vectors.size else None
        return cls(index, np.asarray(owners, dtype=np.int64), passages, best, coarse)

    def scores(self, vector: Vectors, missing: float = 0.0) -> Scores:
        """Each passage's mean cosine with `vector` (shape (dimensions,)) over its `best` nearest texts, or all if it
        has fewer; `missing` where it has none. A text that stands twice counts once, and one that is the query stands
        for all."""
        found = np.full(self.passages, missing, dtype=np.float32)
        if self.index.ntotal:
            # Every text's cosine is wanted, so there is nothing to rank: one product, where a search for all of them
            # sorts them too and takes ten times as long.
            cosines = (self._vectors @ vector.reshape(-1))[self._order]
            owned, starts, lengths = self._owned
            found[owned] = _agreed(cosines, starts, lengths, self.best)
        return found

    def asked(self, vector: Vectors) -> Ranked:
        """What this ranking makes of a question, for a pack in which only candidates are scored."""
        return AskedVector(self, vector.reshape(-1)) if self.index.ntotal else NothingRanked()

    def scores_at(self, vector: Vectors, rows: Rows) -> Scores:
        """What `scores` gives these passages, without looking at the others."""
        starts, lengths = self._runs[0][rows], self._runs[1][rows]
        found, held = np.zeros(len(rows), dtype=np.float32), np.flatnonzero(lengths)
        if len(held):
            texts = self._order[runs(starts[held], lengths[held])]
            begins = np.cumsum(lengths[held]) - lengths[held]
            found[held] = _agreed(self._vectors[texts] @ vector, begins, lengths[held], self.best)
        return found

    def near(self, vector: Vectors, count: int) -> Rows:
        """The passages of about `count` texts that are among the nearest."""
        if self.coarse is None:
            return np.zeros(0, dtype=np.int64)
        _, texts = self.coarse.search(vector.reshape(1, -1), count)
        return np.asarray(self.owners[texts[0][texts[0] >= 0]], dtype=np.int64)

    @cached_property
    def sample(self) -> DenseIndex:
        """The passages of the sample alone."""
        rows = sampled(self.passages)
        starts, lengths = self._runs[0][rows], self._runs[1][rows]
        texts = self._order[runs(starts, lengths)] if self.index.ntotal else np.zeros(0, dtype=np.int64)
        owners = np.repeat(np.arange(len(rows)), lengths)
        return DenseIndex.build(self._vectors[texts], owners.tolist(), len(rows), self.best)

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        """The texts in the order of the passages that own them."""
        return np.argsort(self.owners, kind="stable")

    @cached_property
    def _owned(self) -> tuple[Rows, Rows, Rows]:
        """In that order: which passages have any text, where the texts of each begin, and how many it has."""
        owned, starts, lengths = np.unique(self.owners[self._order], return_index=True, return_counts=True)
        return owned, starts, lengths

    @cached_property
    def _runs(self) -> tuple[Rows, Rows]:
        """In that order: where each passage's texts begin, and how many it has, also when that is none."""
        starts, counts = np.zeros(self.passages, dtype=np.int64), np.zeros(self.passages, dtype=np.int64)
        owned, begins, lengths = self._owned
        starts[owned], counts[owned] = begins, lengths
        return starts, counts

    @cached_property
    def _vectors(self) -> Vectors:
        """The index's own vectors, looked at where they are: a row a text."""
        held = cast("faiss.IndexFlatIP", self.index).get_xb()
        flat = faiss.rev_swig_ptr(held, self.index.ntotal * self.index.d)
        return np.asarray(flat, dtype=np.float32).reshape(self.index.ntotal, self.index.d)

    def save(self, file: Path) -> None:
        faiss.write_index(self.index, str(file))
        np.save(file.with_suffix(".owners.npy"), self.owners)
        if self.coarse is not None:
            faiss.write_index(self.coarse, str(file.with_suffix(".coarse.faiss")))

    @classmethod
    def load(cls, file: Path, passages: int, best: int = 1) -> DenseIndex:
        """Read what `save` wrote. Only for files whose hash `retrieval.index` has checked: faiss trusts its input."""
        coarse = file.with_suffix(".coarse.faiss")
        return cls(
            faiss.read_index(str(file)),
            np.load(file.with_suffix(".owners.npy")),
            passages,
            best,
            faiss.read_index(str(coarse)) if coarse.exists() else None,
        )


@dataclass(frozen=True)
class AskedVector:
    """One question's vector, with scores as `retrieval.pruning.Ranked` wants them."""

    dense: DenseIndex
    vector: Vectors

    def named(self, count: int) -> Rows:
        # A passage is named once for each of its texts that are near.
        return self.dense.near(self.vector, count * self.dense.best)

    def roughly(self, rows: Rows) -> Scores:
        return self.dense.scores_at(self.vector, rows)

    def refined(self, rows: Rows, rough: Scores) -> Scores:
        return rough

    def spread(self) -> tuple[float, float]:
        scores = self.dense.sample.scores(self.vector)
        mean = float(scores.sum()) / len(scores)
        return mean, math.sqrt(max(0.0, float(scores @ scores) / len(scores) - mean * mean))


def _agreed(cosines: Vectors, starts: Rows, lengths: Rows, best: int) -> Scores:
    """The mean of the `best` highest of each run, equal ones counted once; the highest alone where it is `THE_SAME`.

    `cosines` is used up: what was counted is struck out in it.
    """
    first = np.maximum.reduceat(cosines, starts)
    total, count, nearest = first.copy(), np.ones(len(starts), dtype=np.float32), first
    for _ in range(best - 1):
        cosines[cosines == np.repeat(nearest, lengths)] = NO_TEXT
        nearest = np.maximum.reduceat(cosines, starts)
        there = nearest > NO_TEXT
        total += np.where(there, nearest, 0.0)
        count += there
    return np.where(first > THE_SAME, first, total / count).astype(np.float32)


def _coarse(vectors: Vectors) -> faiss.Index:
    """Vectors in groups of near ones, a byte a dimension: a search looks into `PROBED` groups. Always made alike."""
    groups = max(1, min(len(vectors) // 64, int(len(vectors) ** 0.5)))
    flat = faiss.IndexFlatIP(vectors.shape[1])
    coarse = faiss.IndexIVFScalarQuantizer(
        flat, vectors.shape[1], groups, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    coarse.cp.min_points_per_centroid = 1
    coarse.train(vectors)
    coarse.add(vectors)
    coarse.nprobe = min(groups, PROBED)
    return coarse

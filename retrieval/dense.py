"""Vectors and their nearest neighbours (faiss, exact inner product)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import faiss
import numpy as np
from numpy.typing import NDArray

from retrieval.encoders import Vectors

Scores = NDArray[np.float32]


@dataclass(frozen=True)
class DenseIndex:
    """Vectors of texts, each owned by a passage: a passage scores as its best text does."""

    index: faiss.Index
    owners: NDArray[np.int64]
    passages: int

    @classmethod
    def build(cls, vectors: Vectors, owners: Sequence[int], passages: int) -> DenseIndex:
        index = faiss.IndexFlatIP(vectors.shape[1] if vectors.size else 1)
        if vectors.size:
            index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index, np.asarray(owners, dtype=np.int64), passages)

    def scores(self, vector: Vectors, missing: float = 0.0) -> Scores:
        """The cosine of each passage's best text with `vector` (shape (dimensions,)); `missing` where it has none."""
        best = np.full(self.passages, -2.0, dtype=np.float32)
        if self.index.ntotal:
            # Every text's cosine is wanted, so there is nothing to rank: one product, where a search for all of them
            # sorts them too and takes ten times as long.
            starts, owned = self._runs
            np.maximum.at(best, owned, np.maximum.reduceat(self._vectors @ vector.reshape(-1), starts))
        best[best < -1.5] = missing
        return best

    @cached_property
    def _runs(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where each run of texts of one passage begins, and whose it is: its best is had in one step."""
        starts = np.flatnonzero(np.diff(self.owners, prepend=-1))
        return starts, self.owners[starts]

    @cached_property
    def _vectors(self) -> Vectors:
        """The index's own vectors, looked at where they are: a row a text."""
        held = cast("faiss.IndexFlatIP", self.index).get_xb()
        flat = faiss.rev_swig_ptr(held, self.index.ntotal * self.index.d)
        return np.asarray(flat, dtype=np.float32).reshape(self.index.ntotal, self.index.d)

    def save(self, file: Path) -> None:
        faiss.write_index(self.index, str(file))
        np.save(file.with_suffix(".owners.npy"), self.owners)

    @classmethod
    def load(cls, file: Path, passages: int) -> DenseIndex:
        """Read what `save` wrote. Only for files whose hash `retrieval.index` has checked: faiss trusts its input."""
        return cls(faiss.read_index(str(file)), np.load(file.with_suffix(".owners.npy")), passages)

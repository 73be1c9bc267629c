"""Ways to rank one collection, ours and the plain ones it is measured against. Each gives ids, best first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.article import Passage
from retrieval.encoders import Encoder
from retrieval.evaluate import Ranker
from retrieval.index import Index, Space
from retrieval.lexical import BM25Index
from retrieval.search import Encoders, search
from retrieval.text import stems

DEPTH = 100


def askwell_ranker(index: Index, encoders: Encoders, language: str = "en") -> Ranker:
    """The ranking a family gets: `retrieval.search.search` as it is, its first 100 passages."""

    def rank(text: str) -> list[str]:
        found = search(index, encoders, text, language=language, limit=DEPTH)
        return [hit.passage.id for hit in found.hits]

    return rank


def bm25_ranker(passages: Sequence[Passage]) -> Ranker:
    """Plain BM25 over our stems of title and text, k1 1.2 and b 0.75; passages that share no stem are left out."""
    ids = [passage.id for passage in passages]
    texts = [f"{passage.title} {passage.text}" for passage in passages]
    words = BM25Index.build(texts, stems, k1=1.2, b=0.75)

    def rank(text: str) -> list[str]:
        scores = words.scores(text)
        return [ids[row] for row in _best_first(scores) if scores[row] > 0]

    return rank


def dense_ranker(index: Index, encoders: Encoders) -> Ranker:
    """The English encoder alone, by cosine. Raises ValueError when `index` was not built with it."""
    space, encoder = _english(index, encoders)
    ids = index.ids

    def rank(text: str) -> list[str]:
        scores = space.passages.scores(encoder.encode_query([text])[0], missing=-1.0)
        return [ids[row] for row in _best_first(scores)]

    return rank


def rrf_ranker(*rankers: Ranker, k: int = 60) -> Ranker:
    """Reciprocal rank fusion of the first 100 of each ranker: the sum of 1 / (k + rank).

    Cormack, Clarke and Büttcher 2009. A passage that a ranker leaves out gets nothing from it: ranks given to
    passages without a score would follow the order of the file.
    """

    def rank(text: str) -> list[str]:
        scores: defaultdict[str, float] = defaultdict(float)
        for ranker in rankers:
            for place, id in enumerate(ranker(text)[:DEPTH], start=1):
                scores[id] += 1.0 / (k + place)
        return sorted(scores, key=scores.__getitem__, reverse=True)[:DEPTH]

    return rank


def _english(index: Index, encoders: Encoders) -> tuple[Space, Encoder]:
    space, encoder = index.english, encoders.english
    if space is None or encoder is None:
        raise ValueError("dense ranking needs an English space in the index and the encoder that made it")
    if space.encoder != encoder.name:
        raise ValueError(f"the index was made with {space.encoder}, not with {encoder.name}")
    return space, encoder


def _best_first(scores: NDArray[np.float32]) -> list[int]:
    """The rows of the 100 highest scores; equal ones in the order of the file."""
    return [int(row) for row in np.argsort(-scores, kind="stable")[:DEPTH]]


def plain_rankers(index: Index, encoders: Encoders) -> dict[str, Ranker]:
    """Askwell and what it is measured against, by name. Raises ValueError when `index` has no English space."""
    plain, dense = bm25_ranker(index.passages), dense_ranker(index, encoders)
    return {
        "Askwell": askwell_ranker(index, encoders),
        "BM25": plain,
        "MiniLM": dense,
        "rank fusion": rrf_ranker(plain, dense),
    }

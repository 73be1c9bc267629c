"""BM25 over words and word pairs, and over 4-character pieces (bm25s)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.postings import AskedWords, Lists, Postings, order_by_worth
from retrieval.pruning import FULL, NothingRanked, Ranked, Scores
from retrieval.text import four_grams, words_and_pairs

VOCABULARY = "vocab.index.json"
ARRAYS = ("indices.csc.index.npy", "data.csc.index.npy", "indptr.csc.index.npy")


@dataclass(frozen=True)
class BM25Index:
    """One BM25 over a list of texts (Robertson and Zaragoza 2009; bm25s "lucene" variant).

    bm25s makes it. What it made is read and added up here: loading that library takes a start a quarter of a second.
    """

    vocabulary: dict[str, int]
    terms: Lists
    tokenise: Callable[[str], list[str]]
    size: int

    @classmethod
    def build(
        cls, texts: Sequence[str], tokenise: Callable[[str], list[str]], k1: float = 0.9, b: float = 0.5
    ) -> BM25Index:
        import bm25s  # noqa: PLC0415  only building needs it

        logging.getLogger("bm25s").setLevel(logging.WARNING)  # it reports each index it builds
        model = bm25s.BM25(k1=k1, b=b)
        # bm25s cannot index an empty vocabulary: one token that no query has stands in for it.
        model.index([tokenise(text) or ["\0"] for text in texts] or [["\0"]], show_progress=False)
        terms = Lists(model.scores["indices"], model.scores["data"], model.scores["indptr"].astype(np.int64))
        if len(texts) > FULL:
            order_by_worth(terms)
        return cls(dict(model.vocab_dict), terms, tokenise, len(texts))

    def scores(self, query: str) -> Scores:
        """The BM25 score of every text, in their order; zeros when no word is shared."""
        total = np.zeros(self.size, dtype=np.float32)
        ends = self.terms.ends
        for term in self._known(query):
            run = slice(ends[term], ends[term + 1])
            # No text stands twice in a run.
            total[self.terms.places[run]] += self.terms.values[run]
        return total

    def asked(self, query: str) -> Ranked:
        """What this ranking makes of `query`, for a pack in which only candidates are scored."""
        known = self._known(query)
        return AskedWords(self.postings, known) if known else NothingRanked()

    def held_by(self, token: str) -> int:
        """How many of the texts hold `token`."""
        term = self.vocabulary.get(token)
        return 0 if term is None else int(self.terms.ends[term + 1] - self.terms.ends[term])

    @cached_property
    def postings(self) -> Postings:
        return Postings(self.terms, self.size)

    def _known(self, query: str) -> list[int]:
        return [self.vocabulary[token] for token in self.tokenise(query) if token in self.vocabulary]

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / VOCABULARY).write_text(json.dumps(self.vocabulary, ensure_ascii=False), encoding="utf-8")
        arrays: tuple[NDArray[Any], ...] = (self.terms.places, self.terms.values, self.terms.ends)
        for name, array in zip(ARRAYS, arrays, strict=True):
            np.save(folder / name, array, allow_pickle=False)

    @classmethod
    def load(cls, folder: Path, tokenise: Callable[[str], list[str]], size: int) -> BM25Index:
        """Read what `save` wrote, or bm25s itself."""
        vocabulary = json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))
        places, values, ends = (np.load(folder / name, allow_pickle=False) for name in ARRAYS)
        return cls(vocabulary, Lists(places, values, ends), tokenise, size)


def word_index(texts: Sequence[str]) -> BM25Index:
    """BM25 over stemmed words and adjacent pairs."""
    return BM25Index.build(texts, words_and_pairs)


def gram_index(texts: Sequence[str]) -> BM25Index:
    """BM25 over 4-character pieces: finds a misspelt word by the parts that are right."""
    return BM25Index.build(texts, four_grams)

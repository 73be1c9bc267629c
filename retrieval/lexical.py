"""BM25 over words and word pairs, and over 4-character pieces (bm25s)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import bm25s
import numpy as np

from retrieval.postings import AskedWords, Postings, order_by_worth
from retrieval.pruning import FULL, NothingRanked, Ranked, Scores
from retrieval.text import four_grams, words_and_pairs

logging.getLogger("bm25s").setLevel(logging.WARNING)  # it reports each index it builds


@dataclass(frozen=True)
class BM25Index:
    """One BM25 over a list of texts (Robertson and Zaragoza 2009; bm25s "lucene" variant)."""

    model: bm25s.BM25
    tokenise: Callable[[str], list[str]]
    size: int

    @classmethod
    def build(
        cls, texts: Sequence[str], tokenise: Callable[[str], list[str]], k1: float = 0.9, b: float = 0.5
    ) -> BM25Index:
        model = bm25s.BM25(k1=k1, b=b)
        # bm25s cannot index an empty vocabulary: one token that no query has stands in for it.
        model.index([tokenise(text) or ["\0"] for text in texts] or [["\0"]], show_progress=False)
        if len(texts) > FULL:
            order_by_worth(model.scores)
        return cls(model, tokenise, len(texts))

    def scores(self, query: str) -> Scores:
        """The BM25 score of every text, in their order; zeros when no word is shared."""
        known = self._known(query)
        if not known:
            return np.zeros(self.size, dtype=np.float32)
        return np.asarray(self.model.get_scores_from_ids(known), dtype=np.float32)[: self.size]

    def asked(self, query: str) -> Ranked:
        """What this ranking makes of `query`, for a pack in which only candidates are scored."""
        known = self._known(query)
        return AskedWords(self.postings, known) if known else NothingRanked()

    def held_by(self, token: str) -> int:
        """How many of the texts hold `token`."""
        term = self.model.vocab_dict.get(token)
        ends = self.model.scores["indptr"]
        return 0 if term is None else int(ends[term + 1] - ends[term])

    @cached_property
    def postings(self) -> Postings:
        return Postings.of(self.model.scores, self.size)

    def _known(self, query: str) -> list[int]:
        vocabulary = self.model.vocab_dict
        return [vocabulary[token] for token in self.tokenise(query) if token in vocabulary]

    def save(self, folder: Path) -> None:
        self.model.save(str(folder), corpus=None)

    @classmethod
    def load(cls, folder: Path, tokenise: Callable[[str], list[str]], size: int) -> BM25Index:
        return cls(bm25s.BM25.load(str(folder), load_corpus=False), tokenise, size)


def word_index(texts: Sequence[str]) -> BM25Index:
    """BM25 over stemmed words and adjacent pairs."""
    return BM25Index.build(texts, words_and_pairs)


def gram_index(texts: Sequence[str]) -> BM25Index:
    """BM25 over 4-character pieces: finds a misspelt word by the parts that are right."""
    return BM25Index.build(texts, four_grams)

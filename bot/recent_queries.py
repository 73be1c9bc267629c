"""An encoder that remembers what it was asked a moment ago: a message is judged for risk and then looked up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bot.recent import Recent
from retrieval.encoders import Encoder, Vectors
from retrieval.search import Encoders

MOST_QUERIES = 64


@dataclass(frozen=True)
class RecentQueries:
    """`encoder`, with the vectors of the last queries at hand. Their words are not kept, and documents pass through."""

    encoder: Encoder

    @property
    def name(self) -> str:
        return self.encoder.name

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return self.encoder.encode_query(texts)
        return np.vstack([self._recent(text) for text in texts])

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self.encoder.encode_document(texts)

    @cached_property
    def _recent(self) -> Recent[Vectors]:
        return Recent(lambda text: self.encoder.encode_query([text])[0], MOST_QUERIES)


def remembering(encoders: Encoders) -> Encoders:
    """`encoders`, each with its last queries at hand."""
    english, multilingual = encoders.english, encoders.multilingual
    return Encoders(english and RecentQueries(english), multilingual and RecentQueries(multilingual))

"""A question in, ranked passages out, with the evidence for the ranking. One screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.sentences import split_sentences
from retrieval.confidence import DEFAULT, Calibration, Evidence, evidence_of
from retrieval.encoders import Encoder
from retrieval.fusion import weighted
from retrieval.hits import Hit
from retrieval.index import Index, Space

Scores = NDArray[np.float32]
_ASKS = re.compile(
    r"^(?:and |so |but |also )?(?:who|what|when|where|why|how|which|can|could|do|does|did|is|are|am|will|"
    r"would|should|has|have|any|whats|hows|wheres)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Encoders:
    """The encoders loaded now. Either may be missing: words alone still answer."""

    english: Encoder | None = None
    multilingual: Encoder | None = None

    def loaded(self) -> tuple[Encoder, ...]:
        """Those there are, the multilingual one first."""
        return tuple(encoder for encoder in (self.multilingual, self.english) if encoder is not None)


@dataclass(frozen=True)
class Weights:
    """How much each ranking counts. Tuned on half of the blind question set; the other half measures."""

    words: float = 0.25
    grams: float = 0.1
    passages: float = 0.4
    phrasings: float = 0.35
    question: float = 0.3
    foreign_words: float = 0.25


@dataclass(frozen=True)
class Results:
    """Hits best first; `confidence` is the probability that the first answers the question."""

    hits: tuple[Hit, ...]
    confidence: float
    evidence: Evidence
    searched: str


def question_part(text: str) -> str:
    """The sentences of a long story that ask something; empty when the text is short or asks throughout."""
    if len(text.split()) < 18:
        return ""
    sentences = split_sentences(text)
    asking = [sentence for sentence in sentences if sentence.endswith("?") or _ASKS.match(sentence)]
    return " ".join(asking) if asking and len(asking) < len(sentences) else ""


def search(
    index: Index,
    encoders: Encoders,
    text: str,
    *,
    language: str = "en",
    also: str = "",
    weights: Weights = Weights(),
    calibration: Calibration = DEFAULT,
    handicap: Scores | None = None,
    leave_out: Sequence[int] = (),
    limit: int = 10,
) -> Results:
    """The passages nearest to `text`. `also` is searched beside it in words only (the glossary's terms).

    `handicap` is taken off each passage's fused score (it is in z-scores); `leave_out` hides passages by row,
    for training and measuring.
    """
    kept = _kept(index, leave_out)
    parts = _parts(index, encoders, text, also, language, weights)
    fused = weighted(list(parts.values()), kept)
    question = question_part(text)
    if question:
        fused = fused + weights.question * weighted(
            list(_parts(index, encoders, question, also, language, weights).values()), kept
        )
    if handicap is not None:
        fused = fused - handicap
    if kept is not None:
        fused[~kept] = -np.inf
    order = np.argsort(-fused, kind="stable")[:limit]
    hits = tuple(
        Hit(
            index.passages[row],
            float(fused[row]),
            rank,
            {name: float(scores[row]) for name, (_, scores) in parts.items()},
        )
        for rank, row in enumerate(order, start=1)
        if np.isfinite(fused[row])
    )
    evidence = evidence_of(index, text, hits)
    return Results(hits, calibration.probability(evidence), evidence, text)


def _kept(index: Index, leave_out: Sequence[int]) -> NDArray[np.bool_] | None:
    """Which rows are not hidden; none when all are there. What is hidden must not be felt in the others' scores."""
    if not leave_out:
        return None
    kept = np.ones(len(index.passages), dtype=bool)
    kept[list(leave_out)] = False
    return kept


def _parts(
    index: Index, encoders: Encoders, text: str, also: str, language: str, weights: Weights
) -> dict[str, tuple[float, Scores]]:
    """Each ranking with its weight. English meaning comes from MiniLM, every other language's from e5."""
    lexical = f"{text} {also}" if also else text
    parts: dict[str, tuple[float, Scores]] = {}
    space, encoder = _space_for(index, encoders, language)
    foreign = language != "en" and space is not None
    if foreign:
        parts["words"] = (weights.foreign_words, index.words.scores(lexical))
    else:
        parts["words"] = (weights.words, index.words.scores(lexical))
        parts["grams"] = (weights.grams, index.grams.scores(text))
    if space is not None and encoder is not None:
        vector = encoder.encode_query([text])[0]
        parts["passages"] = (weights.passages, space.passages.scores(vector))
        parts["phrasings"] = (weights.phrasings, space.phrasings.scores(vector))
    return parts


def _space_for(index: Index, encoders: Encoders, language: str) -> tuple[Space | None, Encoder | None]:
    english = (index.english, encoders.english)
    multilingual = (index.multilingual, encoders.multilingual)
    first, second = (english, multilingual) if language == "en" else (multilingual, english)
    for space, encoder in (first, second):
        if space is not None and encoder is not None and space.encoder == encoder.name:
            return space, encoder
    return None, None

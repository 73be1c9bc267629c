"""A question in, ranked passages out, with the evidence for the ranking. One screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from knowledge.sentences import split_sentences
from retrieval.confidence import DEFAULT, Calibration, Evidence, evidence_of
from retrieval.encoders import Encoder
from retrieval.fusion import Part, fuse_all, fuse_some
from retrieval.hits import Hit
from retrieval.index import Index, Space
from retrieval.pruning import FULL, NAMED, Ranking, Scores

Asked = TypeVar("Asked")
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
    full: int = FULL,
) -> Results:
    """The passages nearest to `text`. `also` is searched beside it in words only (the glossary's terms).

    `handicap` is taken off each passage's fused score (it is in z-scores); `leave_out` hides passages by row,
    for training and measuring. Past `full` passages only candidates are scored.
    """
    parts = _parts(index, encoders, text, also, language, weights)
    question = question_part(text)
    aside = _parts(index, encoders, question, also, language, weights) if question else {}
    if len(index.passages) > full and not leave_out:
        fused = fuse_some(parts, aside, weights.question, handicap, max(NAMED, limit))
    else:
        fused = fuse_all(parts, aside, weights.question, _kept(index, leave_out))
    scores = fused.scores if handicap is None else fused.scores - handicap[fused.rows]
    hits = tuple(
        Hit(
            index.passages[fused.rows[place]],
            float(scores[place]),
            rank,
            {name: float(by[place]) for name, by in fused.by.items()},
        )
        for rank, place in enumerate(_best(scores, limit), start=1)
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


def _best(scores: Scores, limit: int) -> list[int]:
    """Where the `limit` highest scores are, best first and equal ones in order; what is hidden (-inf) never is."""
    shown = np.arange(len(scores))
    if len(scores) > max(limit, FULL) and limit > 0:
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        shown = np.flatnonzero(scores >= least)
    order = shown[np.argsort(-scores[shown], kind="stable")][:limit]
    return [int(place) for place in order if np.isfinite(scores[place])]


def _parts(index: Index, encoders: Encoders, text: str, also: str, language: str, weights: Weights) -> dict[str, Part]:
    """Each ranking with its weight. English meaning comes from MiniLM, every other language's from e5."""
    lexical = f"{text} {also}" if also else text
    space, encoder = _space_for(index, encoders, language)
    if language != "en" and space is not None:
        parts = {"words": _part(weights.foreign_words, index.words, lexical)}
    else:
        parts = {"words": _part(weights.words, index.words, lexical), "grams": _part(weights.grams, index.grams, text)}
    if space is not None and encoder is not None:
        vector = encoder.encode_query([text])[0]
        # Where nothing says how people ask, what they mean is read off the text alone, and counts as much.
        silent = not space.phrasings.owners.size
        parts["passages"] = _part(weights.passages + silent * weights.phrasings, space.passages, vector)
        parts["phrasings"] = _part(weights.phrasings, space.phrasings, vector)
    return parts


def _part(weight: float, ranking: Ranking[Asked], asked: Asked) -> Part:
    return Part(weight, partial(ranking.scores, asked), partial(ranking.asked, asked))


def _space_for(index: Index, encoders: Encoders, language: str) -> tuple[Space | None, Encoder | None]:
    english = (index.english, encoders.english)
    multilingual = (index.multilingual, encoders.multilingual)
    first, second = (english, multilingual) if language == "en" else (multilingual, english)
    for space, encoder in (first, second):
        if space is not None and encoder is not None and space.encoder == encoder.name:
            return space, encoder
    return None, None

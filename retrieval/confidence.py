"""How likely it is that the first hit answers the question: a small calibrated model over eight pieces of evidence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.text import stems

SHARED = 10

if TYPE_CHECKING:
    from retrieval.hits import Hit
    from retrieval.index import Index


@dataclass(frozen=True)
class Evidence:
    """What the model sees. Gaps are in fused z-scores, cosines from -1 to 1, the rest are shares from 0 to 1.

    `gap_article` is the gap to the first hit of another article, `article_share` the share of the ten hits that are of
    the first one's: where the article that answers is missing, what comes first stands alone on its subject.
    """

    gap_second: float = 0.0
    gap_fifth: float = 0.0
    passage_cosine: float = 0.0
    phrasing_cosine: float = 0.0
    coverage: float = 0.0
    agreement: float = 0.0
    gap_article: float = 0.0
    article_share: float = 0.0


@dataclass(frozen=True)
class Calibration:
    """A logistic regression and the threshold chosen for it. `floor` refuses what is near nothing we hold."""

    weights: tuple[float, ...]
    bias: float
    threshold: float
    floor: float

    def probability(self, evidence: Evidence) -> float:
        """From 0 to 1. Zero when even the best cosine is under the floor."""
        best = max(evidence.passage_cosine, evidence.phrasing_cosine)
        if 0.0 < best < self.floor:
            return 0.0
        total = self.bias + sum(w * x for w, x in zip(self.weights, astuple(evidence), strict=True))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


# For words alone, while no vectors are ready: what `calibrate` fits on the Hounslow pack without an encoder.
DEFAULT = Calibration(weights=(-0.88, 0.16, 0.0, 0.0, 1.1, 0.5, 0.91, 3.65), bias=-3.9, threshold=0.093, floor=0.28)


def evidence_of(index: Index, text: str, hits: Sequence[Hit]) -> Evidence:
    """The evidence that the first of `hits` answers `text`."""
    if not hits:
        return Evidence()
    top = hits[0]
    scores = [hit.score for hit in hits]
    by = top.found_by
    return Evidence(
        gap_second=scores[0] - scores[1] if len(scores) > 1 else 0.0,
        gap_fifth=scores[0] - scores[4] if len(scores) > 4 else 0.0,
        passage_cosine=by.get("passages", 0.0),
        phrasing_cosine=by.get("phrasings", 0.0),
        coverage=_coverage(index, text, top),
        agreement=_agreement(hits),
        gap_article=_gap_article(hits),
        article_share=sum(hit.passage.group == top.passage.group for hit in hits[:SHARED]) / len(hits[:SHARED]),
    )


def _gap_article(hits: Sequence[Hit]) -> float:
    """How far behind the first hit the best of another article is; the last one seen, when all are of the same."""
    group = hits[0].passage.group
    other = next((hit for hit in hits if hit.passage.group != group), hits[-1])
    return hits[0].score - other.score


def _coverage(index: Index, text: str, hit: Hit) -> float:
    """The share of the question's words, rare ones counting more, that the passage or its phrasings contain."""
    passage = hit.passage
    said = set(stems(" ".join([passage.title, passage.heading, passage.text, *passage.asked_as])))
    asked = set(stems(text))
    weight = {word: index.idf(word) for word in asked}
    total = sum(weight.values())
    return sum(value for word, value in weight.items() if word in said) / total if total else 0.0


def _agreement(hits: Sequence[Hit]) -> float:
    """The share of the rankings that put the first hit above the other hits."""
    names = list(hits[0].found_by)
    first = sum(all(hits[0].found_by[name] >= hit.found_by[name] for hit in hits) for name in names)
    return first / len(names) if names else 0.0


def fit(evidence: Sequence[Evidence], answered: Sequence[bool], floor: float, threshold: float = 0.5) -> Calibration:
    """Logistic regression (scikit-learn, L2) from evidence to whether the first hit was right."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  only training needs it

    rows: NDArray[np.float64] = np.array([astuple(one) for one in evidence])
    model = LogisticRegression(C=1.0, max_iter=1000).fit(rows, np.array(answered, dtype=int))
    weights = tuple(float(weight) for weight in model.coef_[0])
    return Calibration(weights, float(model.intercept_[0]), threshold, floor)

"""How likely it is that the first hit answers the question: a small calibrated model over nine pieces of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from retrieval.machine import logistic
from retrieval.text import stems

SHARED, FIRST = 10, 5
BENDS = 4
# The inverse of the L2 penalty, chosen on folds of articles.
STRENGTH = 0.1

if TYPE_CHECKING:
    from retrieval.hits import Hit
    from retrieval.index import Index


@dataclass(frozen=True)
class Evidence:
    """What the model sees. Gaps are in fused z-scores, cosines from -1 to 1, the rest are shares from 0 to 1.

    `gap_article` is the gap to the first hit of another article, `article_share` the share of the ten hits that are of
    the first one's: where the article that answers is missing, what comes first stands alone on its subject.
    `articles_in_five` is how many articles the first five hits are from, as a share of five.
    """

    gap_second: float = 0.0
    gap_fifth: float = 0.0
    passage_cosine: float = 0.0
    phrasing_cosine: float = 0.0
    coverage: float = 0.0
    agreement: float = 0.0
    gap_article: float = 0.0
    article_share: float = 0.0
    articles_in_five: float = 0.0


Bend = tuple[float, float]


@dataclass(frozen=True)
class Calibration:
    """A logistic regression over a line with bends for each piece of evidence, and the threshold chosen for it.

    `weights` are the slopes each line begins with; `bends` are, for each, where it bends and by how much its slope
    changes there (a generalised additive model of linear splines, Hastie and Tibshirani 1986). `floor` refuses what is
    near nothing we hold.
    """

    weights: tuple[float, ...]
    bias: float
    threshold: float
    floor: float
    bends: tuple[tuple[Bend, ...], ...] = ()

    def probability(self, evidence: Evidence) -> float:
        """From 0 to 1. Zero when even the best cosine is under the floor."""
        best = max(evidence.passage_cosine, evidence.phrasing_cosine)
        if 0.0 < best < self.floor:
            return 0.0
        seen = astuple(evidence)
        total = self.bias + sum(w * x for w, x in zip(self.weights, seen, strict=True))
        for x, bends in zip(seen, self.bends, strict=False):
            total += sum(change * (x - at) for at, change in bends if x > at)
        return logistic(total)


# For words alone, while no vectors are ready: straight lines over the first eight, as they were fitted on the Hounslow
# pack without an encoder. No cosine is known then, so the floor refuses nothing.
DEFAULT = Calibration(
    weights=(-0.88, 0.16, 0.0, 0.0, 1.1, 0.5, 0.91, 3.65, 0.0), bias=-3.9, threshold=0.093, floor=0.24
)


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
        articles_in_five=len({hit.passage.group for hit in hits[:FIRST]}) / FIRST,
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
    """Logistic regression (scikit-learn, L2) from evidence to whether the first hit was right.

    Each line may bend where a fifth, two, three and four fifths of what was seen lie below.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  only training needs it

    rows: NDArray[np.float64] = np.array([astuple(one) for one in evidence])
    at = [bends_of(column) for column in rows.T]
    lines = np.column_stack([rows, *(_past(column, bends) for column, bends in zip(rows.T, at, strict=True))])
    spread = lines.std(0) + 1e-9
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(
        (lines - lines.mean(0)) / spread, np.array(answered, dtype=int)
    )
    slopes = model.coef_[0] / spread
    bias = float(model.intercept_[0] - slopes @ lines.mean(0))
    changes = iter(slopes[rows.shape[1] :])
    bends = tuple(tuple((place, float(next(changes))) for place in places) for places in at)
    return Calibration(tuple(map(float, slopes[: rows.shape[1]])), bias, threshold, floor, bends)


def bends_of(column: NDArray[np.float64]) -> tuple[float, ...]:
    """Where the line of one piece of evidence may bend: places inside what was seen, each once."""
    places = np.unique(np.quantile(column, np.arange(1, BENDS + 1) / (BENDS + 1)))
    return tuple(float(place) for place in places if column.min() < place < column.max())


def _past(column: NDArray[np.float64], bends: Sequence[float]) -> NDArray[np.float64]:
    return np.asarray(np.maximum(0.0, column[:, None] - np.array(bends)[None, :]))

"""A small classifier of risk over encoders that are already loaded. Rules come first; this finds the veiled ones."""

from __future__ import annotations

import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.safeguarding import KINDS, Example
from knowledge.sentences import split_sentences
from retrieval.encoders import Encoder, Vectors
from retrieval.machine import Floats, gaussian, logistic, platt, squared_lengths

# The shares of ordinary messages and of look-alikes that may be answered with help lines alone by mistake, measured on
# messages not learnt from. On other people's messages twice as many are, so these are set below what may be borne.
FALSE_ALARMS = 0.01
LOOK_ALIKE_ALARMS = 0.07
# In doubt, the answer is given with the numbers above it. Recall first: a line too many costs a reader a moment.
DOUBTS = 0.05
LOOK_ALIKE_DOUBTS = 0.20
LONG = 40
LEARNING_AT_ONCE = 2


@dataclass(frozen=True)
class Risk:
    """The likeliest kind of risk, how likely any is (0 to 1), and whether that is sure or a doubt."""

    kind: str
    probability: float
    sure: bool = True


@dataclass(frozen=True)
class RiskModel:
    """A support vector machine with a Gaussian kernel for *whether*, and a linear model for *which kind*.

    `centre` and `spread` standardise the joined vectors of `encoders`; `support` and `alphas` are the machine's
    (Cortes and Vapnik 1995); `slope` and `offset` turn its value into a probability (Platt 1999).
    """

    encoders: NDArray[np.str_]
    centre: Floats
    spread: Floats
    support: Floats
    alphas: Floats
    gamma: float
    bias: float
    slope: float
    offset: float
    threshold: float
    doubt: float
    kind_weights: Floats
    kind_bias: Floats

    def values(self, joined: Vectors) -> Floats:
        """The machine's value for each row: above 0 leans to risk."""
        rows = self.standardised(joined)
        near = gaussian(rows, self.support, self.support_lengths, self.gamma)
        return np.asarray(near @ self.alphas + self.bias, dtype=np.float32)

    @cached_property
    def support_lengths(self) -> Floats:
        """The squared length of each support vector."""
        return squared_lengths(self.support)

    def standardised(self, joined: Vectors) -> Floats:
        return np.asarray((joined - self.centre) / self.spread, dtype=np.float32)

    def probability(self, value: float) -> float:
        """How likely a message with this value is to be a risk message, among messages like those it learnt from."""
        return logistic(self.slope * value + self.offset)

    def kind(self, joined: Vectors) -> str:
        """The likeliest kind of one row, given that it is a risk message."""
        return KINDS[int(np.argmax(self.standardised(joined) @ self.kind_weights.T + self.kind_bias))]

    def to_bytes(self) -> bytes:
        kept = io.BytesIO()
        parts: dict[str, Any] = {field.name: np.asarray(getattr(self, field.name)) for field in fields(self)}
        np.savez(kept, **parts)
        return kept.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> RiskModel:
        with np.load(io.BytesIO(content), allow_pickle=False) as kept:
            given = {field.name: kept[field.name] for field in fields(cls)}
        return cls(**{name: value if value.ndim else value.item() for name, value in given.items()})


def join(encoders: Sequence[Encoder], texts: Sequence[str]) -> Vectors:
    """Each text's vectors in every encoder, side by side."""
    return np.hstack([encoder.encode_query(texts) for encoder in encoders])


def pieces(text: str) -> list[str]:
    """The message and, when it is long, each sentence with the next: a disclosure may be one line of many."""
    if len(text.split()) <= LONG:
        return [text]
    sentences = [sentence for sentence in split_sentences(text) if len(sentence.split()) > 2]
    pairs = [" ".join(sentences[start : start + 2]) for start in range(max(1, len(sentences) - 1))]
    return [text, *pairs[:20]]


def assess(model: RiskModel, encoders: Sequence[Encoder], text: str) -> Risk | None:
    """The risk in `text`, sure or in doubt, or none when the classifier's value is under both thresholds."""
    joined = join(encoders, pieces(text))
    value, row = surest(model.values(joined))
    if value < min(model.doubt, model.threshold):
        return None
    return Risk(model.kind(joined[row : row + 1]), model.probability(value), sure=value >= model.threshold)


def surest(values: Floats) -> tuple[float, int]:
    """The value that decides, and its row. A part has less around it than the whole, so it must be surer."""
    eased = values - PART_HANDICAP
    eased[0] = values[0]
    row = int(np.argmax(eased))
    return float(eased[row]), row


PART_HANDICAP = 0.25


def train(
    examples: Sequence[Example], encoders: Sequence[Encoder], *, strength: float = 10.0, folds: int = 5
) -> RiskModel:
    """Fit on all `examples`; the threshold and the probabilities come from messages each fold did not learn from."""
    joined = join(encoders, [example.text for example in examples])
    out = held_out_values(joined, examples, strength, folds)
    risky = np.array([bool(example.kind) for example in examples])
    slope, offset = platt(out, risky)
    return replace(
        fitted(joined, examples, strength),
        encoders=np.array([encoder.name for encoder in encoders], dtype=np.str_),
        slope=slope,
        offset=offset,
        threshold=threshold_of(out, examples),
        doubt=threshold_of(out, examples, DOUBTS, LOOK_ALIKE_DOUBTS),
    )


def threshold_of(
    values: Floats,
    examples: Sequence[Example],
    ordinary_share: float = FALSE_ALARMS,
    alike_share: float = LOOK_ALIKE_ALARMS,
) -> float:
    """The lowest value that keeps false alarms within both shares, given values no fold learnt from."""
    alike = np.array([example.label == "lookalike" for example in examples])
    ordinary = np.array([not example.kind for example in examples]) & ~alike
    limits = ((ordinary, ordinary_share), (alike, alike_share))
    return max((float(np.quantile(values[rows], 1.0 - share)) for rows, share in limits if rows.any()), default=0.0)


def held_out_values(joined: Vectors, examples: Sequence[Example], strength: float, folds: int) -> Floats:
    """Each example's value from a machine that learnt from neither it nor its rewordings."""
    from sklearn.model_selection import GroupKFold  # noqa: PLC0415  only training needs it

    groups = [example.group for example in examples]
    values = np.zeros(len(examples), dtype=np.float32)

    def held_out(fold: tuple[NDArray[np.int64], NDArray[np.int64]]) -> None:
        learn, hold = fold
        values[hold] = fitted(joined[learn], [examples[row] for row in learn], strength).values(joined[hold])

    # The machine learns outside the interpreter's lock, so two folds learn at once.
    with ThreadPoolExecutor(LEARNING_AT_ONCE) as pool:
        list(pool.map(held_out, GroupKFold(min(folds, len(set(groups)))).split(joined, groups=groups)))
    return values


def held_out_as_served(
    examples: Sequence[Example], encoders: Sequence[Encoder], strength: float = 10.0, folds: int = 5
) -> tuple[Floats, Floats]:
    """Each example's value from a machine that learnt from neither it nor its rewordings: of the whole message, and as
    it is read when someone sends it, with the sentences of a long one looked at by themselves."""
    from sklearn.model_selection import GroupKFold  # noqa: PLC0415  only measuring needs it

    joined = join(encoders, [example.text for example in examples])
    parts = {row: join(encoders, cut) for row, one in enumerate(examples) if len(cut := pieces(one.text)) > 1}
    groups = [example.group for example in examples]
    whole = np.zeros(len(examples), dtype=np.float32)
    served = np.zeros(len(examples), dtype=np.float32)
    for learn, hold in GroupKFold(min(folds, len(set(groups)))).split(joined, groups=groups):
        model = fitted(joined[learn], [examples[row] for row in learn], strength)
        whole[hold] = model.values(joined[hold])
        for row in hold:
            served[row] = surest(model.values(parts[row]))[0] if row in parts else whole[row]
    return whole, served


def fitted(joined: Vectors, examples: Sequence[Example], strength: float) -> RiskModel:
    """A machine that has learnt from all `examples`, with neutral thresholds.

    `train` sets them from values no fold learnt from.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.svm import SVC  # noqa: PLC0415

    centre, spread = joined.mean(0), joined.std(0) + 1e-6
    rows = (joined - centre) / spread
    gamma = 1.0 / joined.shape[1]
    risky = np.array([bool(example.kind) for example in examples])
    machine = SVC(C=strength, gamma=gamma, class_weight="balanced").fit(rows, risky)
    which = np.array([KINDS.index(example.kind) for example in examples if example.kind])
    linear = LogisticRegression(C=0.01, max_iter=2000, class_weight="balanced").fit(rows[risky], which)
    weights = np.zeros((len(KINDS), joined.shape[1]), dtype=np.float32)
    bias = np.full(len(KINDS), -30.0, dtype=np.float32)
    # With two kinds scikit-learn keeps one row, for the second of them.
    coefficients = linear.coef_ if len(linear.classes_) > 2 else np.vstack([-linear.coef_, linear.coef_])
    intercepts = linear.intercept_ if len(linear.classes_) > 2 else np.hstack([-linear.intercept_, linear.intercept_])
    for row, kind in enumerate(linear.classes_):
        weights[kind], bias[kind] = coefficients[row], intercepts[row]
    return RiskModel(
        encoders=np.array([], dtype=np.str_),
        centre=centre.astype(np.float32),
        spread=spread.astype(np.float32),
        support=machine.support_vectors_.astype(np.float32),
        alphas=machine.dual_coef_[0].astype(np.float32),
        gamma=gamma,
        bias=float(machine.intercept_[0]),
        slope=1.0,
        offset=0.0,
        threshold=0.0,
        doubt=0.0,
        kind_weights=weights,
        kind_bias=bias,
    )

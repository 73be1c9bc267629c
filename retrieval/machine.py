"""The parts of a support vector machine that a saved model needs: its kernel, and its value as a probability."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def gaussian(rows: Floats, support: Floats, lengths: Floats, gamma: float) -> Floats:
    """How near each row is to each support vector, from 0 to 1. `lengths` are the squared ones of the support."""
    apart = (rows**2).sum(1)[:, None] + lengths[None, :] - 2.0 * rows @ support.T
    return np.asarray(np.exp(-gamma * np.maximum(apart, 0.0)), dtype=np.float32)


def squared_lengths(support: Floats) -> Floats:
    """What `gaussian` wants of the support, the same for every row."""
    return np.asarray((support**2).sum(1), dtype=np.float32)


def logistic(total: float) -> float:
    """From any number to one between 0 and 1."""
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def platt(values: Floats, positive: NDArray[np.bool_], *, balanced: bool = False) -> tuple[float, float]:
    """Slope and offset that turn a machine's value into a probability (Platt 1999), from values no machine learnt from.

    `balanced`: both classes weigh the same, however many of each there are.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  only training needs it

    if len(set(positive.tolist())) < 2:
        return 1.0, 0.0
    model = LogisticRegression(class_weight="balanced" if balanced else None).fit(values.reshape(-1, 1), positive)
    return float(model.coef_[0][0]), float(model.intercept_[0])

"""Which English messages are so plainly ordinary that the slower encoder need not read them for risk.

The classifier of `retrieval.risk` reads every message with two encoders; the multilingual one takes most of the time
an answer takes. A machine over the English encoder alone reads first, and what it finds far from any risk message it
has seen goes no further. Its threshold is set on messages no fold learnt from, so that hardly one risk message is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from knowledge.safeguarding import Example
from retrieval.encoders import Encoder
from retrieval.risk import RiskModel, fitted, held_out_values, join, pieces

# The share of English risk messages that may be found ordinary here: 1 in 500. They are then still read by the rules.
MISSED = 0.002


def train_gate(
    examples: Sequence[Example], english: Encoder, *, missed: float = MISSED, strength: float = 10.0, folds: int = 5
) -> RiskModel | None:
    """The machine, its `threshold` from messages each fold did not learn from; none with too few risk messages."""
    risky = _risky_english(examples)
    if risky.sum() * missed < 1.0:
        return None
    joined = join([english], [example.text for example in examples])
    values = held_out_values(joined, examples, strength, folds)
    return replace(
        fitted(joined, examples, strength),
        encoders=np.array([english.name], dtype=np.str_),
        threshold=float(np.quantile(values[risky], missed)),
    )


def spared(examples: Sequence[Example], english: Encoder, *, strength: float = 10.0, folds: int = 5) -> list[bool]:
    """Which examples a gate that learnt from neither them nor their rewordings lets go: for measuring.

    Each is read whole; in service the parts of a long one are read too, which lets fewer go.
    """
    values = held_out_values(join([english], [example.text for example in examples]), examples, strength, folds)
    threshold = np.quantile(values[_risky_english(examples)], MISSED)
    return [bool(value < threshold) and one.language == "en" for value, one in zip(values, examples, strict=True)]


def plainly_ordinary(gate: RiskModel, english: Encoder, text: str) -> bool:
    """Whether nothing in `text`, which is English, comes near a risk message: neither the whole nor a part of it."""
    return bool(gate.values(join([english], pieces(text))).max() < gate.threshold)


def _risky_english(examples: Sequence[Example]) -> NDArray[np.bool_]:
    return np.array([bool(example.kind) and example.language == "en" for example in examples])

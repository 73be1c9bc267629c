"""Questions that ask the same, by the meaning an encoder sees in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.engine import Engine

# Cosine from which two questions count as one; below it, near but different ones run together.
ALIKE = 0.72


def group_questions(engine: Engine, texts: Sequence[str]) -> list[int]:
    """The number of each text's group, from 0. The first text of a group stands for it. With no encoder loaded, only
    the same words are one group.
    """
    encoder = engine.encoders.multilingual or engine.encoders.english
    plain = [" ".join(text.lower().split()) for text in texts]
    if encoder is None or not texts:
        first: dict[str, int] = {}
        return [first.setdefault(text, len(first)) for text in plain]
    return _joined(encoder.encode_query(plain))


def _joined(vectors: NDArray[np.float32]) -> list[int]:
    leaders: list[NDArray[np.float32]] = []
    numbers = []
    for vector in vectors:
        alike = np.array([float(vector @ leader) for leader in leaders])
        if alike.size and alike.max() >= ALIKE:
            numbers.append(int(alike.argmax()))
        else:
            leaders.append(vector)
            numbers.append(len(leaders) - 1)
    return numbers

"""How far a question lies from what a pack is about: off-topic questions are close to something in any pack.

A pack's own phrasings are what is inside; what people ask of a council or a machine about everything else
(`elsewhere.txt`) is outside. Cosines alone do not tell "how far is the moon" from "how far is school": a linear model
over the question's vector does.
"""

from __future__ import annotations

import hashlib
import io
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from retrieval.encoders import Encoder, Vectors


@dataclass(frozen=True)
class Scope:
    """A logistic regression over one encoder's vectors. `learnt_from` tells whether it must be made again."""

    encoder: str
    learnt_from: str
    weights: Vectors
    bias: float

    def outside(self, vector: Vectors) -> float:
        """How likely a question with this vector is about something else, from 0 to 1."""
        total = float(self.weights @ vector.reshape(-1)) + self.bias
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def to_bytes(self) -> bytes:
        """As a file that holds arrays and no code."""
        file = io.BytesIO()
        np.savez(file, names=np.array([self.encoder, self.learnt_from]), weights=self.weights, bias=self.bias)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Scope:
        """What `to_bytes` gave. Raises ValueError, KeyError or BadZipFile for anything else."""
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            encoder, learnt_from = (str(name) for name in held["names"])
            return cls(encoder, learnt_from, held["weights"], float(held["bias"]))


@cache
def elsewhere() -> tuple[str, ...]:
    """Questions about everything else, in English."""
    lines = files("retrieval").joinpath("elsewhere.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def version() -> str:
    """Changes with the questions a model is learnt from."""
    return hashlib.sha256("\n".join(elsewhere()).encode()).hexdigest()[:16]


def learn(inside: Vectors, encoder: Encoder, strength: float = 1.0) -> Scope:
    """The model that tells `inside`, the vectors of a pack's phrasings, from `elsewhere` (scikit-learn, L2).

    Both sides weigh the same, however many phrasings a pack has.
    """
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  only training needs it

    outside = encoder.encode_query(list(elsewhere()))
    about = np.r_[np.zeros(len(inside), dtype=int), np.ones(len(outside), dtype=int)]
    model = LogisticRegression(C=strength, max_iter=3000, class_weight="balanced").fit(
        np.vstack([inside, outside]), about
    )
    return Scope(encoder.name, version(), model.coef_[0].astype(np.float32), float(model.intercept_[0]))

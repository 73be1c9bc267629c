"""How far a question lies from what a pack is about: off-topic questions are close to something in any pack.

A pack's own phrasings are what is inside; what people ask of a council or a machine about everything else
(`elsewhere.txt`) is outside. Cosines alone do not tell "how far is the moon" from "how far is school": a machine that
learnt from both does.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files

import numpy as np

from retrieval.encoders import Encoder, Vectors
from retrieval.machine import Floats, gaussian, logistic, platt, squared_lengths

GAMMA = 1.0
FOLDS = 3


@dataclass(frozen=True)
class Scope:
    """A support vector machine with a Gaussian kernel over one encoder's vectors (Cortes and Vapnik 1995).

    `slope` and `offset` turn its value into a probability. `learnt_from` tells whether it must be made again.
    """

    encoder: str
    learnt_from: str
    support: Floats
    alphas: Floats
    bias: float
    slope: float = 1.0
    offset: float = 0.0

    def outside(self, vector: Vectors) -> float:
        """How likely a question with this vector is about something else, from 0 to 1."""
        return logistic(self.slope * float(self.values(vector.reshape(1, -1))[0]) + self.offset)

    def values(self, vectors: Vectors) -> Floats:
        """The machine's value for each vector: above 0 leans to something else."""
        near = gaussian(vectors, self.support, self.support_lengths, GAMMA)
        return np.asarray(near @ self.alphas + self.bias, dtype=np.float32)

    @cached_property
    def support_lengths(self) -> Floats:
        """The squared length of each support vector."""
        return squared_lengths(self.support)

    def to_bytes(self) -> bytes:
        """As a file that holds arrays and no code."""
        file = io.BytesIO()
        names, numbers = np.array([self.encoder, self.learnt_from]), np.array([self.bias, self.slope, self.offset])
        np.savez(file, names=names, support=self.support, alphas=self.alphas, numbers=numbers)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Scope:
        """What `to_bytes` gave. Raises ValueError, KeyError or BadZipFile for anything else."""
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            encoder, learnt_from = (str(name) for name in held["names"])
            bias, slope, offset = (float(number) for number in held["numbers"])
            return cls(encoder, learnt_from, held["support"], held["alphas"], bias, slope, offset)


@cache
def elsewhere() -> tuple[str, ...]:
    """Questions about everything else, in English."""
    lines = files("retrieval").joinpath("elsewhere.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def version() -> str:
    """Changes with the questions a model is learnt from."""
    return hashlib.sha256("\n".join(elsewhere()).encode()).hexdigest()[:16]


def learn(inside: Vectors, encoder: Encoder) -> Scope:
    """The machine that tells `inside`, the vectors of a pack's phrasings, from `elsewhere`.

    Both sides weigh the same, however many phrasings a pack has. Its probabilities come from folds it did not learn
    from, of every second phrasing.
    """
    outside = encoder.encode_query(list(elsewhere()))
    # A pack of a few phrasings has none to spare for folds.
    slope, offset = _probabilities(inside[::2], outside) if len(inside) > 2 * FOLDS else (1.0, 0.0)
    return replace(_fitted(inside, outside), encoder=encoder.name, slope=slope, offset=offset)


def _fitted(inside: Vectors, outside: Vectors) -> Scope:
    from sklearn.svm import SVC  # noqa: PLC0415  only training needs it

    about = np.repeat([0, 1], [len(inside), len(outside)])
    machine = SVC(C=1.0, gamma=GAMMA, class_weight="balanced").fit(np.vstack([inside, outside]), about)
    support, alphas = machine.support_vectors_.astype(np.float32), machine.dual_coef_[0].astype(np.float32)
    return Scope("", version(), support, alphas, float(machine.intercept_[0]))


def _probabilities(inside: Vectors, outside: Vectors) -> tuple[float, float]:
    values, about = [], []
    for fold in range(FOLDS):
        held = [np.arange(len(rows)) % FOLDS == fold for rows in (inside, outside)]
        learnt = _fitted(inside[~held[0]], outside[~held[1]])
        values += [learnt.values(inside[held[0]]), learnt.values(outside[held[1]])]
        about += [np.zeros(held[0].sum(), dtype=bool), np.ones(held[1].sum(), dtype=bool)]
    return platt(np.concatenate(values), np.concatenate(about), balanced=True)

"""Past `FULL` passages, only candidates are scored: what a question costs then hardly grows with the pack.

Each ranking names the passages it would put first, cheaply and not quite in order. All that any of them names is then
scored by every ranking, roughly where that is cheaper, and the best of it exactly. How a ranking's scores spread over
the passages, which fusion needs, comes from a sample. Up to `FULL` passages everything is scored, so that a council's
own pack is searched exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Rows = NDArray[np.int64]
Asked_contra = TypeVar("Asked_contra", contravariant=True)

FULL = 2_000
# How many passages each ranking names, and how many are scored exactly at the end; how many the sample holds.
NAMED = 32
SAMPLE = 512


class Ranked(Protocol):
    """What one ranking makes of one question, a few passages at a time."""

    def named(self, count: int) -> Rows:
        """About `count` passages, or fewer, that this ranking would put first, in no order."""
        ...

    def roughly(self, rows: Rows) -> Scores:
        """About what these passages score, to choose among them."""
        ...

    def refined(self, rows: Rows, rough: Scores) -> Scores:
        """Exactly what they score, `rough` being what they score roughly."""
        ...

    def spread(self) -> tuple[float, float]:
        """The mean and deviation of the scores of all passages, or near enough."""
        ...


class Ranking(Protocol[Asked_contra]):
    """Ranks passages for what is asked: words, or a vector."""

    def scores(self, asked: Asked_contra, /) -> Scores:
        """The score of every passage."""
        ...

    def asked(self, asked: Asked_contra, /) -> Ranked:
        """The same for a large pack, in which only candidates are scored."""
        ...


class NothingRanked:
    """A ranking that has nothing to say of a question: it names no passage, and every score is 0."""

    def named(self, count: int) -> Rows:
        return np.zeros(0, dtype=np.int64)

    def roughly(self, rows: Rows) -> Scores:
        return np.zeros(len(rows), dtype=np.float32)

    def refined(self, rows: Rows, rough: Scores) -> Scores:
        return rough

    def spread(self) -> tuple[float, float]:
        return 0.0, 0.0


@cache
def sampled(size: int) -> Rows:
    """The passages of the sample: `SAMPLE` of `size`, evenly spaced, so that it is always the same ones."""
    return np.unique(np.linspace(0, size - 1, min(size, SAMPLE)).astype(np.int64))


def runs(starts: Rows, lengths: Rows) -> Rows:
    """The places of several runs, one after another: `lengths[i]` places from `starts[i]` on."""
    ends = np.cumsum(lengths)
    shift = np.repeat(starts - ends + lengths, lengths)
    return np.asarray(shift + np.arange(len(shift)), dtype=np.int64)


def candidates(rankings: Sequence[Ranked], brought_forward: Rows, count: int) -> Rows:
    """The rows worth scoring: what any ranking names, and what is `brought_forward` whatever it scores."""
    named = [ranking.named(count) for ranking in rankings]
    return np.unique(np.concatenate([*named, brought_forward]))

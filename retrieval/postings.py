"""BM25 scores of a few passages among many, out of the arrays that bm25s keeps: by term, and turned, by passage."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from retrieval.pruning import SAMPLE, Rows, Scores, runs, sampled

# Of a term that more passages hold than this, only those it is worth most in are read to find candidates.
HEAD = 256
# How many postings are read to find candidates, the rarest terms' first.
BUDGET = 1_024
# Saying a word more often than this adds nothing.
MOST_SAID = 65_535


@dataclass(frozen=True)
class Lists:
    """Runs of (place, value), a run a term: the passages it is in, and what it is worth in each."""

    places: NDArray[np.int32]
    values: Scores
    ends: Rows

    @cached_property
    def marks(self) -> list[int]:
        """Where the runs end, as numbers that Python looks up fast."""
        return [int(end) for end in self.ends]

    def picked(self, which: list[int], most: int) -> tuple[NDArray[np.int32], Scores, list[int]]:
        """The first `most` of each of the runs `which`, one after another, and how long each is."""
        marks = self.marks
        spans = [(start, min(end, start + most)) for start, end in ((marks[n], marks[n + 1]) for n in which)]
        places = np.concatenate([self.places[start:end] for start, end in spans])
        values = np.concatenate([self.values[start:end] for start, end in spans])
        return places, values, [end - start for start, end in spans]


def order_by_worth(terms: Lists) -> None:
    """Put what each long run is worth most in first, where it is. Its sums do not mind."""
    for term in np.flatnonzero(np.diff(terms.ends) > HEAD).tolist():
        run = slice(int(terms.ends[term]), int(terms.ends[term + 1]))
        order = np.argsort(-terms.values[run], kind="stable")
        terms.places[run], terms.values[run] = terms.places[run][order], terms.values[run][order]


@dataclass(frozen=True)
class Postings:
    """A BM25 index of many passages: `terms` are its runs by term, as `order_by_worth` leaves them."""

    terms: Lists
    size: int

    @cached_property
    def totals(self) -> NDArray[np.float64]:
        """What each term is worth over all passages together."""
        summed = np.concatenate([[0.0], np.cumsum(self.terms.values, dtype=np.float64)])[self.terms.ends]
        return np.diff(summed)

    @cached_property
    def passages(self) -> Turned:
        """The same by passage."""
        from scipy.sparse import csc_array  # noqa: PLC0415  only a large pack needs it

        shape = (self.size, len(self.terms.ends) - 1)
        turned = csc_array((self.terms.values, self.terms.places, self.terms.ends), shape=shape).tocsr()
        return Turned(turned.indices.astype(np.int32), turned.data, turned.indptr.astype(np.int64))

    @cached_property
    def sample(self) -> Lists:
        """The runs of the passages of the sample alone, which are numbered from 0 in it."""
        number = np.full(self.size, -1, dtype=np.int32)
        rows = sampled(self.size)
        number[rows] = np.arange(len(rows), dtype=np.int32)
        inside = number[self.terms.places] >= 0
        before = np.concatenate([[0], np.cumsum(inside)])
        places, values = number[self.terms.places[inside]], self.terms.values[inside]
        return Lists(places, values, before[self.terms.ends])


@dataclass(frozen=True)
class Turned:
    """A passage's terms and what each is worth in it, one passage after another."""

    terms: NDArray[np.int32]
    values: Scores
    ends: Rows

    def sums(self, rows: Rows, said: NDArray[np.uint16]) -> Scores:
        """For each of these passages, its values times how often each term is `said`, added up."""
        starts = self.ends[rows]
        lengths = self.ends[rows + 1] - starts
        at = runs(starts, lengths)
        each = said[self.terms[at]] * self.values[at]
        return np.bincount(np.repeat(np.arange(len(rows)), lengths), each, len(rows)).astype(np.float32)


class AskedWords:
    """One question's words: `ids` are its terms, one as often as it is said. Scores as `retrieval.pruning.Ranked`."""

    def __init__(self, postings: Postings, ids: list[int]) -> None:
        self.postings = postings
        ends = postings.terms.marks
        self.times = Counter(ids)
        # The rarest terms are read; those no longer than `HEAD` whole.
        self.terms = sorted(self.times, key=lambda term: ends[term + 1] - ends[term])
        lengths = [ends[term + 1] - ends[term] for term in self.terms]
        read = 1 + bisect_left(list(accumulate(min(length, HEAD) for length in lengths)), BUDGET)
        places, values, taken = postings.terms.picked(self.terms[:read], HEAD)
        values = self._as_said(self.terms[:read], values, taken)
        self.whole = bisect_right(lengths, HEAD, hi=min(read, len(lengths)))
        by_place = places.argsort()
        places, values = places[by_place], values[by_place]
        new = np.empty(len(places), dtype=bool)
        new[0] = True
        np.not_equal(places[1:], places[:-1], out=new[1:])
        starts = new.nonzero()[0]
        # The passages that were met, what all terms read make for each, and what those read whole make.
        self.met, self.sums = places[starts], np.add.reduceat(values, starts)
        values[by_place >= sum(taken[: self.whole])] = 0.0
        self.rare = np.add.reduceat(values, starts)

    def named(self, count: int) -> Rows:
        size = len(self.met)
        met = self.met if size <= count else self.met[self.sums.argpartition(size - count)[-count:]]
        return met.astype(np.int64)

    def roughly(self, rows: Rows) -> Scores:
        at = np.minimum(np.searchsorted(self.met, rows), len(self.met) - 1)
        return np.where(self.met[at] == rows, self.sums[at], np.float32(0.0))

    def refined(self, rows: Rows, rough: Scores) -> Scores:
        said = np.zeros(len(self.postings.terms.ends) - 1, dtype=np.uint16)
        said[list(self.times)] = [min(times, MOST_SAID) for times in self.times.values()]
        return self.postings.passages.sums(rows, said)

    def spread(self) -> tuple[float, float]:
        """The mean is exact. The deviation adds what the terms read whole make, which is exact, to what the common
        ones make in the sample: hardly any passage of a sample holds a rare word."""
        size, totals = self.postings.size, self.postings.totals
        mean = sum(float(totals[term]) * times for term, times in self.times.items()) / size
        variance = float(self.rare @ self.rare) / size - (float(self.rare.sum()) / size) ** 2
        if common := self.terms[self.whole :]:
            variance += self._variance_in_sample(common)
        return mean, math.sqrt(max(0.0, variance))

    def _variance_in_sample(self, terms: list[int]) -> float:
        places, values, taken = self.postings.sample.picked(terms, SAMPLE)
        size = len(sampled(self.postings.size))
        sums = np.bincount(places, self._as_said(terms, values, taken), size)
        return float(sums @ sums) / size - (float(sums.sum()) / size) ** 2

    def _as_said(self, terms: list[int], values: Scores, taken: list[int]) -> Scores:
        """`values`, of which each of `terms` has so many, times how often it is said."""
        if len(self.times) == self.times.total():
            return values
        return values * np.repeat(np.array([self.times[term] for term in terms], dtype=np.float32), taken)

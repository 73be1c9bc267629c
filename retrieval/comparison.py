"""Several rankings of one collection side by side: figures with intervals, what a search takes, and who differs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial

import numpy as np

from retrieval.evaluate import MEASURES, Collection, Ranker, measure, ndcg_difference, ndcg_interval

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Run:
    """What one ranker made of every query (query id → passage ids, best first), and the seconds each search took."""

    rankings: Mapping[str, Sequence[str]]
    seconds: Sequence[float]

    @property
    def middle(self) -> float:
        """The median search, in seconds."""
        return statistics.median(self.seconds)


def run(collection: Collection, ranker: Ranker, tick: Callable[[int, int], None] | None = None) -> Run:
    """Ask every query, each timed. `tick` is called with (queries done, queries in all)."""
    rankings, seconds = {}, []
    for done, (id, text) in enumerate(collection.queries.items(), start=1):
        begun = time.perf_counter()
        rankings[id] = tuple(ranker(text))
        seconds.append(time.perf_counter() - begun)
        if tick:
            tick(done, len(collection.queries))
    return Run(rankings, seconds)


def run_all(collection: Collection, rankers: Mapping[str, Ranker], progress: Progress | None = None) -> dict[str, Run]:
    """Each ranker's run. `progress` is called with (name, queries done, queries in all)."""
    return {
        name: run(collection, ranker, partial(progress, name) if progress else None) for name, ranker in rankers.items()
    }


def report(collection: Collection, runs: Mapping[str, Run], seed: int = 0) -> str:
    """A table with a line a ranker, then how far the first is from each other one, with 95 % intervals."""
    ours, *others = runs
    width = max(len("ranker"), *map(len, runs))
    names = "".join(f"{name:>11}" for name, _ in MEASURES)
    lines = [f"{'ranker':<{width}}{names}  {'95 % of nDCG':<16}{'p50 ms':>8}{'times':>8}"]
    for name, one in runs.items():
        figures = "".join(f"{value:>11.3f}" for value in astuple(measure(one.rankings, collection.qrels)))
        ends = ndcg_interval(one.rankings, collection.qrels, np.random.default_rng(seed))
        times = f"{1000 * one.middle:>8.1f}{one.middle / runs[ours].middle:>8.1f}"
        lines.append(f"{name:<{width}}{figures}  {f'{ends.low:.3f} to {ends.high:.3f}':<16}{times}")
    for name in others:
        gap = ndcg_difference(runs[ours].rankings, runs[name].rankings, collection.qrels, np.random.default_rng(seed))
        lines.append(f"{ours} over {name}, nDCG@10: {gap.mean:+.3f} (95 % {gap.low:+.3f} to {gap.high:+.3f})")
    lines.append(f"{len(collection.queries)} questions, {len(collection.passages)} passages")
    return "\n".join(lines)

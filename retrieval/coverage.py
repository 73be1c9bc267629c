"""Risk and coverage: what share of answers is wrong when only the surest are given, and how sure that share is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.interval import wilson

COVERAGES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)


@dataclass(frozen=True)
class Judged:
    """One question: how sure we were, whether what we would show is right, and whether anything here answers it.

    A `confidence` below 0 stands for a question that is answered at no threshold.
    """

    confidence: float
    right: bool
    answerable: bool = True


@dataclass(frozen=True)
class Point:
    """Answering from `threshold` up: the share of answerable questions answered, and the answers that are wrong."""

    threshold: float
    coverage: float
    answered: int
    wrong: int

    @property
    def risk(self) -> float:
        """The share of answers that are wrong; nought when there are none."""
        return self.wrong / self.answered if self.answered else 0.0

    @property
    def bound(self) -> float:
        """The upper end of the risk's 95 % interval (Wilson 1927)."""
        return wilson(self.wrong, self.answered)[1]


def curve(judged: Sequence[Judged], coverages: Sequence[float] = COVERAGES) -> list[Point]:
    """The point at each of `coverages`: the highest threshold that still answers that share of what is answerable.

    What is answered at no threshold keeps the last point below 100 %.
    """
    sure = np.sort([one.confidence for one in judged if one.answerable])[::-1]
    if not len(sure):
        return []
    ranks = [max(1, round(coverage * len(sure))) for coverage in coverages]
    thresholds = [max(0.0, float(sure[rank - 1])) for rank in ranks]
    return [point_at(judged, threshold) for threshold in dict.fromkeys(thresholds)]


def point_at(judged: Sequence[Judged], threshold: float) -> Point:
    """What answering from `threshold` up gives. What nothing here answers is wrong to answer at all."""
    answered = [one for one in judged if one.confidence >= threshold]
    answerable = sum(one.answerable for one in judged)
    covered = sum(one.answerable for one in answered)
    wrong = sum(not (one.right and one.answerable) for one in answered)
    return Point(threshold, covered / answerable if answerable else 0.0, len(answered), wrong)


def safest(judged: Sequence[Judged], risk: float) -> Point | None:
    """The lowest threshold whose share of wrong answers is at most `risk`; none when no threshold reaches it."""
    surest = sorted((one for one in judged if one.confidence >= 0.0), key=lambda one: -one.confidence)
    found, wrong = None, 0
    for number, one in enumerate(surest, start=1):
        wrong += not (one.right and one.answerable)
        last_of_its_kind = number == len(surest) or surest[number].confidence < one.confidence
        if last_of_its_kind and wrong <= risk * number:
            found = one.confidence
    return None if found is None else point_at(judged, found)


def auroc(above: Sequence[float], below: Sequence[float]) -> float:
    """How often one of `above` is higher than one of `below`, ties counting half (Hanley and McNeil 1982).

    Raises ValueError when either is empty.
    """
    if not above or not below:
        raise ValueError("one of the two kinds is missing: they cannot be told apart")
    ordered = np.sort(np.asarray(below))
    under = np.searchsorted(ordered, above, side="left")
    tied = np.searchsorted(ordered, above, side="right") - under
    return float((under + tied / 2).sum() / (len(above) * len(below)))


def table(judged: Sequence[Judged], risk: float) -> str:
    """The curve for a terminal, and the threshold that keeps within `risk`."""
    head = f"{'coverage':>10}{'threshold':>11}{'answered':>10}{'wrong':>7}{'risk':>8}{'95 % at most':>14}"
    rows = [
        f"{100 * p.coverage:>8.0f} %{p.threshold:>11.3f}{p.answered:>10}{p.wrong:>7}{100 * p.risk:>6.1f} %"
        f"{100 * p.bound:>12.1f} %"
        for p in curve(judged)
    ]
    held = safest(judged, risk)
    last = (
        f"at most {100 * risk:g} % wrong: from {held.threshold:.3f} up, coverage {100 * held.coverage:.0f} %, "
        f"{held.wrong} of {held.answered} wrong (95 % at most {100 * held.bound:.1f} %)"
        if held
        else f"no threshold keeps within {100 * risk:g} % wrong"
    )
    return "\n".join([head, *rows, last])

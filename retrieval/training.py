"""When to answer, learnt from the pack itself: each phrasing is asked with and without what answers it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from knowledge.article import Passage
from retrieval.confidence import Calibration, Evidence, fit
from retrieval.encoders import Encoder
from retrieval.index import build_index
from retrieval.search import Encoders, Results, search

FLOOR = 0.24
FOLDS = 4
KEPT = 0.97
ENOUGH = 4000


@dataclass(frozen=True)
class Trial:
    """One phrasing asked of an index that does not hold it. `hidden`: its whole article is gone as well."""

    phrasing: str
    section: str
    group: str
    hidden: bool
    results: Results

    @property
    def right(self) -> bool:
        """The first hit is the phrasing's own section. Never, when its article is hidden."""
        return bool(self.results.hits) and self.results.hits[0].passage.id == self.section

    @property
    def right_article(self) -> bool:
        """The first hit is at least in the phrasing's own article."""
        return bool(self.results.hits) and self.results.hits[0].passage.group == self.group

    def article_within(self, first: int) -> bool:
        """The phrasing's own article is among the `first` hits."""
        return any(hit.passage.group == self.group for hit in self.results.hits[:first])


def without_fold(passages: Sequence[Passage], fold: int, folds: int = FOLDS) -> tuple[Passage, ...]:
    """The passages with every `folds`-th phrasing taken out, from the text that words count too."""
    return tuple(
        replace(passage, asked_as=tuple(a for n, a in enumerate(passage.asked_as) if n % folds != fold))
        for passage in passages
    )


def trials(
    passages: Sequence[Passage],
    english: Encoder | None,
    *,
    every: int = 1,
    folds: int = FOLDS,
    near_misses: bool = True,
) -> Iterator[Trial]:
    """Every `every`-th phrasing asked of the index of the other folds, and once more without its article.

    Without its article a question is a near-miss: on the subject, and nothing here answers it. With at least as many
    folds as a section has phrasings, no section misses more than one.
    """
    encoders = Encoders(english)
    rows_of: dict[str, list[int]] = {}
    for row, passage in enumerate(passages):
        rows_of.setdefault(passage.group, []).append(row)
    number = 0
    for fold in range(folds):
        index = build_index(without_fold(passages, fold, folds), english)
        for passage in passages:
            for phrasing in passage.asked_as[fold::folds]:
                number += 1
                if number % every:
                    continue
                found = search(index, encoders, phrasing)
                yield Trial(phrasing, passage.id, passage.group, False, found)
                if not near_misses:
                    continue
                gone = search(index, encoders, phrasing, leave_out=rows_of[passage.group])
                yield Trial(phrasing, passage.id, passage.group, True, gone)


def held_out_confidences(asked: Sequence[Trial], folds: int = 5) -> list[float]:
    """How sure a model is of each trial that learnt from no trial of its article."""
    groups = {group: number % folds for number, group in enumerate(dict.fromkeys(trial.group for trial in asked))}
    confidences = [0.0] * len(asked)
    for fold in range(folds):
        learn = [trial for trial in asked if groups[trial.group] != fold]
        fitted = fit([trial.results.evidence for trial in learn], [trial.right_article for trial in learn], FLOOR)
        for row, trial in enumerate(asked):
            if groups[trial.group] == fold:
                confidences[row] = fitted.probability(trial.results.evidence)
    return confidences


def calibrate(
    passages: Sequence[Passage], english: Encoder | None, progress: Callable[[int, int], None] | None = None
) -> Calibration:
    """Fit the confidence model on `ENOUGH` phrasings, asked with and without their articles.

    The threshold keeps `KEPT` of the questions whose first hit is in the right article.
    """
    evidence: list[Evidence] = []
    answered: list[bool] = []
    phrasings = sum(len(passage.asked_as) for passage in passages)
    every = max(1, phrasings // ENOUGH)
    total = 2 * (phrasings // every)
    for trial in trials(passages, english, every=every):
        evidence.append(trial.results.evidence)
        answered.append(trial.right_article)
        if progress:
            progress(min(len(answered), total), total)
    if len(set(answered)) < 2:
        return Calibration((0.0,) * len(fields(Evidence)), 0.0, 0.5, FLOOR)
    fitted = fit(evidence, answered, FLOOR)
    kept = [fitted.probability(one) for one, right in zip(evidence, answered, strict=True) if right]
    return replace(fitted, threshold=float(np.quantile(kept, 1.0 - KEPT)))

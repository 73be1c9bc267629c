"""The confidence model: its lines bend where what was seen bends, and it stays what it was through a save."""

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from retrieval.confidence import Calibration, Evidence, fit

FLOOR = 0.24


@pytest.fixture
def humped() -> Calibration:
    """Learnt from questions that are answered when a gap is middling, and hardly when it is small or large."""
    chance = np.random.default_rng(7)
    gaps = chance.uniform(0.0, 3.0, 2000)
    answered = chance.uniform(size=2000) < np.where((gaps > 1.0) & (gaps < 2.0), 0.9, 0.1)
    return fit([Evidence(gap_second=float(gap), passage_cosine=0.5) for gap in gaps], answered.tolist(), FLOOR)


def at(calibration: Calibration, gap: float) -> float:
    return calibration.probability(Evidence(gap_second=gap, passage_cosine=0.5))


def test_a_line_bends_where_what_was_seen_does(humped: Calibration) -> None:
    assert at(humped, 1.5) > 0.6 > 0.4 > max(at(humped, 0.1), at(humped, 2.9))
    straight = replace(humped, bends=())
    assert not at(straight, 0.1) < at(straight, 1.5) > at(straight, 2.9)


def test_it_says_the_same_after_a_save(humped: Calibration) -> None:
    again = Calibration(**json.loads(json.dumps(asdict(humped))))
    assert [at(again, gap) for gap in (0.1, 1.5, 2.9)] == [at(humped, gap) for gap in (0.1, 1.5, 2.9)]


def test_what_never_varied_bends_nowhere_and_counts_for_nothing(humped: Calibration) -> None:
    assert humped.bends[1] == () and humped.weights[1] == pytest.approx(0.0)


def test_under_the_floor_nothing_is_answered(humped: Calibration) -> None:
    assert humped.probability(Evidence(gap_second=1.5, passage_cosine=FLOOR / 2)) == 0.0

"""Risk and coverage by hand: who is answered, who wrongly, and which threshold keeps within a share."""

import pytest

from retrieval.coverage import Judged, auroc, curve, point_at, safest, table

ASKED = [
    Judged(0.9, True),
    Judged(0.8, True),
    Judged(0.7, False, answerable=False),
    Judged(0.6, True),
    Judged(0.5, False),
    Judged(-1.0, False),
]


def test_a_point_counts_the_answerable_that_are_answered_and_all_that_is_wrong():
    point = point_at(ASKED, 0.6)
    assert (point.coverage, point.answered, point.wrong) == (0.6, 4, 1)
    assert point.risk == 0.25
    assert point.risk < point.bound < 1.0


def test_what_is_never_answered_is_in_no_answer_but_in_every_coverage():
    assert point_at(ASKED, 0.0).answered == 5
    assert point_at(ASKED, 0.0).coverage == 0.8


def test_the_curve_takes_the_surest_first():
    assert [point.wrong for point in curve(ASKED, (0.4, 0.6, 0.8))] == [0, 1, 2]
    assert curve(ASKED, (0.95, 1.0)) == [point_at(ASKED, 0.0)]
    assert curve([Judged(0.9, False, answerable=False)]) == []


@pytest.mark.parametrize(("risk", "threshold"), [(0.0, 0.8), (0.25, 0.6), (0.4, 0.5)])
def test_the_lowest_threshold_that_keeps_within_a_risk(risk: float, threshold: float):
    held = safest(ASKED, risk)
    assert held is not None
    assert held.threshold == threshold


def test_no_threshold_is_promised_where_none_keeps_it():
    assert safest([Judged(0.9, False), Judged(0.8, True)], 0.1) is None
    assert "no threshold" in table([Judged(0.9, False)], 0.1)


def test_equal_confidences_are_answered_together():
    assert safest([Judged(0.9, True), Judged(0.5, True), Judged(0.5, False)], 0.2).threshold == 0.9  # type: ignore[union-attr]


def test_auroc_counts_pairs_and_halves_ties():
    assert auroc([0.9, 0.8], [0.1, 0.2]) == 1.0
    assert auroc([0.5], [0.5]) == 0.5
    assert auroc([0.1, 0.9], [0.5]) == 0.5
    with pytest.raises(ValueError, match="missing"):
        auroc([], [0.5])

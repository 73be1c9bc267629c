"""R2, short: officers and families act in any order, one after another and at once; a seeded bug must be found."""

from __future__ import annotations

from pathlib import Path

from campaigns.booking_life import at_once, found, life
from sqlalchemy import Engine


def test_in_any_order_no_time_is_over_its_places_and_no_place_is_lost(tmp_path: Path) -> None:
    did = life(tmp_path, examples=4, steps=30)
    assert did["book"] and did["hold"] and did["join"]


def test_a_bug_that_keeps_a_cancelled_place_counted_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, examples=60, steps=40) is not None


def test_eight_at_once_end_in_order_with_no_deadlock(engine: Engine, tmp_path: Path) -> None:
    did, faults = at_once(str(engine.url.render_as_string(hide_password=False)), tmp_path, workers=8, rounds=2, each=5)
    assert faults == [] and sum(did.values()) == 8 * 2 * 5

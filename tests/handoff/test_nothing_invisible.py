"""R7 in short: a fault at each step of each flow, and nothing is out of sight ten minutes later."""

from __future__ import annotations

from pathlib import Path

from campaigns.nothing_invisible import STEPS, house_at, run
from sqlalchemy import Engine


def test_nothing_is_out_of_sight_ten_minutes_after_a_fault(engine: Engine, tmp_path: Path) -> None:
    assert run(house_at(engine, tmp_path), 2 * len(STEPS)) == (2 * len(STEPS), [])


def test_with_the_sweepers_off_something_is(engine: Engine, tmp_path: Path) -> None:
    _, lost = run(house_at(engine, tmp_path), len(STEPS), sweepers=False)
    assert {line.split()[0] for line in lost} >= {"message", "on"}

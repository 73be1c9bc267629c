"""Officers at work on the same cases at once: the short form of R8, with the control that must lose edits."""

from __future__ import annotations

from pathlib import Path

from campaigns.officers_at_once import an_office, run
from sqlalchemy import Engine


def test_nothing_is_overwritten_unseen_and_no_case_is_taken_twice(engine: Engine, tmp_path: Path) -> None:
    report = run(engine, an_office(tmp_path), 120, 6)
    assert len(report.edits) == 120 and report.faults == [] and report.lost_unseen == []
    assert any(one.why == "changed" for one in report.edits), "nobody was told that a case had changed: no contest"


def test_the_control_without_versions_loses_more_than_a_fifth(engine: Engine, tmp_path: Path) -> None:
    report = run(engine, an_office(tmp_path), 64, 4, versions=False)
    assert len(report.lost_unseen) > 0.2 * len(report.won)

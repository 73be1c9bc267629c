"""G2, short: a cry for help reaches its queue with answers off and nothing to write to; the campaign times it."""

from __future__ import annotations

from pathlib import Path

import pytest
from campaigns.danger_in_time import no_writes, run
from sqlalchemy import Engine


def test_with_answers_off_a_cry_over_the_web_is_answered_with_help_and_is_in_its_queue(
    engine: Engine, tmp_path: Path
) -> None:
    timed = run(engine, tmp_path, 1, None)
    assert not timed.lost and not timed.without_help and len(timed.queued) == 1


def test_a_cry_while_nothing_can_be_written_is_answered_with_help_and_is_in_its_queue_once_it_can(
    engine: Engine, tmp_path: Path
) -> None:
    timed = run(engine, tmp_path, 1, no_writes)
    assert not timed.lost and not timed.without_help and len(timed.queued) == 1


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_cry_that_nobody_looks_for_in_the_spool_is_missed(engine: Engine, tmp_path: Path) -> None:
    assert run(engine, tmp_path, 1, no_writes, sweeping=False).lost

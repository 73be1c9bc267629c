"""P2 in short: hostile messages everywhere, logging at DEBUG, and no canary in what was written about them."""

from __future__ import annotations

from pathlib import Path

from campaigns.quiet_logs import CANARY, SHAPES, run
from sqlalchemy import Engine


def test_no_word_of_a_message_is_in_a_log_a_metric_or_on_stderr(engine: Engine, tmp_path: Path) -> None:
    written = run(engine, tmp_path, len(SHAPES))
    assert written.count('"event"') > len(SHAPES) and CANARY not in written


def test_with_redaction_off_the_words_are_found(engine: Engine, tmp_path: Path) -> None:
    assert CANARY in run(engine, tmp_path, 3, redact=False)

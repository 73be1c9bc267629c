"""P4 in short: nothing personal reaches the search, a vector, the index, a file or the log."""

from __future__ import annotations

from pathlib import Path

import pytest
from campaigns.nothing_personal_found import redaction_off, run


def test_nothing_personal_is_looked_up_embedded_or_written_anywhere(tmp_path: Path) -> None:
    assert run(tmp_path, turns=80) == []


def test_control_with_redaction_off_it_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.assistant.redact", redaction_off)
    assert {line.split(": ")[0] for line in run(tmp_path, turns=10)} >= {"search", "encoder"}

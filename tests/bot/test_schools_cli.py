"""`askwell schools`: invite, list, end, with the real database beside the index."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli

EMAIL = "office@bridge.example.sch.uk"


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path))


def askwell(*words: str) -> Result:
    return CliRunner().invoke(cli, ["schools", *words])


def test_a_school_is_invited_listed_and_ended():
    assert askwell("invite", EMAIL, "--school", "Bridge School").exit_code == 0
    assert f"Bridge School\t{EMAIL}\tnot yet come in" in askwell("list").stdout
    assert askwell("end", EMAIL).exit_code == 0
    assert askwell("list").stdout == ""


@pytest.mark.parametrize("words", [("invite", "x@gmail.com", "--school", "S"), ("end", "nobody@s.example")])
def test_what_cannot_be_done_is_said_in_words(words: tuple[str, ...]):
    failed = askwell(*words)
    assert failed.exit_code == 1 and "Traceback" not in failed.output and failed.stderr.strip()

"""`askwell backup` and `askwell restore` as an operator uses them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import cli


@pytest.fixture
def office(tmp_path: Path, little_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASKWELL_PACK", str(little_folder))
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path / "data"))
    return tmp_path


def askwell(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(arguments), input=typed)


def add(email: str) -> None:
    typed = "four plain words here\n"
    assert askwell("officers", "add", email, "--name", "P", typed=typed).exit_code == 0


def test_what_is_backed_up_comes_back_and_nothing_is_put_back_unasked(office: Path) -> None:
    add("priya@littleham.example")
    file = str(office / "one.backup")
    made = askwell("backup", file)
    assert made.exit_code == 0 and "cannot be read without" in made.stderr
    add("ben@littleham.example")
    refused = askwell("restore", file, typed="n\n")
    assert refused.exit_code == 1 and "Nothing was changed" in refused.stderr
    assert "ben@" in askwell("officers", "list").stdout
    done = askwell("restore", file, "--yes")
    assert done.exit_code == 0 and "0 erasures again" in done.stderr and "signed out" in done.stderr
    assert "ben@" not in askwell("officers", "list").stdout
    assert "priya@" in askwell("officers", "list").stdout


def test_what_cannot_be_done_is_said_plainly(office: Path) -> None:
    assert askwell("backup", str(office / "one.backup")).exit_code == 0
    again = askwell("backup", str(office / "one.backup"))
    assert again.exit_code == 1 and "Choose another name" in again.stderr
    for wrong in ("no such file", str(office)):
        done = askwell("restore", wrong, "--yes")
        assert done.exit_code == 1 and "Nothing was changed" in done.stderr, done.output
    nowhere = askwell("backup", str(office / "no" / "folder"))
    assert nowhere.exit_code == 1 and "Traceback" not in nowhere.output

"""`askwell directory`: import whole or not at all, find with cautions, hand on safely."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ap_sheets import GOOD, spoilt, write_csv, write_xlsx
from typer.testing import CliRunner, Result

from bot.cli import cli

run = CliRunner()


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path / "data"))
    return tmp_path


def askwell(*words: str) -> Result:
    return run.invoke(cli, ["directory", *words])


def test_tom_imports_a_workbook_and_finds_a_place_in_his_own_words(data: Path):
    assert askwell("import", str(write_xlsx(data / "list.xlsx", GOOD))).exit_code == 0
    found = askwell("find", "outdoor animals for an anxious child", "--where", "key_stages=KS3", "--json")
    entries = [json.loads(line) for line in found.stdout.splitlines()]
    assert [entry["id"] for entry in entries] == ["ap-ex1"]
    assert "not registered as a school" in entries[0]["notices"][0]
    assert "not a recommendation" in found.stderr


def test_a_file_with_one_fault_changes_nothing(data: Path):
    askwell("import", str(write_csv(data / "good.csv", GOOD)))
    failed = askwell("import", str(write_csv(data / "bad.csv", spoilt("Registration", "?"))))
    assert failed.exit_code == 1
    assert "row 2, Registration: write one of" in failed.stdout
    assert len(askwell("find", "--json").stdout.splitlines()) == 2


def test_nothing_is_taken_in_while_ingestion_is_switched_off(data: Path):
    good = str(write_csv(data / "good.csv", GOOD))
    for way, code, found in (("off", 1, 0), ("on", 0, 2)):
        assert run.invoke(cli, ["switch", "ingestion", way, "--reason", "a bad file went round"]).exit_code == 0
        said = askwell("import", good)
        assert said.exit_code == code and ("switched ingestion off" in said.stderr) == (way == "off")
        assert len(askwell("find", "--json").stdout.splitlines()) == found


def test_a_comparison_and_an_export_hold_both(data: Path):
    askwell("import", str(write_csv(data / "good.csv", GOOD)))
    assert "Area: Feltham | Hounslow" in askwell("compare", "ap-ex1", "ap-ex2").stdout
    assert askwell("export", str(data / "out.csv")).exit_code == 0
    assert askwell("check", str(data / "out.csv")).exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("import", "none.csv"),
        ("compare", "ap-nobody"),
        ("find", "--where", "colour=blue"),
        ("find", "--where", "days=Sun"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(words: tuple[str, ...]):
    failed = askwell(*words)
    assert failed.exit_code != 0
    assert "Traceback" not in failed.output and failed.stderr.strip()

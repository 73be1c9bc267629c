"""`askwell db`, and what `serve` does about the tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect
from typer.testing import CliRunner

from bot.cli import cli
from bot.records import Readiness, open_database, prepare
from bot.settings import Settings
from handoff.database import configuration, connect, head, revision

runner = CliRunner()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, url: str) -> str:
    """An address with every table, on each engine in turn, as the environment names it."""
    monkeypatch.setenv("DATABASE_URL", url)
    return url


def test_the_tables_go_down_and_up_again(at: str, engine: Engine) -> None:
    assert runner.invoke(cli, ["db", "downgrade", "base"]).exit_code == 0
    assert runner.invoke(cli, ["db", "current"]).stdout == "none\n"
    assert "case" not in inspect(engine).get_table_names()
    assert runner.invoke(cli, ["db", "upgrade"]).exit_code == 0
    done = runner.invoke(cli, ["db", "current"])
    assert done.stdout == f"{head()}\n"
    assert "case" in inspect(engine).get_table_names()


def test_the_newest_revision_is_the_one_alembic_would_go_to(engine: Engine) -> None:
    assert head() == ScriptDirectory.from_config(configuration(engine)).get_current_head()


def test_a_revision_that_does_not_exist_is_said_plainly(at: str) -> None:
    assert runner.invoke(cli, ["db", "upgrade", "nosuch"]).exit_code == 2


@pytest.mark.parametrize("url_given", ["postgresql://localhost:1/askwell", "mysql://x", "not an address"])
def test_a_database_that_is_not_there_is_said_without_a_traceback(
    url_given: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", url_given)
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path))
    done = runner.invoke(cli, ["db", "current"])
    assert done.exit_code == 1 and isinstance(done.exception, SystemExit)


def test_an_empty_database_gets_its_tables_and_one_that_has_them_is_left(tmp_path: Path) -> None:
    records = open_database(Settings(data=tmp_path / "new", database_url=""))
    assert prepare(records) is Readiness.MADE
    assert prepare(records) is Readiness.READY
    records.dispose()


def test_a_database_that_is_behind_is_left_for_a_person(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    records = connect(url)
    monkeypatch.setattr("bot.records.head", lambda: "9999")
    assert prepare(records) is Readiness.BEHIND
    assert revision(records) is not None
    records.dispose()

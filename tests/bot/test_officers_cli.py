"""`askwell officers` as an administrator uses it: passwords typed in, never shown, never an argument."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from sqlmodel import select
from typer.testing import CliRunner

from bot.cli import cli
from handoff.database import connect, reading
from handoff.models import Officer
from handoff.passwords import matches

PASSWORD = "four plain words here\n"


@pytest.fixture
def office(tmp_path: Path, little_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASKWELL_PACK", str(little_folder))
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def officers(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["officers", *arguments], input=typed)


def added() -> None:
    done = officers("add", "priya@littleham.example", "--name", "Priya", "--queue", "clubs", typed=PASSWORD)
    assert done.exit_code == 0, done.output


def kept(office: Path) -> Officer:
    with reading(connect(f"sqlite:///{office / 'askwell.db'}")) as session:
        return session.exec(select(Officer)).one()


def test_an_officer_is_added_listed_given_queues_and_leaves(office: Path) -> None:
    added()
    assert officers("list").stdout == "priya@littleham.example\tPriya\tofficer\tclubs\n"
    officers("queues", "priya@littleham.example", "--queue", "local_offer", "--role", "lead")
    assert officers("list").stdout == "priya@littleham.example\tPriya\tlead\tlocal_offer\n"
    assert officers("leave", "priya@littleham.example").exit_code == 0
    assert officers("list").stdout == ""
    assert "left 20" in officers("list", "--all").stdout


def test_the_password_is_asked_for_and_never_said(office: Path) -> None:
    done = officers("add", "priya@littleham.example", "--name", "Priya", typed=PASSWORD)
    assert PASSWORD.strip() not in done.output and matches(kept(office).password, PASSWORD.strip())
    assert officers("password", "priya@littleham.example", typed="other four plain words\n").exit_code == 0
    assert matches(kept(office).password, "other four plain words")


@pytest.mark.parametrize(
    ("arguments", "typed", "says"),
    [
        (("add", "priya@littleham.example", "--name", "Priya"), "short\n", "at least 12 characters"),
        (("add", "priya@littleham.example", "--name", "Priya", "--queue", "trams"), PASSWORD, "clubs, local_offer"),
        (("add", "priya", "--name", "Priya"), PASSWORD, "no email address"),
        (("leave", "nobody@littleham.example"), None, "askwell officers list"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(
    office: Path, arguments: tuple[str, ...], typed: str | None, says: str
) -> None:
    done = officers(*arguments, typed=typed)
    assert done.exit_code == 1 and says in done.output and "Traceback" not in done.output


def test_a_database_that_is_not_there_is_said_plainly(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://askwell@127.0.0.1:1/none")
    done = officers("list")
    assert done.exit_code == 1 and "DATABASE_URL" in done.output and "Traceback" not in done.output

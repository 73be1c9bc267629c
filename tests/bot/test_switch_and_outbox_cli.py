"""`askwell switch` and `askwell outbox` as an operator uses them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from sqlmodel import select
from typer.testing import CliRunner

from bot.cli import cli
from handoff.database import connect, reading, transaction
from handoff.desk import Desk
from handoff.models import AuditEntry
from handoff.outbox import Letter, mark_failed, put, take_due
from handoff.people import address_for
from handoff.vault import Vault


@pytest.fixture
def office(tmp_path: Path, little_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASKWELL_PACK", str(little_folder))
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def askwell(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def test_a_switch_is_turned_listed_with_its_reason_and_turned_back(office: Path) -> None:
    assert askwell("switch", "list").stdout.split() == [*"web on bot on answering on ingestion on".split()]
    off = askwell("switch", "answering", "off", "--reason", "The fares are wrong.")
    assert off.exit_code == 0 and "answering is off" in off.stderr and "Help in danger" in off.stderr
    assert "answering\toff\t" in askwell("switch").stdout and "The fares are wrong." in askwell("switch").stdout
    assert askwell("switch", "answering", "on", "--reason", "mended").exit_code == 0
    assert "answering\ton\t" in askwell("switch").stdout


def test_with_ingestion_off_no_index_is_made(office: Path) -> None:
    assert askwell("switch", "ingestion", "off", "--reason", "a wrong page").exit_code == 0
    refused = askwell("index")
    assert refused.exit_code == 1 and "switched ingestion off" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["web", "off"], "Say why"),
        (["telephone", "off", "--reason", "x"], "WHAT is one of web, bot, answering, ingestion"),
        (["web", "away", "--reason", "x"], "the other state is on"),
    ],
)
def test_a_switch_turned_wrongly_says_what_to_write(office: Path, arguments: list[str], said: str) -> None:
    done = askwell("switch", *arguments)
    assert done.exit_code == 2 and said in done.stderr
    assert "off" not in askwell("switch").stdout


def test_a_dead_letter_is_listed_without_its_words_and_sent_again(office: Path) -> None:
    assert "0 dead and 0 late" in askwell("outbox", "list").stderr
    engine = connect(f"sqlite:///{office / 'askwell.db'}")
    desk = Desk(pack="littleham", vault=Vault(office / "keys"))
    with transaction(engine) as session:
        door = address_for(session, desk, "email", "amina@example.org")
        about = ("reply", "About Yusuf", "Yusuf has a place.", "There is a message for you.")
        id = put(session, desk, Letter("k1", door.person_id, "email", door.id, None, "talk", *about)).id
    with transaction(engine) as session:
        (parcel,) = take_due(session, desk, "worker")
        mark_failed(session, desk, parcel, "smtp_554", final=True)
    listed = askwell("outbox", "list")
    assert listed.stdout.startswith(f"{id}\tdead\treply\temail\ttalk\tsmtp_554\t1 tries")
    assert "Yusuf" not in listed.output and "amina" not in listed.output
    assert askwell("outbox", "retry", id).exit_code == 0
    assert askwell("outbox", "retry", id).exit_code == 1
    assert askwell("outbox", "list").stdout == ""
    with reading(engine) as session:
        assert [(entry.act, entry.subject) for entry in session.exec(select(AuditEntry)).all()] == [
            ("letter_retried", id)
        ]
    engine.dispose()


def test_a_database_that_cannot_be_reached_is_said_plainly(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    for command in (["outbox", "list"], ["switch", "list"]):
        done = askwell(*command)
        assert done.exit_code == 1 and "cannot be reached" in done.stderr and "Traceback" not in done.output

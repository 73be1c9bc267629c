"""R10 in short: backups under load pass every invariant, and a file copied under load does not."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from campaigns.backup_under_load import backups, office_desk, plain_copies
from campaigns.invariants import Acknowledged, faults, faults_in
from campaigns.office_load import Office
from sqlalchemy import Engine, text
from sqlmodel import Session

from handoff.database import connect


def test_backups_taken_while_the_office_works_hold_all_that_was_acknowledged(engine: Engine, tmp_path: Path) -> None:
    done = backups(engine, office_desk(tmp_path), tmp_path, 2)
    assert (done.backups, done.faults) == (2, 0)


def test_a_file_copied_under_load_fails(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "askwell.db")
    engine = connect(f"sqlite:///{tmp_path / 'askwell.db'}")
    assert plain_copies(engine, office_desk(tmp_path), tmp_path, 4).faults > 0
    engine.dispose()


HARM = {
    "a line lost": "DELETE FROM message WHERE number = 1",
    "an event lost": "DELETE FROM case_event WHERE number = 1",
    "a count wrong": 'UPDATE "case" SET events = events + 1',
    "an audit entry changed": "UPDATE audit_entry SET actor = 'ben' WHERE number = 2",
    "an audit entry lost": "DELETE FROM audit_entry WHERE number = 2",
    "words of another place": "UPDATE message SET sealed_text = (SELECT sealed_reply FROM inbox_message LIMIT 1)",
    "a reply lost": "UPDATE inbox_message SET sealed_reply = NULL",
    "a letter unsent": "UPDATE outbox_message SET state = 'sent', sent_at = NULL",
}


def test_each_harm_is_a_fault_and_a_sound_database_has_none(engine: Engine, tmp_path: Path) -> None:
    office, chance = Office(engine, office_desk(tmp_path), families=2), random.Random(5)
    while len(office.open_cases) < 3 or office.acts < 15:
        office.act(chance)
    assert faults(engine, office.desk, office.acknowledged) == []
    never = [Acknowledged("case", "never")]
    assert faults(engine, office.desk, never) == ["case: never was acknowledged and is not there"]
    for harm, statement in HARM.items():
        with Session(engine.execution_options(writes=True)) as session:
            session.connection().execute(text(statement))
            assert faults_in(session, office.desk), harm
            session.rollback()
    assert faults(engine, office.desk, office.acknowledged) == []

"""The database keeps its word on both engines, and its schema is what the migrations make."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

import pytest
from alembic import command
from small_office import MONDAY
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import SQLModel, col, select, update

from handoff.database import (
    DatabaseError,
    clashed,
    configuration,
    connect,
    downgrade,
    reading,
    rows_changed,
    transaction,
    upgrade,
)
from handoff.models import Conversation, Officer, OffSwitch, Person


def person(id: str = "p1", pack: str = "littleham") -> Person:
    return Person(pack=pack, id=id, made_at=MONDAY, seen_at=MONDAY)


def test_the_migrations_make_what_the_models_say(engine: Engine) -> None:
    command.check(configuration(engine))


def test_up_down_and_up_again(engine: Engine) -> None:
    downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    upgrade(engine)
    assert set(SQLModel.metadata.tables) <= set(inspect(engine).get_table_names())


def test_the_council_is_in_every_key() -> None:
    without = [name for name, table in SQLModel.metadata.tables.items() if "pack" not in table.primary_key.columns]
    assert without == []


def test_a_foreign_key_never_reaches_another_council() -> None:
    reaching = [
        f"{name}.{key.name}"
        for name, table in SQLModel.metadata.tables.items()
        for key in table.foreign_key_constraints
        if "pack" not in key.column_keys
    ]
    assert reaching == []


def test_what_is_written_is_there_and_what_fails_is_not(engine: Engine) -> None:
    with transaction(engine) as session:
        session.add(person("p1"))
    with pytest.raises(RuntimeError), transaction(engine) as session:
        session.add(person("p2"))
        session.flush()
        raise RuntimeError
    with reading(engine) as session:
        assert session.exec(select(Person.id)).all() == ["p1"]


def test_moments_come_back_aware_and_in_utc(engine: Engine) -> None:
    with transaction(engine) as session:
        session.add(person())
    with reading(engine) as session:
        assert session.exec(select(Person)).one().made_at == MONDAY


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    naive = datetime(2026, 11, 23, 10, 0)
    with pytest.raises(StatementError, match="zone"), transaction(engine) as session:
        session.add(Person(pack="littleham", id="p", made_at=naive, seen_at=naive))


def test_a_row_of_one_council_cannot_belong_to_a_person_of_another(engine: Engine) -> None:
    with transaction(engine) as session:
        session.add(person("p1", pack="bigtown"))
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.add(
            Conversation(
                pack="littleham", id="c", person_id="p1", address_id="a", channel="web", made_at=MONDAY, last_at=MONDAY
            )
        )


def test_words_outside_a_family_are_refused_by_the_database_itself(engine: Engine) -> None:
    insert = text(
        "INSERT INTO officer (pack, id, email, name, role, password, made_at) "
        "VALUES ('littleham', 'o', 'a@b', 'A', 'emperor', 'x', '2026-11-23')"
    )
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.execute(insert)
    assert Officer.__tablename__ == "officer"


def test_of_two_that_meet_exactly_one_is_first_and_the_other_is_told(engine: Engine) -> None:
    """Eight at once turn the same row: one conditional update changes a row, seven change none."""
    with transaction(engine) as session:
        session.add(OffSwitch(pack="littleham", id="s", what="web", off=False, reason="", by="", at=MONDAY))
    start = threading.Barrier(8)
    changed: list[int] = []

    def turn() -> None:
        start.wait()
        with transaction(engine) as session:
            row = session.exec(select(OffSwitch)).one()
            statement = update(OffSwitch).where(col(OffSwitch.off).is_(False)).values(off=True, by=row.id)
            changed.append(rows_changed(session.execute(statement)))

    threads = [threading.Thread(target=turn) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(changed) == [0] * 7 + [1]


def test_a_clash_is_told_from_another_fault(engine: Engine) -> None:
    with transaction(engine) as session:
        session.add(person())
    with pytest.raises(DBAPIError) as clash, transaction(engine) as session:
        session.add(person())
    assert clashed(clash.value)
    with pytest.raises(DBAPIError) as fault, reading(engine) as session:
        session.execute(text("SELECT * FROM no_such_table"))
    assert not clashed(fault.value)


def test_an_address_nobody_can_open_says_what_to_write() -> None:
    with pytest.raises(DatabaseError, match="sqlite"):
        connect("not an address")
    with pytest.raises(DatabaseError, match="PostgreSQL"):
        connect("mysql://root@localhost/askwell")


def test_sqlite_is_set_to_survive_a_power_cut_and_to_wipe_what_it_deletes(tmp_path: Path) -> None:
    with connect(f"sqlite:///{tmp_path / 'a.db'}").connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 10_000,
    }

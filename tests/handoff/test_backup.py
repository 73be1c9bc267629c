"""A backup is one moment of the database, goes back whole or not at all, and brings back nothing that must stay gone."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from small_office import Clock, fresh_postgres
from sqlalchemy import Engine
from sqlmodel import SQLModel, col, select
from whole_family import write_family

from handoff import audit
from handoff.backup import backup
from handoff.backup_file import BackupError, read_page, sums_of
from handoff.conversations import Said, conversation_for, recent, record
from handoff.database import connect, reading, transaction, upgrade
from handoff.desk import Desk
from handoff.erasure import forget
from handoff.models import AuditEntry, Conversation, Erasure, Officer, OfficerRole, OfficerSession, Person, Who
from handoff.officers import add_officer, leave
from handoff.people import address_for
from handoff.restore import restore
from handoff.switches import Part, Switchboard, turn


def talk(engine: Engine, desk: Desk, who: str, *lines: str) -> tuple[str, str]:
    """The person and the conversation at this door, with these lines said."""
    with transaction(engine) as session:
        door = address_for(session, desk, "web", who)
        conversation = conversation_for(session, desk, door)
        for line in lines:
            record(session, desk, conversation, Said(Who.PERSON, line))
        audit.record(session, desk, actor="system", act="talked", kind="conversation", subject=conversation.id)
        return door.person_id, conversation.id


def said(engine: Engine, desk: Desk, conversation: str) -> list[str]:
    with reading(engine) as session:
        return [line.text for line in recent(session, desk, conversation)]


def sums(engine: Engine, desk: Desk) -> dict[str, str]:
    """The contents of every table, but of the audit, which a restore adds to."""
    with engine.connect() as connection:
        return {name: one.text for name, one in sums_of(connection, desk.pack).items() if name != "audit_entry"}


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A second database, of either kind, empty but for its tables."""
    if request.param == "sqlite":
        made = connect(f"sqlite:///{tmp_path / 'other.db'}")
        upgrade(made)
        yield made
        made.dispose()
        return
    for url in fresh_postgres(request.getfixturevalue("postgres")):
        made = connect(url)
        yield made
        made.dispose()


def test_a_backup_of_either_engine_goes_back_into_either(
    engine: Engine, other: Engine, desk: Desk, tmp_path: Path
) -> None:
    with transaction(engine) as session:
        for name in ("amina", "ben"):
            write_family(session, desk, name)
    before = sums(engine, desk)
    made = backup(engine, desk, tmp_path / "one.backup")
    done = restore(other, desk, tmp_path / "one.backup", by="operator")
    assert made.rows["person"] == 2 and done.manifest == made
    after = sums(other, desk)
    left_out = {"officer_session", "join_link", "sign_in_try"}
    assert {name: one for name, one in after.items() if name not in left_out} == {
        name: one for name, one in before.items() if name not in left_out
    }


def test_words_can_be_read_after_a_restore_and_the_keys_are_not_in_the_file(
    engine: Engine, other: Engine, desk: Desk, tmp_path: Path
) -> None:
    person, conversation = talk(engine, desk, "amina", "hello", "where is it")
    backup(engine, desk, tmp_path / "one.backup")
    restore(other, desk, tmp_path / "one.backup", by="operator")
    assert said(other, desk, conversation) == ["hello", "where is it"]
    file = (tmp_path / "one.backup").read_bytes()
    key = (tmp_path / "keys" / "people" / person[:2] / person).read_bytes()
    assert key not in file and b"where is it" not in file
    assert (tmp_path / "one.backup").stat().st_mode & 0o077 == 0


def test_what_was_done_since_is_undone_and_the_service_goes_on(engine: Engine, desk: Desk, tmp_path: Path) -> None:
    _, conversation = talk(engine, desk, "amina", "one")
    backup(engine, desk, tmp_path / "one.backup")
    talk(engine, desk, "amina", "two")
    talk(engine, desk, "ben", "hello")
    restore(engine, desk, tmp_path / "one.backup", by="operator")
    assert said(engine, desk, conversation) == ["one"]
    with reading(engine) as session:
        assert len(session.exec(select(Person)).all()) == 1
    talk(engine, desk, "amina", "three")
    assert said(engine, desk, conversation) == ["one", "three"]


def test_who_was_erased_since_stays_erased(engine: Engine, desk: Desk, tmp_path: Path) -> None:
    amina, _ = talk(engine, desk, "amina", "hello")
    ben, bens = talk(engine, desk, "ben", "hello")
    backup(engine, desk, tmp_path / "one.backup")
    forget(engine, desk, amina)
    done = restore(engine, desk, tmp_path / "one.backup", by="operator")
    assert [receipt.person_id for receipt in done.erased_again] == [amina]
    with reading(engine) as session:
        assert [person.id for person in session.exec(select(Person)).all()] == [ben]
        assert session.exec(select(Conversation.id)).all() == [bens]
        assert amina in session.exec(select(Erasure.person_id)).all()
    assert not desk.vault.holds(amina)


def test_the_audit_chain_goes_on_and_says_who_restored(engine: Engine, desk: Desk, tmp_path: Path) -> None:
    talk(engine, desk, "amina", "one")
    backup(engine, desk, tmp_path / "one.backup")
    talk(engine, desk, "amina", "two")
    done = restore(engine, desk, tmp_path / "one.backup", by="priya")
    assert not done.audit_from_backup
    with reading(engine) as session:
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.number))).all()
    assert [(entry.actor, entry.act) for entry in entries] == [
        ("system", "talked"),
        ("system", "talked"),
        ("priya", "restored"),
    ]


def test_on_a_new_machine_the_backups_audit_chain_is_taken_up(
    engine: Engine, other: Engine, desk: Desk, tmp_path: Path
) -> None:
    talk(engine, desk, "amina", "one")
    backup(engine, desk, tmp_path / "one.backup")
    talk(engine, desk, "amina", "lost with the machine")
    assert restore(other, desk, tmp_path / "one.backup", by="priya").audit_from_backup
    with reading(other) as session:
        number, hash = audit.last_entry(session, desk.pack)
    head = audit.head_file(desk.vault.folder, desk.pack).read_text().split()
    assert (int(head[0]), head[1]) == (number, hash) and number == 2


def test_an_officer_who_left_since_stays_gone_and_nobody_is_signed_in(
    engine: Engine, desk: Desk, tmp_path: Path
) -> None:
    with transaction(engine) as session:
        priya = add_officer(
            session,
            desk,
            email="priya@littleham.example",
            name="Priya",
            role=OfficerRole.OFFICER,
            queues=frozenset(),
            password="four plain words here",
        )
        session.flush()
        now = desk.now()
        session.add(
            OfficerSession(pack=desk.pack, id="s1", officer_id=priya.id, made_at=now, last_at=now, expires_at=now)
        )
    backup(engine, desk, tmp_path / "one.backup")
    with transaction(engine) as session:
        leave(session, desk, priya.id)
    restore(engine, desk, tmp_path / "one.backup", by="operator")
    with reading(engine) as session:
        assert session.exec(select(Officer.left_at)).one() is not None
        assert session.exec(select(OfficerSession)).all() == []


def test_what_was_switched_off_since_stays_off(engine: Engine, desk: Desk, clock: Clock, tmp_path: Path) -> None:
    backup(engine, desk, tmp_path / "one.backup")
    clock.move(minutes=1)
    with transaction(engine) as session:
        turn(session, desk, Part.ANSWERING, off=True, reason="wrong numbers", by="priya")
    restore(engine, desk, tmp_path / "one.backup", by="operator")
    assert Switchboard(engine, desk).off(Part.ANSWERING)


def test_another_councils_rows_are_in_no_backup_and_survive_a_restore(
    engine: Engine, desk: Desk, tmp_path: Path
) -> None:
    bigtown = Desk(pack="bigtown", vault=desk.vault, now=desk.now, new_id=desk.new_id)
    talk(engine, desk, "amina", "one")
    _, theirs = talk(engine, bigtown, "amina", "ours")
    assert backup(engine, desk, tmp_path / "one.backup").rows["person"] == 1
    talk(engine, bigtown, "amina", "since")
    restore(engine, desk, tmp_path / "one.backup", by="operator")
    assert said(engine, bigtown, theirs) == ["ours", "since"]
    with pytest.raises(BackupError, match="is of littleham"):
        restore(engine, bigtown, tmp_path / "one.backup", by="operator")


def test_no_file_is_overwritten(engine: Engine, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep me")
    with pytest.raises(BackupError, match="already"):
        backup(engine, desk, tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "keep me"


@pytest.mark.parametrize("harm", ["cut", "byte", "row", "not_one", "missing"])
def test_a_file_that_is_not_whole_changes_nothing(engine: Engine, desk: Desk, tmp_path: Path, harm: str) -> None:
    _, conversation = talk(engine, desk, "amina", "one")
    path = tmp_path / "one.backup"
    backup(engine, desk, path)
    talk(engine, desk, "amina", "two")
    _harm(path, harm)
    with pytest.raises(BackupError):
        restore(engine, desk, path, by="operator")
    assert said(engine, desk, conversation) == ["one", "two"]


def _harm(path: Path, harm: str) -> None:
    if harm == "cut":
        path.write_bytes(path.read_bytes()[:-4096])
    elif harm == "byte":
        whole = bytearray(path.read_bytes())
        at = whole.index(b"littleham")
        whole[at] ^= 1
        path.write_bytes(whole)
    elif harm == "row":
        with closing(sqlite3.connect(path, isolation_level=None)) as plain:
            plain.execute("UPDATE message SET language = 'xx'")
    elif harm == "not_one":
        path.write_text("nothing of the kind")
    else:
        path.unlink()


def test_a_backup_under_load_is_one_moment(engine: Engine, desk: Desk, tmp_path: Path) -> None:
    talk(engine, desk, "amina", "0")
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            talk(engine, desk, "amina", "more")

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for number in range(3):
            backup(engine, desk, tmp_path / f"{number}.backup")
    finally:
        stop.set()
        worker.join()
    for number in range(3):
        with closing(sqlite3.connect(tmp_path / f"{number}.backup")) as plain:
            (counted,) = plain.execute("SELECT said FROM conversation").fetchone()
            (rows,) = plain.execute("SELECT COUNT(*) FROM message").fetchone()
        assert counted == rows > 0
        assert read_page(tmp_path / f"{number}.backup").rows["message"] == rows


def test_an_old_database_is_not_backed_up_under_a_new_name(desk: Desk, tmp_path: Path) -> None:
    empty = connect(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(BackupError, match="askwell db upgrade"):
        backup(empty, desk, tmp_path / "one.backup")
    assert not (tmp_path / "one.backup").exists()
    empty.dispose()


def test_a_restore_that_fails_half_way_changes_nothing(engine: Engine, desk: Desk, tmp_path: Path, monkeypatch) -> None:
    from handoff import restore as module

    _, conversation = talk(engine, desk, "amina", "one")
    backup(engine, desk, tmp_path / "one.backup")
    talk(engine, desk, "amina", "two")

    def fail(*_: object) -> None:
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(module, "_go_on", fail)
    with pytest.raises(RuntimeError):
        restore(engine, desk, tmp_path / "one.backup", by="operator")
    assert said(engine, desk, conversation) == ["one", "two"]


def test_every_table_is_either_kept_or_named_as_left_out() -> None:
    from handoff.backup import NOT_KEPT
    from handoff.backup_file import tables

    assert {table.name for table in tables()} == set(SQLModel.metadata.tables)
    assert set(SQLModel.metadata.tables) >= NOT_KEPT
    assert all("pack" in table.c for table in tables())

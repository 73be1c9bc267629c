"""Putting a backup back while the service runs: one transaction, and then everything that must not come back with it.

What happened since the backup and must not be undone:

- Erasures: the ledger beside the keys says whom they concern, and they are applied again at once.
- The audit chain and the turns of the off switches go on; only where they are lost does the backup's take their place.
- An officer who has left since stays gone, and nobody is signed in by a session of that time.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from handoff import audit
from handoff.backup import NOT_KEPT
from handoff.backup_file import BackupError, Manifest, copy_rows, read_page, rows_in, sums_of, tables
from handoff.database import clashed, connect, head, transaction, upgrade
from handoff.desk import Desk
from handoff.erasure import ErasureReceipt, apply_erasures
from handoff.models import AuditEntry, Erasure, Officer, OffSwitch

TRIES = 5
# The present rows of these stay beside those of the backup.
GOES_ON = (str(OffSwitch.__tablename__), str(Erasure.__tablename__))
AUDIT, OFFICER = str(AuditEntry.__tablename__), str(Officer.__tablename__)


@dataclass(frozen=True)
class Restored:
    """What was put back, which erasures were applied again, and whether the audit chain is the backup's."""

    manifest: Manifest
    erased_again: tuple[ErasureReceipt, ...]
    audit_from_backup: bool


@dataclass(frozen=True)
class _Kept:
    """What of the present database goes on after the restore."""

    rows: dict[str, list[dict[str, object]]]
    left: dict[str, datetime]
    audit: bool


def restore(engine: Engine, desk: Desk, path: Path, *, by: str) -> Restored:
    """Replace this council's rows by those of the backup. All of it is done, or nothing.

    `by` is who answers for it. Raises `BackupError` for a file that is not whole or not this council's, before
    anything is changed, and what the database raises while it is away.
    """
    with tempfile.TemporaryDirectory(prefix="askwell-restore-") as folder:
        copy = Path(folder) / "backup.db"
        try:
            shutil.copyfile(path, copy)
        except OSError as error:
            raise BackupError(f"{path} cannot be read: {error.strerror}.") from error
        manifest = read_page(copy)
        if manifest.pack != desk.pack:
            raise BackupError(f"This backup is of {manifest.pack}, and the settings name {desk.pack}.")
        source = connect(f"sqlite:///{copy}")
        try:
            upgrade(source)
            _is_whole(source, manifest)
            audit_from_backup = _put_back(engine, desk, source, manifest, by)
        finally:
            source.dispose()
    return Restored(manifest, apply_erasures(engine, desk), audit_from_backup)


def _is_whole(source: Engine, manifest: Manifest) -> None:
    """Every row the backup was made with is in it, unaltered; one of an earlier version has been brought up to date."""
    with source.connect() as connection:
        found = sums_of(connection, manifest.pack)
    for name, one in found.items():
        missing = one.rows != manifest.rows.get(name, 0)
        if missing or (manifest.revision == head() and one.text != manifest.sums.get(name)):
            raise BackupError("Rows of this backup are missing or were changed. Use another one.")


def _put_back(engine: Engine, desk: Desk, source: Engine, manifest: Manifest, by: str) -> bool:
    for left in reversed(range(TRIES)):
        try:
            with source.connect() as given, transaction(engine) as session:
                return _replace(session, desk, given, manifest, by)
        except DBAPIError as error:
            # Somebody who writes at this moment may hold a row we want while we hold one they want.
            if not left or not clashed(error):
                raise
    raise AssertionError("the last try returns or raises")


def _replace(session: Session, desk: Desk, given: Connection, manifest: Manifest, by: str) -> bool:
    connection = session.connection()
    _alone(connection)
    kept = _what_goes_on(connection, given, desk)
    for table in reversed(tables()):
        if not (kept.audit and table.name == AUDIT):
            connection.execute(delete(table).where(table.c.pack == desk.pack))
    copy_rows(given, connection, desk.pack, NOT_KEPT | ({AUDIT} if kept.audit else set()))
    _go_on(connection, desk, kept)
    detail = f"from {manifest.made_at}"
    if not kept.audit:
        # The chain begins again where the backup's ends: somebody answers for it, and its next entry says so.
        audit.begin_again(session)
    audit.record(session, desk, actor=by, act="restored", kind="database", subject=desk.pack, detail=detail)
    return not kept.audit


def _alone(connection: Connection) -> None:
    """Nobody writes until the restore is done; who tries is told to try again in a moment."""
    if connection.dialect.name != "postgresql":
        return
    for setting in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        connection.execute(text(f"SET LOCAL {setting} = 0"))
    names = ", ".join(f'"{table.name}"' for table in tables())
    connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def _what_goes_on(connection: Connection, given: Connection, desk: Desk) -> _Kept:
    rows = {}
    for name in GOES_ON:
        table = _table(name)
        there = {tuple(row) for row in given.execute(select(*table.primary_key).where(table.c.pack == desk.pack))}
        present = [row for some in rows_in(connection, table, desk.pack) for row in some]
        rows[name] = [row for row in present if tuple(row[key.name] for key in table.primary_key) not in there]
    officer, entry = _table(OFFICER), _table(AUDIT)
    gone = select(officer.c.id, officer.c.left_at).where(officer.c.pack == desk.pack, officer.c.left_at.is_not(None))
    left = {row.id: row.left_at for row in connection.execute(gone)}
    last = select(func.max(entry.c.number)).where(entry.c.pack == desk.pack)
    now, then = connection.execute(last).scalar(), given.execute(last).scalar()
    return _Kept(rows, left, audit=now is not None and now >= (then or 0))


def _go_on(connection: Connection, desk: Desk, kept: _Kept) -> None:
    for name, rows in kept.rows.items():
        if rows:
            connection.execute(insert(_table(name)), rows)
    for id, at in kept.left.items():
        officer = _table(OFFICER)
        gone = update(officer).where(officer.c.pack == desk.pack, officer.c.id == id)
        connection.execute(gone.values(left_at=at))


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]

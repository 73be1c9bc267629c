"""A backup while the service runs: one moment of the whole database, whatever is written meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from handoff.backup_file import BackupError, Manifest, close_file, copy_rows, write_page
from handoff.database import connect, head, revision, transaction, upgrade
from handoff.desk import Desk

# Who is signed in, links good for half an hour, counted tries: of no use later, and a way in for whoever finds them.
NOT_KEPT = frozenset({"officer_session", "join_link", "sign_in_try"})


def backup(engine: Engine, desk: Desk, path: Path) -> Manifest:
    """Write the council's rows as they are at one moment to the new file `path`. What is in it.

    Raises `BackupError`, and what the database raises while it is away; then there is no file.
    """
    if path.exists():
        raise BackupError(f"There is a file called {path} already. Choose another name.")
    at = revision(engine)
    if at is None or at != head():
        raise BackupError("The tables are not those of this version. Run 'askwell db upgrade' first.")
    part = path.with_name(f".{path.name}.part")
    try:
        _remove(part)
        part.touch(mode=0o600)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}.") from error
    try:
        file = connect(f"sqlite:///{part}")
        upgrade(file)
        with one_moment(engine) as source, transaction(file) as session:
            sums = copy_rows(source, session.connection(), desk.pack, NOT_KEPT)
        rows = {name: one.rows for name, one in sums.items()}
        manifest = Manifest(desk.pack, desk.now().isoformat(), at, rows, {name: one.text for name, one in sums.items()})
        write_page(file, manifest)
        file.dispose()
        close_file(part, path)
    finally:
        _remove(part)
    return manifest


@contextmanager
def one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is now, however long it reads. It holds up no writer."""
    postgres = engine.dialect.name == "postgresql"
    options = {"isolation_level": "REPEATABLE READ"} if postgres else {}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        if postgres:
            connection.execute(text("SET TRANSACTION READ ONLY"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        yield connection


def _remove(part: Path) -> None:
    for name in (part.name, f"{part.name}-wal", f"{part.name}-shm", f"{part.name}-journal"):
        part.with_name(name).unlink(missing_ok=True)

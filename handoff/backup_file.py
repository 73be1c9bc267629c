"""A backup is one file: a SQLite database with the council's rows, and a page that says what must be in it.

The same file comes from SQLite and from PostgreSQL, and goes back into either. The families' keys are not in it: what
is sealed stays sealed, and copies of the keys are kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, select
from sqlmodel import SQLModel

from handoff.database import transaction
from handoff.key_files import sync_folder

PAGE = "askwell_backup"
ROWS_AT_ONCE = 500


class BackupError(Exception):
    """The backup was not made or cannot be used. The message says what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: how many rows of each table, and a sum over their contents that any change alters."""

    pack: str
    made_at: str
    revision: str
    rows: dict[str, int]
    sums: dict[str, str]


@dataclass
class Sum:
    """A sum over rows that does not depend on their order: engines sort text differently."""

    rows: int = 0
    total: int = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Count one row in."""
        plain = json.dumps({name: _plain(value) for name, value in row.items()}, sort_keys=True)
        self.total = (self.total + int.from_bytes(hashlib.sha256(plain.encode()).digest())) % (1 << 256)
        self.rows += 1

    @property
    def text(self) -> str:
        return f"{self.total:064x}"


def tables() -> tuple[Table, ...]:
    """Every table, those that others point to first."""
    return tuple(SQLModel.metadata.sorted_tables)


def rows_in(connection: Connection, table: Table, pack: str) -> Iterator[list[dict[str, Any]]]:
    """The council's rows of `table`, some at a time."""
    wanted = select(table).where(table.c.pack == pack).execution_options(yield_per=ROWS_AT_ONCE)
    for some in connection.execute(wanted).mappings().partitions():
        yield [dict(row) for row in some]


def write_page(engine: Engine, manifest: Manifest) -> None:
    """Put the manifest into the file."""
    with transaction(engine) as session:
        connection = session.connection()
        connection.exec_driver_sql(f"CREATE TABLE {PAGE} (manifest TEXT NOT NULL)")
        connection.exec_driver_sql(f"INSERT INTO {PAGE} VALUES (?)", (json.dumps(asdict(manifest)),))  # noqa: S608


def close_file(part: Path, path: Path) -> None:
    """Make `part` one whole file on the disk, and give it its name. Raises `BackupError` when the name is taken."""
    with closing(sqlite3.connect(part, isolation_level=None)) as plain:
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        plain.execute("PRAGMA journal_mode=DELETE")
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        # A link fails where a file of this name has appeared meanwhile; a rename would overwrite it.
        os.link(part, path)
    except FileExistsError as error:
        raise BackupError(f"There is a file called {path} already. Choose another name.") from error
    part.unlink()
    sync_folder(path.parent)


def read_page(path: Path) -> Manifest:
    """What the backup says of itself, once the file is found whole. Raises `BackupError`."""
    broken = f"{path} is not a whole backup of Askwell. Use another one."
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as plain:
            whole = plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            linked = plain.execute("PRAGMA foreign_key_check").fetchall() == []
            page = plain.execute(f"SELECT manifest FROM {PAGE}").fetchone()  # noqa: S608
            if not (whole and linked):
                raise BackupError(broken)
            return Manifest(**json.loads(page[0]))
    except (sqlite3.Error, ValueError, TypeError) as error:
        raise BackupError(broken) from error


def sums_of(connection: Connection, pack: str) -> dict[str, Sum]:
    """The sums over the rows there are, by table."""
    sums = {table.name: Sum() for table in tables()}
    for table in tables():
        for some in rows_in(connection, table, pack):
            for row in some:
                sums[table.name].add(row)
    return sums


def copy_rows(source: Connection, target: Connection, pack: str, leave_out: frozenset[str]) -> dict[str, Sum]:
    """Write the council's rows from one database into another that has none; the sums over what was written."""
    sums = {table.name: Sum() for table in tables()}
    for table in tables():
        if table.name in leave_out:
            continue
        for some in rows_in(source, table, pack):
            target.execute(insert(table), some)
            for row in some:
                sums[table.name].add(row)
    return sums


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value.value if isinstance(value, Enum) else value

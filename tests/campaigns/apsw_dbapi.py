"""apsw behind Python's database interface (PEP 249), as far as SQLAlchemy's SQLite dialect asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from sqlite3 import (
    Binary,
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    ProgrammingError,
    Warning,  # noqa: A004  PEP 249 calls it so
)
from typing import Any

import apsw

__all__ = [
    "Binary",
    "DataError",
    "DatabaseError",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "Warning",
    "connect",
]
apilevel, paramstyle, threadsafety = "2.0", "qmark", 1
sqlite_version = apsw.sqlite_lib_version()
sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))


class Cursor:
    """A cursor whose rows are fetched at once."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self._rows: list[Any] = []

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Cursor:
        database = self.connection.database
        before = database.total_changes()
        try:
            cursor = database.cursor()
            cursor.exec_trace = self._describe
            cursor.execute(statement, tuple(parameters))
            self._rows = list(cursor)
        except apsw.ConstraintError as error:
            raise IntegrityError(str(error)) from error
        except apsw.Error as error:
            raise OperationalError(str(error)) from error
        self.rowcount = database.total_changes() - before
        self.lastrowid = database.last_insert_rowid()
        return self

    def _describe(self, cursor: apsw.Cursor, _statement: str, _bindings: Any) -> bool:
        # Asked before the first step: afterwards a statement without rows no longer says what its columns were.
        columns = cursor.get_description()
        self.description = tuple((column[0], None, None, None, None, None, None) for column in columns) or None
        return True

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> Cursor:
        count = sum(self.execute(statement, row).rowcount for row in rows)
        self.rowcount = count
        return self

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchmany(self, size: int = 1) -> list[Any]:
        taken, self._rows = self._rows[:size], self._rows[size:]
        return taken

    def fetchall(self) -> list[Any]:
        taken, self._rows = self._rows, []
        return taken

    def close(self) -> None:
        self._rows = []


class Connection:
    """A connection that begins nothing by itself: our own listener says BEGIN."""

    isolation_level = None

    def __init__(self, name: str, vfs: str, settings: Iterable[str]) -> None:
        self.database = apsw.Connection(name, vfs=vfs)
        for setting in settings:
            self.database.execute(f"PRAGMA {setting}").fetchall()

    def cursor(self) -> Cursor:
        return Cursor(self)

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> Cursor:
        return self.cursor().execute(statement, parameters)

    def create_function(self, name: str, arguments: int, function: Any, *, deterministic: bool = False) -> None:
        self.database.create_scalar_function(name, function, arguments, deterministic=deterministic)

    def commit(self) -> None:
        if self.database.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.database.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        self.database.close()


def connect(name: str, vfs: str, settings: Iterable[str]) -> Connection:
    """Open `name` on the file system `vfs`."""
    try:
        return Connection(name, vfs, settings)
    except apsw.Error as error:
        raise OperationalError(str(error)) from error

"""Taking deleted bytes off the disk: a row that is deleted stays in the file until it is written over.

The words are unreadable from the moment the key is gone; this removes the sealed bytes as well, as far as the engine
and the role allow (reliability.md section 0, finding 10). SQLite: VACUUM and then a checkpoint that truncates the
write-ahead log. PostgreSQL: VACUUM FULL, a checkpoint and a new segment; old segments of the write-ahead log are
reused by the server in its own time and hold sealed bytes until then.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel


@dataclass(frozen=True)
class Scrubbed:
    """Whether all of it was done; `left` names the steps that were not, as the engine calls them."""

    left: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """True when nothing is left to try again."""
        return not self.left


def scrub(engine: Engine) -> Scrubbed:
    """Remove what was deleted from the files. Waits a few seconds for readers; what could not be done is named."""
    return _scrub_sqlite(engine) if engine.dialect.name == "sqlite" else _scrub_postgresql(engine)


def _scrub_sqlite(engine: Engine) -> Scrubbed:
    # In the driver's own hands: neither statement may run inside a transaction.
    pooled = engine.raw_connection()
    try:
        driver: Any = pooled.driver_connection
        try:
            driver.execute("VACUUM")
        except sqlite3.OperationalError:
            return Scrubbed(("VACUUM", "wal_checkpoint"))
        (busy, _, _) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return Scrubbed(("wal_checkpoint",)) if busy else Scrubbed()
    finally:
        pooled.close()


def _scrub_postgresql(engine: Engine) -> Scrubbed:
    left = []
    tables = [f'VACUUM (FULL) "{table.name}"' for table in SQLModel.metadata.sorted_tables]
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("SET statement_timeout = 0"))
        for step in (*tables, "CHECKPOINT", "SELECT pg_switch_wal()"):
            try:
                connection.execute(text(step))
            except DBAPIError:
                # A role without the right, or a table somebody is reading: the next sweep tries again.
                left.append(step)
        connection.invalidate()
    return Scrubbed(tuple(left))

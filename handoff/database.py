"""One way to open the database and one way to write to it, the same on SQLite and PostgreSQL.

Settings are those of reliability.md section 10: what the engines do by default loses bookings in a power cut,
answers "database is locked" to a tenth of its writers, or leaves what was deleted in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import Session

if TYPE_CHECKING:
    from alembic.config import Config

BUSY_MS = 10_000
POSTGRES = (
    r"-c synchronous_commit=on -c default_transaction_isolation=read\ committed -c lock_timeout=3s "
    "-c statement_timeout=10s -c idle_in_transaction_session_timeout=30s -c timezone=UTC"
)
SQLITE = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={BUSY_MS}",
    "foreign_keys=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
)
LAST, AFTER = "before_commit", "after_commit"
MIGRATIONS = Path(__file__).parent / "migrations"
# What both engines say when two writers met: a row gone that ours points to, unique, exclusion, deadlock,
# serialisation; lock timeout and "locked".
CLASHES = frozenset({"23503", "23505", "23P01", "40P01", "40001", "55P03"})

# What is raised while the database is stopped, locked, full or read-only. It may be back in a moment: try again.
UNAVAILABLE = (OperationalError, InterfaceError, InternalError, PoolTimeoutError, OSError)


class DatabaseError(Exception):
    """The database cannot be opened or brought up to date. The message says what to do."""


def connect(url: str) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://…`. Raises `DatabaseError` for any other address."""
    try:
        parsed = make_url(url)
    except Exception as error:
        raise DatabaseError(
            "DATABASE_URL cannot be read. Write sqlite:///file.db or postgresql://user@host/name."
        ) from error
    kind = parsed.drivername.split("+")[0]
    if kind == "sqlite":
        engine = create_engine(
            parsed,
            pool_size=8,
            max_overflow=40,
            # What a statement was given must not stand in the text of its exception.
            hide_parameters=True,
            connect_args={"timeout": BUSY_MS / 1000},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if kind in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
        return create_engine(
            parsed,
            pool_size=8,
            max_overflow=24,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"options": POSTGRES, "connect_timeout": 5},
        )
    raise DatabaseError(f"Askwell keeps its records in SQLite or PostgreSQL, not in '{kind}'.")


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session that writes: all of it is committed, or none. On SQLite it waits its turn before it reads anything."""
    with Session(engine.execution_options(writes=True), expire_on_commit=False) as session:
        last: list[Callable[[], None]] = []
        after: list[Callable[[], None]] = []
        session.info.update({LAST: last, AFTER: after})
        with session.begin():
            yield session
            for act in last:
                act()
        for act in after:
            act()


def before_commit(session: Session, act: Callable[[], None]) -> None:
    """Have `act` run as the last thing before this transaction commits; not when it is rolled back.

    Raises `RuntimeError` for a session that was not opened by `transaction`: what only looks commits nothing.
    """
    _queue(session, LAST).append(act)


def after_commit(session: Session, act: Callable[[], None]) -> None:
    """Have `act` run once this transaction is safely on the disk. Raises `RuntimeError` as `before_commit` does."""
    _queue(session, AFTER).append(act)


def _queue(session: Session, name: str) -> list[Callable[[], None]]:
    queue: list[Callable[[], None]] | None = session.info.get(name)
    if queue is None:
        raise RuntimeError("This act writes: call it inside handoff.database.transaction(engine).")
    return queue


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only looks."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the tables to revision `to`. Safe to run again."""
    from alembic import command  # noqa: PLC0415  most starts find the tables as they must be

    command.upgrade(configuration(engine), to)


def downgrade(engine: Engine, to: str) -> None:
    """Take the tables back to revision `to` (`base` for none)."""
    from alembic import command  # noqa: PLC0415

    command.downgrade(configuration(engine), to)


def revision(engine: Engine) -> str | None:
    """The revision the tables are at; none while there are none."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def head() -> str:
    """The newest revision there is: the migrations are numbered, and one follows the other."""
    return max(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def clashed(error: DBAPIError) -> bool:
    """True when another writer was first, or held the row too long: the caller may try again or say "taken"."""
    said = str(error.orig)
    words = ("UNIQUE constraint", "FOREIGN KEY constraint", "is locked")
    return getattr(error.orig, "sqlstate", None) in CLASHES or any(word in said for word in words)


def rows_changed(result: Any) -> int:
    """How many rows a conditional update touched: nought means that someone else was first."""
    return int(result.rowcount)


def configuration(engine: Engine) -> Config:
    """Alembic's configuration, without a file: the scripts travel in the package."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions start late and break savepoints: ours are begun by `_begin_sqlite`.
    connection.isolation_level = None
    for setting in SQLITE:
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

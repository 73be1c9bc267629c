"""A small office for tests of what must survive: a clock that stands still, ids that count, databases made fresh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from sqlalchemy import text

from handoff.database import connect

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
_names = count()


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    at: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass
class Counter:
    """Ids that count, so that a failing test reads the same twice."""

    numbers: Iterator[int] = field(default_factory=count)

    def __call__(self) -> str:
        return f"id{next(self.numbers):08d}"


def fresh_postgres(server: str) -> Iterator[str]:
    """A database made from the template, dropped afterwards."""
    name = f"askwell_{next(_names)}"
    admin = connect(server).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE askwell_template"))
    try:
        yield named(server, name)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


def named(url: str, database: str) -> str:
    """The address of another database on the same server."""
    before, _, query = url.partition("?")
    return f"{before.rsplit('/', 1)[0]}/{database}?{query}"

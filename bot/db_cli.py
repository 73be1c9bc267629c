"""`askwell db`: the tables of the database."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from alembic.util import CommandError
from sqlalchemy import Engine

from bot.records import open_database
from bot.settings import Settings
from bot.terminal import said, stop
from handoff import database

db = typer.Typer(help="The tables of the database that DATABASE_URL names.", no_args_is_help=True)


@contextmanager
def _database() -> Iterator[Engine]:
    engine = None
    try:
        engine = open_database(Settings())
        yield engine
    except database.DatabaseError as error:
        stop(str(error), code=1)
    except CommandError:
        stop("There is no such revision. 'askwell db current' names the one the database is at.")
    except database.UNAVAILABLE:
        stop("The database cannot be reached. Check that it runs and that DATABASE_URL names it.", code=1)
    finally:
        if engine is not None:
            engine.dispose()


@db.command()
def upgrade(to: Annotated[str, typer.Argument(help="A revision.")] = "head") -> None:
    """Bring the tables up to date. Safe to run again."""
    with _database() as engine:
        database.upgrade(engine, to)
        said.print(f"The tables are at revision {database.revision(engine) or 'none'}.")


@db.command()
def downgrade(to: Annotated[str, typer.Argument(help="A revision, or base to remove every table.")]) -> None:
    """Take the tables back to an earlier revision. What later revisions added is lost: make a backup first."""
    with _database() as engine:
        database.downgrade(engine, to)
        said.print(f"The tables are at revision {database.revision(engine) or 'none'}.")


@db.command()
def current() -> None:
    """Print the revision the database is at, and whether that is the newest."""
    with _database() as engine:
        at, newest = database.revision(engine), database.head()
        sys.stdout.write(f"{at or 'none'}\n")
        said.print("Up to date." if at == newest else f"The newest is {newest}: run 'askwell db upgrade'.")

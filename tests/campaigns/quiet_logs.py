"""P2: hostile messages with canaries through the web door, the front desk and the outbox, with logging at DEBUG; then
every log, the metrics, stderr and PostgreSQL's own log are searched for a canary.

    python -m tests.campaigns.quiet_logs --full     10,000 messages, half on each engine

Controls: the same with redaction off, and (PostgreSQL) with every statement logged. Both must be found.
The short form and the control run in `tests/bot/test_quiet_logs.py`.
"""

from __future__ import annotations

import asyncio
import io
import logging
import random
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

import structlog
from databases import desk_at
from fastapi.testclient import TestClient
from little_council import little_engine, write_pack
from post_office import Remembering
from prometheus_client import generate_latest
from small_office import Clock
from sqlalchemy import Engine, text
from web_house import app_for

from bot import courier
from bot.assistant import Assistant
from bot.front_desk import FrontDesk
from bot.logs import configure
from bot.messages import Arrived, Incoming
from bot.metrics import REGISTRY
from campaigns.engines import fresh_engine
from handoff.database import transaction
from handoff.desk import Desk
from handoff.models import SafeContact
from handoff.outbox import Letter, put
from handoff.people import address_for
from handoff.spool import Spool
from knowledge.pack import load_pack

CANARY = "Zyxquill"
SHAPES = (
    "my son {c} Okonkwo of 12 {c} Road, tel 07700 900123, {c}@example.org",
    "'; DROP TABLE person; -- {c}",
    "%s %d {{}} {c} %(name)s",
    "\x1b[31m{c}\x1b[0m \r\n{c}: fake log line",
    '{{"event": "{c}", "level": "info"}}',
    "{c} \u202e\U000e0041 \ufeff",
    "<script>{c}</script>",
    "how old for holiday club, asks {c}",
    "he hit me, I am {c} and scared",
    "{c} " * 300,
)
QUIET = ("log_min_error_statement=panic", "log_parameter_max_length_on_error=0", "log_error_verbosity=terse")


@contextmanager
def everything_logged(*, redact: bool) -> Iterator[io.StringIO]:
    """All that this process writes to a log or to stderr while the block runs. Its own hooks are put back after."""
    root, stream = logging.getLogger(), io.StringIO()
    kept = (root.handlers, root.level, sys.excepthook, threading.excepthook, sys.unraisablehook)
    raises = logging.raiseExceptions
    try:
        with redirect_stderr(stream):
            configure("debug", redact=redact, stream=stream)
            yield stream
    finally:
        root.handlers, root.level, sys.excepthook, threading.excepthook, sys.unraisablehook = kept
        logging.raiseExceptions = raises
        logging.captureWarnings(False)
        structlog.reset_defaults()


def run(engine: Engine, folder: Path, messages: int, *, redact: bool = True, seed: int = 3) -> str:
    """Send the messages every way there is, with faults on the way; all that was written about it."""
    chance = random.Random(seed)
    desk = desk_at(folder, Clock())
    assistant = Assistant(little_engine(load_pack(write_pack(folder / "littleham"))))
    with everything_logged(redact=redact) as stream:
        front = FrontDesk(engine, desk, assistant, Spool(folder / "spool", folder / "keys"), sleep=lambda _: None)
        app = app_for(assistant, folder / "web")
        # A fault nobody foresaw raises with the words in it, as libraries do.
        with TestClient(app, raise_server_exceptions=False) as client:
            for number in range(messages):
                words = f"{chance.choice(SHAPES).format(c=CANARY)} {number}"
                _say(front, desk, client, words, number)
        front.close()
        asyncio.run(_lose_a_task())
        metrics = generate_latest(REGISTRY).decode()
    return stream.getvalue() + metrics


def _say(front: FrontDesk, desk: Desk, client: TestClient, words: str, number: int) -> None:
    """One message at each door, a letter with it, and one of the ways in which things fail."""
    arrived = Arrived("web", f"{CANARY}{number % 20}", f"{CANARY}-{number}", Incoming(words))
    front.reply(arrived)
    client.post("/api/ask", json={"question": words, CANARY: words})
    client.get(f"/{CANARY}?q={CANARY}", headers={"User-Agent": CANARY, "Cookie": f"s={CANARY}"})
    _letter(front.office.engine, desk, words, number)
    sender = Remembering(fails=lambda parcel: ValueError(parcel.text) if number % 2 else None)
    asyncio.run(courier.deliver_due(front.office.engine, desk, {"email": sender}))
    log = structlog.get_logger(room="campaign")
    log.info("told", text=words, channel=words, person=CANARY)
    logging.getLogger("a.library").warning("working on %s", words, exc_info=ValueError(words))
    if number % 5 == 0:
        _statement_fails(front.office.engine, words, log)


def _letter(engine: Engine, desk: Desk, words: str, number: int) -> None:
    with transaction(engine) as session:
        door = address_for(session, desk, "email", f"{CANARY}{number % 20}@example.org")
        door.safe = SafeContact.FULL
        session.add(door)
        put(
            session,
            desk,
            Letter(f"k{number}", door.person_id, "email", door.id, None, f"l{number}", "reply", words, words, "n"),
        )


def _statement_fails(engine: Engine, words: str, log: structlog.BoundLogger) -> None:
    clean = words.replace("\x00", "")
    try:
        with engine.connect() as connection:
            # Words in a statement's values: a server that logs every statement writes them down.
            connection.execute(text("SELECT CAST(:words AS TEXT)"), {"words": clean})
            connection.execute(text("INSERT INTO nothing_here VALUES (:words)"), {"words": clean})
    except Exception:
        log.exception("statement_failed")


async def _lose_a_task() -> None:
    asyncio.get_running_loop().call_exception_handler({"message": CANARY, "exception": ValueError(CANARY)})


def quiet(engine: Engine) -> None:
    """PostgreSQL's log as reliability.md section 10 has it."""
    _set(engine, *QUIET)


def talkative(engine: Engine) -> None:
    """PostgreSQL's log for the control: every statement with what it was given."""
    _set(engine, "log_statement=all", "log_min_error_statement=error", "log_parameter_max_length_on_error=-1")


def _set(engine: Engine, *settings: str) -> None:
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for setting in settings:
            name, value = setting.split("=")
            connection.execute(text(f"ALTER SYSTEM SET {name} = '{value}'"))
        connection.execute(text("SELECT pg_reload_conf()"))


def server_log(folder: Path) -> str:
    """What the PostgreSQL server in `folder` has written to its log."""
    return "".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in folder.rglob("*")
        if path.is_file() and path.name == "log"
    )


def main(full: bool) -> int:
    """Run it on both engines, then the controls, and print what came of it."""
    messages, bad = (5000 if full else 50), 0
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as place, fresh_engine(kind, Path(place) / "data") as engine:
            if kind == "postgresql":
                quiet(engine)
            written = run(engine, Path(place), messages)
            own = server_log(Path(place) / "data")
            found = written.count(CANARY) + own.count(CANARY)
            print(f"{kind}: {messages} messages, {len(written) + len(own)} characters of log, {found} canaries")
            bad += found
    with tempfile.TemporaryDirectory() as place, fresh_engine("postgresql", Path(place) / "data") as engine:
        talkative(engine)
        aloud = run(engine, Path(place), 20, redact=False).count(CANARY)
        own = server_log(Path(place) / "data").count(CANARY)
        print(f"controls, 20 messages: redaction off {aloud} canaries, every statement in PostgreSQL's log {own}")
    return 1 if bad or not aloud or not own else 0


if __name__ == "__main__":
    sys.exit(main("--full" in sys.argv))

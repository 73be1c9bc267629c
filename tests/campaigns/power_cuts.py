"""R4: the power goes at any point of any act, and all that was not synced is gone. What was acknowledged is there.

PYTHONPATH=tests python -m campaigns.power_cuts --cuts 2000
PYTHONPATH=tests python -m campaigns.power_cuts --cuts 100 --synchronous NORMAL    # the control: loses

The real acts run through SQLAlchemy over apsw, whose virtual file system here keeps unsynced bytes only in memory
(reliability.md appendix A). The worst case: the kernel wrote nothing back by itself. Keys and spool are real files.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import apsw
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool

from campaigns import apsw_dbapi, surgery_day
from campaigns.commands import Command, Ledger
from campaigns.office_day import day, day_desk, day_front, kept, perform, stub_assistant
from handoff.database import _begin_sqlite, connect, upgrade

NAME = str(Path(tempfile.mkdtemp()) / "cut.db")
# A batch begins with fresh tables, so that a cut costs the same at the end as at the start.
CUTS_A_BATCH = 40
MOST_OPERATIONS = 900


class PowerCutError(Exception):
    """The power is off: no file can be read or written any more."""


class Disk:
    """What survives (`synced`) and what does not (`live`). The power goes when `left` operations are done."""

    def __init__(self) -> None:
        self.synced: dict[str, bytes] = {}
        self.live: dict[str, bytearray] = {}
        self.left = -1
        self.off = self.gone = False

    def step(self) -> None:
        if self.left == 0:
            self.off = True
        if self.off:
            raise PowerCutError
        self.left -= self.left > 0

    def restart(self, left: int) -> None:
        self.live.clear()
        self.off, self.gone, self.left = False, False, left

    def let_go(self) -> None:
        """Let the dead process close its files: nothing of that reaches the disk."""
        self.off, self.gone, self.left = False, True, -1

    def sync(self, name: str) -> None:
        if not self.gone:
            self.synced[name] = bytes(self.live[name])


DISK = Disk()


class CutFile(apsw.VFSFile):
    """A file of the disk above. The empty real file beneath it is only for its locks."""

    def __init__(self, name: object, flags: list[int]) -> None:
        self.name = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        super().__init__("", name, flags)  # type: ignore[arg-type]
        DISK.live.setdefault(self.name, bytearray(DISK.synced.get(self.name, b"")))

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        return bytes(DISK.live[self.name][offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        DISK.step()
        body = DISK.live[self.name]
        body.extend(b"\0" * max(0, offset + len(data) - len(body)))
        body[offset : offset + len(data)] = data

    def xTruncate(self, size: int) -> None:  # noqa: N802
        DISK.step()
        del DISK.live[self.name][size:]

    def xFileSize(self) -> int:  # noqa: N802
        return len(DISK.live[self.name])

    def xSync(self, flags: int) -> None:  # noqa: N802
        DISK.step()
        DISK.sync(self.name)


class CutVFS(apsw.VFS):
    """A file system made of the disk above."""

    def __init__(self) -> None:
        super().__init__("cut", "")

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name

    def xOpen(self, name: object, flags: list[int]) -> CutFile:  # noqa: N802
        return CutFile(name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
        DISK.live.pop(name, None)
        if not DISK.gone:
            DISK.synced.pop(name, None)

    def xAccess(self, name: str, flags: int) -> bool:  # noqa: N802
        return name in DISK.live or name in DISK.synced


@dataclass
class Result:
    """How many cuts there were, how many of them lost or doubled something, and how many acts were acknowledged."""

    cuts: int = 0
    bad: int = 0
    acknowledged: int = 0
    first: str = ""


def engine_on_the_disk(synchronous: str) -> Engine:
    """The product's own settings but for the shared memory, which one connection does without."""
    settings = ("locking_mode=EXCLUSIVE", "journal_mode=WAL", f"synchronous={synchronous}", "foreign_keys=ON")
    engine = create_engine(
        "sqlite://", module=apsw_dbapi, poolclass=StaticPool, creator=lambda: apsw_dbapi.connect(NAME, "cut", settings)
    )
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def tables(folder: Path) -> bytes:
    """A database with every table, as the bytes of its file."""
    file = folder / "template.db"
    engine = connect(f"sqlite:///{file}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file.read_bytes()


def run(cuts: int, folder: Path, seed: int = 1, synchronous: str = "FULL") -> Result:
    """Cut the power `cuts` times."""
    vfs = CutVFS()
    rng, result, template = random.Random(seed), Result(), tables(folder)
    while result.cuts < cuts:
        batch = folder / f"batch{result.cuts}"
        _batch(min(CUTS_A_BATCH, cuts - result.cuts), batch, template, rng, result, synchronous)
        print(f"{result.cuts} cuts, {result.acknowledged} acknowledged, {result.bad} bad", file=sys.stderr, flush=True)
    del vfs
    return result


def _batch(cuts: int, folder: Path, template: bytes, rng: random.Random, result: Result, synchronous: str) -> None:
    ledger, commands, waiting = _fresh(folder, template, rng)
    for number in range(cuts):
        DISK.restart(rng.randrange(1, MOST_OPERATIONS))
        engine = engine_on_the_disk(synchronous)
        # A lease that a dead worker held has run out by the time the power is back.
        front = day_front(engine, day_desk(folder / "keys", ahead=40.0 * number), folder)
        try:
            while True:
                ledger.open.add(waiting)
                told = perform(front, waiting, waiting.key)
                if told in ("not_kept", "answer_follows", "kept_no_answer_yet"):
                    raise PowerCutError
                ledger.open.discard(waiting)
                ledger.done[waiting] = told
                result.acknowledged += 1
                waiting = commands.send(told)
        except Exception:
            # Whatever an act says when its disk is gone, it was not acknowledged, and is sent again below.
            if not DISK.off:
                raise
        front.close()
        DISK.let_go()
        engine.dispose()
        DISK.restart(-1)
        found = _after_restart(folder, ledger)
        result.cuts += 1
        if found:
            result.bad += 1
            result.first = result.first or found[0]
            # What is lost once would be counted again at each later cut.
            ledger, commands, waiting = _fresh(folder, template, rng)


def _fresh(folder: Path, template: bytes, rng: random.Random) -> tuple[Ledger, Generator[Command, str], Command]:
    """Empty records but for the surgeries to book in, nothing told yet, and the first command of a day."""
    DISK.synced = {NAME: template}
    DISK.restart(-1)
    engine = engine_on_the_disk("FULL")
    surgery_day.open_sessions(engine, day_desk(folder / "keys"))
    engine.dispose()
    commands = day(rng, 3)
    return Ledger(), commands, next(commands)


def _after_restart(folder: Path, ledger: Ledger) -> list[str]:
    engine = engine_on_the_disk("FULL")
    desk = day_desk(folder / "keys")
    front = day_front(engine, desk, folder)
    # What somebody at risk wrote may wait in the spool: the sweep takes it up when the power is back.
    front.sweep()
    front.close()
    found = kept(engine, desk, ledger)
    engine.dispose()
    return found


def main() -> None:
    """Print how many of the cuts lost something; end with 1 when any did."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cuts", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--synchronous", default="FULL")
    given = parser.parse_args()
    stub_assistant()
    with tempfile.TemporaryDirectory() as folder:
        result = run(given.cuts, Path(folder), given.seed, given.synchronous)
    print(
        f"R4 synchronous={given.synchronous}: {result.cuts} power cuts, {result.acknowledged} acts acknowledged, "
        f"{result.bad} cuts that lost, doubled or damaged something. {result.first}"
    )
    sys.exit(result.bad > 0)


if __name__ == "__main__":
    main()

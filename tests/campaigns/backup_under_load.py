"""R10: backups taken while the office works open, pass every invariant and hold all that was acknowledged before.

    python -m tests.campaigns.backup_under_load --full     100 backups on each engine (or on the one named), restored and looked through

Control: the database file copied as a file under the same load. It must fail, or the figure says nothing.
The short form and the control run in `tests/handoff/test_backup_campaign.py`.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from databases import desk_at
from small_office import Clock
from sqlalchemy import Engine

from campaigns.engines import KINDS, fresh_engine
from campaigns.invariants import faults
from campaigns.office_load import Office, at_work
from handoff.backup import backup
from handoff.database import connect, upgrade
from handoff.desk import Desk, new_id
from handoff.restore import restore


@dataclass
class Outcome:
    """What came of the backups: the faults found in them, and the longest time one took to make and to restore."""

    backups: int = 0
    rows: int = 0
    faults: int = 0
    made_seconds: float = 0.0
    restored_seconds: float = 0.0


def backups(engine: Engine, desk: Desk, folder: Path, count: int) -> Outcome:
    """Take `count` backups while the office works; restore each into a new database and look through it."""
    office, outcome = Office(engine, desk), Outcome()
    told: list[int] = []
    with at_work(office):
        while len(office.acknowledged) < 20:
            time.sleep(0.05)
        for number in range(count):
            told.append(len(office.acknowledged))
            begun = time.monotonic()
            outcome.rows += sum(backup(engine, desk, folder / f"{number}.backup").rows.values())
            outcome.made_seconds = max(outcome.made_seconds, time.monotonic() - begun)
    empty = folder / "empty.db"
    made = connect(f"sqlite:///{empty}")
    upgrade(made)
    made.dispose()
    for number, before in enumerate(told):
        fresh = folder / "restored.db"
        shutil.copy(empty, fresh)
        restored = connect(f"sqlite:///{fresh}")
        begun = time.monotonic()
        # The audit's head and start belong to the machine that still runs: the copy has its own.
        there = replace(desk, vault=replace(desk.vault, folder=_keys_of_a_copy(desk, folder)))
        restore(restored, there, folder / f"{number}.backup", by="operator")
        outcome.restored_seconds = max(outcome.restored_seconds, time.monotonic() - begun)
        found = faults(restored, there, office.acknowledged[:before])
        outcome.faults += bool(found)
        print("\n".join(found[:3])) if found else None
        restored.dispose()
        _remove(fresh)
        outcome.backups += 1
    assert outcome.rows and not faults(engine, desk, office.acknowledged), "the load itself broke the records"
    return outcome


def plain_copies(engine: Engine, desk: Desk, folder: Path, count: int) -> Outcome:
    """The control: the same, with the SQLite file copied as files are. What fails is counted."""
    office, outcome = Office(engine, desk), Outcome()
    source = Path(str(engine.url.database))
    with at_work(office):
        while len(office.acknowledged) < 20:
            time.sleep(0.05)
        for number in range(count):
            before = len(office.acknowledged)
            copy = folder / f"copy{number}.db"
            shutil.copy(source, copy)
            outcome.backups += 1
            outcome.faults += bool(_faults_of_copy(copy, desk, office.acknowledged[:before]))
    return outcome


def _faults_of_copy(copy: Path, desk: Desk, acknowledged: list) -> list[str]:  # type: ignore[type-arg]
    try:
        with closing(sqlite3.connect(copy)) as plain:
            plain.execute("SELECT COUNT(*) FROM person").fetchone()
    except sqlite3.Error as error:
        return [type(error).__name__]
    engine = connect(f"sqlite:///{copy}")
    try:
        return faults(engine, desk, acknowledged)
    finally:
        engine.dispose()


def _keys_of_a_copy(desk: Desk, folder: Path) -> Path:
    keys = folder / "keys-of-the-copy"
    shutil.rmtree(keys, ignore_errors=True)
    shutil.copytree(desk.vault.folder, keys)
    return keys


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def office_desk(folder: Path) -> Desk:
    """A desk with keys in `folder` and ids nobody can guess: many threads draw them."""
    return replace(desk_at(folder, Clock()), new_id=new_id)


def main(full: bool, kinds: Sequence[str] = KINDS) -> int:
    """Run it on both engines, then the control, and print what came of it."""
    count, bad = (100 if full else 5), 0
    for kind in kinds:
        with tempfile.TemporaryDirectory() as place, fresh_engine(kind, Path(place) / "data") as engine:
            done = backups(engine, office_desk(Path(place)), Path(place), count)
            print(
                f"{kind}: {done.backups - done.faults} of {done.backups} backups under load pass every invariant; "
                f"{done.rows} rows; slowest made in {done.made_seconds:.1f} s, restored in {done.restored_seconds:.1f} s"
            )
            bad += done.faults
    with tempfile.TemporaryDirectory() as place, fresh_engine("sqlite", Path(place) / "data") as engine:
        control = plain_copies(engine, office_desk(Path(place)), Path(place), count)
        print(f"control, files copied under load: {control.faults} of {control.backups} fail")
    return 1 if bad or not control.faults else 0


if __name__ == "__main__":
    sys.exit(main("--full" in sys.argv, [kind for kind in KINDS if kind in sys.argv] or KINDS))

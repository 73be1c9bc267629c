"""P1: fifty families with forty canaries each are erased; then every byte on the disk is looked at.

    python -m tests.campaigns.erasure_traces --full     both engines, 50 families erased, 10 that must stay as they were

A short form (5 and 2) runs in `tests/handoff/test_erasure_traces.py`. Three things are looked for, in the database,
its log and write-ahead log, the keys, the application's log, the index, temporary files, exports and backups:

- the canaries themselves, in UTF-8, UTF-16, base64 and JSON escapes;
- the families' keys: without them no copy of a sealed word can be read, wherever it lies;
- the sealed bytes: which of them are still there, and whether a key that is left opens them.

Controls: rows deleted with the key left alone can be read from the files; and in a table that is not sealed the words
themselves are found after DELETE.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel
from whole_family import Family, write_family

from campaigns.byte_search import of_bytes, of_words, search
from campaigns.engines import fresh_engine
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.erasure import erase
from handoff.export import NobodyError, as_file, export_person
from handoff.models import Address
from handoff.personal import about, rows_of, sealed_columns, tables_of_people, theirs
from handoff.scrub import scrub
from handoff.vault import ErasedError, Vault

SEALED_HEAD = 24
TIMES = 6
# PostgreSQL reuses these in its own time; what lies in them is sealed.
WAL = "pg_wal"


@dataclass
class Sealed:
    """One sealed word: the bytes on the disk, and what opens them."""

    blob: bytes
    person_id: str
    place: str


@dataclass
class LookedFor:
    """Whose words, which keys and which sealed bytes are looked for."""

    families: list[Family]
    keys: list[tuple[str, bytes]]
    sealed: list[Sealed]


@dataclass
class Report:
    """What was found, by step. Every `*_hits` of the last step is nought, or the erasure has left a trace."""

    families: int
    canaries: int
    figures: dict[str, int] = field(default_factory=dict)
    where: dict[str, list[str]] = field(default_factory=dict)
    others_changed: list[str] = field(default_factory=list)
    seconds: float = 0.0


def run(engine: Engine, place: Path, families: int = 50, others: int = 10) -> Report:
    """Write the families, erase all but `others`, scrub, and look at every byte under `place`."""
    desk = Desk(pack="littleham", vault=Vault(place / "keys"))
    erased = [_live(engine, desk, f"gone{number:03d}") for number in range(families)]
    staying = [_live(engine, desk, f"stay{number:03d}") for number in range(others)]
    looked_for = LookedFor(
        erased, _keys(desk, erased), [one for family in erased for one in _sealed(engine, desk, family)]
    )
    report = Report(families, sum(len(family.words) for family in erased))
    before = [_rows(engine, desk, family) for family in staying]
    _back_up(engine, place / "backups" / "before")
    _look(engine, report, "before", place, looked_for, desk)
    begun = time.monotonic()
    for family in erased:
        with transaction(engine) as session:
            erase(session, desk, family.person_id)
    report.figures["scrub_left"] = len(scrub(engine).left)
    report.seconds = time.monotonic() - begun
    _export(engine, desk, place, erased + staying)
    _back_up(engine, place / "backups" / "after")
    after = [_rows(engine, desk, family) for family in staying]
    report.others_changed = [one.person_id for one, was, now in zip(staying, before, after, strict=True) if was != now]
    _look(engine, report, "after", place, looked_for, desk)
    return report


def control_delete_only(engine: Engine, place: Path, families: int = 5) -> Report:
    """Rows deleted and nothing else: whoever has the files and the keys reads the words from them."""
    desk = Desk(pack="littleham", vault=Vault(place / "keys"))
    erased = [_live(engine, desk, f"only{number:03d}") for number in range(families)]
    looked_for = LookedFor(erased, [], [one for family in erased for one in _sealed(engine, desk, family)])
    report = Report(families, sum(len(family.words) for family in erased))
    for family in erased:
        with transaction(engine) as session:
            for table in tables_of_people():
                session.execute(delete(table).where(theirs(table, desk.pack, family.person_id)))
    _look(engine, report, "after", place, looked_for, desk)
    return report


def control_unsealed(engine: Engine, place: Path, rows: int = 200) -> dict[str, int]:
    """Words in a table that is not sealed, deleted: how many are found in the files (finding 10), by place."""
    words = [f"canary-unsealed-{number:04d}-kestrel" for number in range(rows)]
    pooled = engine.raw_connection()
    driver: Any = pooled.driver_connection
    if engine.dialect.name == "sqlite":
        driver.execute("PRAGMA secure_delete=OFF")
    else:
        driver.autocommit = True
    driver.execute("CREATE TABLE diary (words TEXT UNIQUE)")
    for word in words:
        driver.execute(f"INSERT INTO diary VALUES ('{word}')")
    with suppress(sqlite3.IntegrityError, psycopg.errors.UniqueViolation):
        driver.execute(f"INSERT INTO diary VALUES ('{words[0]}')")
    driver.execute("DELETE FROM diary WHERE words IS NOT NULL")
    driver.execute("PRAGMA wal_checkpoint" if engine.dialect.name == "sqlite" else "CHECKPOINT")
    found = search(place / "database", of_words(words), any_case=True)
    pooled.invalidate()
    kinds: dict[str, set[str]] = {"table": set(), "write_ahead_log": set(), "server_log": set()}
    for file, hits in found.items():
        kind = "server_log" if file.endswith("/log") else "table"
        kinds["write_ahead_log" if WAL in file or file.endswith("-wal") else kind] |= hits
    return {kind: len(hits) for kind, hits in kinds.items()}


def _live(engine: Engine, desk: Desk, name: str) -> Family:
    """A family in every table, an export of theirs, and an error that made the server's log speak of their row."""
    with transaction(engine) as session:
        family = write_family(session, desk, name, times=TIMES)
    logging.getLogger("askwell").info("family written %s", family.person_id)
    again = select(Address.__table__).where(Address.id == family.rows["address"])  # type: ignore[attr-defined]
    with reading(engine) as session:
        row = dict(session.execute(again).one()._mapping)
    try:
        with transaction(engine) as session:
            session.execute(insert(SQLModel.metadata.tables["address"]).values(**row))
    except IntegrityError:
        logging.getLogger("askwell").exception("twice")
    return family


def _sealed(engine: Engine, desk: Desk, family: Family) -> Iterator[Sealed]:
    with reading(engine) as session:
        for table in tables_of_people():
            for row in rows_of(session, desk, table, family.person_id):
                for name in sealed_columns(table):
                    yield Sealed(row._mapping[name], family.person_id, about(table, name))


def _rows(engine: Engine, desk: Desk, family: Family) -> dict[str, list[tuple[object, ...]]]:
    with reading(engine) as session:
        return {
            table.name: [tuple(row) for row in rows_of(session, desk, table, family.person_id)]
            for table in tables_of_people()
        }


def _look(engine: Engine, report: Report, step: str, place: Path, looked_for: LookedFor, desk: Desk) -> None:
    _to_disk(engine)
    words = [word for family in looked_for.families for word in family.words]
    canaries = search(place, of_words(words), any_case=True)
    keys = search(place, of_bytes(looked_for.keys), any_case=False)
    heads = {one.blob[:SEALED_HEAD].hex(): one for one in looked_for.sealed}
    lying = search(place, of_bytes((name, bytes.fromhex(name)) for name in heads), any_case=False)
    live = {file: hits for file, hits in lying.items() if not file.startswith("backups/before") and WAL not in file}
    everywhere = _all_of(lying)
    report.figures[f"{step}_canary_hits"] = len(_all_of(canaries))
    report.figures[f"{step}_key_hits"] = len(_all_of(keys))
    report.figures[f"{step}_sealed_hits"] = len(_all_of(live))
    report.figures[f"{step}_sealed_only_in_old_copies"] = len(everywhere) - len(_all_of(live))
    report.figures[f"{step}_readable"] = sum(_opens(desk, heads[name]) for name in everywhere)
    report.where[step] = sorted({*canaries, *keys, *live})


def _to_disk(engine: Engine) -> None:
    """What a server still has in memory is written to its files, so that they can be searched."""
    if engine.dialect.name == "postgresql":
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql("CHECKPOINT")


def _all_of(found: dict[str, set[str]]) -> set[str]:
    return {hit for hits in found.values() for hit in hits}


def _keys(desk: Desk, families: list[Family]) -> list[tuple[str, bytes]]:
    folder = desk.vault.folder / "people"
    return [(one.person_id, (folder / one.person_id[:2] / one.person_id).read_bytes()) for one in families]


def _opens(desk: Desk, one: Sealed) -> bool:
    try:
        desk.open(one.person_id, one.blob, one.place)
    except ErasedError:
        return False
    return True


def _export(engine: Engine, desk: Desk, place: Path, families: list[Family]) -> None:
    (place / "exports").mkdir(exist_ok=True)
    with reading(engine) as session:
        for family in families:
            with suppress(NobodyError):
                copy = as_file(export_person(session, desk, family.person_id, notes=True))
                (place / "exports" / f"{family.person_id}.json").write_text(copy, encoding="utf-8")


def _back_up(engine: Engine, folder: Path) -> None:
    """The whole database as another file, by the engine's own means."""
    folder.mkdir(parents=True)
    if engine.dialect.name == "sqlite":
        pooled = engine.raw_connection()
        pooled.driver_connection.execute("VACUUM INTO ?", (str(folder / "askwell.db"),))  # type: ignore[union-attr]
        pooled.close()
        return
    pooled = engine.raw_connection()
    driver: Any = pooled.driver_connection
    for table in SQLModel.metadata.sorted_tables:
        copied = driver.cursor().copy(f'COPY "{table.name}" TO STDOUT (FORMAT BINARY)')
        with (folder / f"{table.name}.copy").open("wb") as file, copied as rows:
            for part in rows:
                file.write(part)
    pooled.close()


@contextmanager
def watched(kind: str, place: Path) -> Iterator[Engine]:
    """An engine of this kind, all of it under `place`, with what is said at DEBUG and temporary files beside it."""
    (place / "logs").mkdir(parents=True)
    (place / "temporary").mkdir()
    handler = logging.FileHandler(place / "logs" / "askwell.log")
    root, level, before = logging.getLogger(), logging.getLogger().level, tempfile.tempdir
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    tempfile.tempdir = str(place / "temporary")
    try:
        with fresh_engine(kind, place / "database") as engine:
            yield engine
    finally:
        tempfile.tempdir = before
        root.setLevel(level)
        root.removeHandler(handler)
        handler.close()


def traces(report: Report) -> int:
    """How many traces an erasure left; nought is what P1 asks for."""
    last = ("after_canary_hits", "after_key_hits", "after_readable", "after_sealed_hits", "scrub_left")
    return sum(report.figures[name] for name in last) + len(report.others_changed)


def main(full: bool) -> int:
    """Run it on both engines and print what was found."""
    worst = 0
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, watched(kind, place := Path(folder) / "place") as engine:
            report = run(engine, place, *((50, 10) if full else (5, 2)))
            print(kind, f"{report.canaries} canaries, {report.seconds:.1f} s to erase and scrub")
            print(" ", json.dumps(report.figures))
            print(f"  others changed: {len(report.others_changed)}; where: {report.where['after'][:5]}")
            print("  control, rows deleted, keys left:", json.dumps(control_delete_only(engine, place).figures))
            print("  control, table not sealed:", json.dumps(control_unsealed(engine, place)), flush=True)
            worst += traces(report)
    return 1 if worst else 0


if __name__ == "__main__":
    sys.exit(main("--full" in sys.argv))

"""A1: the audit chain is tampered with at random, and every tampering is found with the head that is kept outside.

    python -m tests.campaigns.audit_tampering --full     10,000 tamperings on SQLite, 1,000 on PostgreSQL,
                                                         and a chain of 1,000,000 entries checked

Half are made by someone who has the database alone, half by someone who also knows the key and so hashes the rest of
the chain anew: what the first leaves wrong anyone sees, what the second does only the head shows. The control checks
the same tamperings without the head, and must miss some. A short form runs in `tests/handoff/test_audit_check.py`.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from small_office import Clock
from sqlalchemy import Engine, delete, insert, select
from sqlmodel import Session, col

from campaigns.engines import fresh_engine
from handoff.audit import START, chain_key, entry_hash, record
from handoff.audit_check import check_chain, verify
from handoff.audit_head import Head, read_head, replace
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import AuditEntry
from handoff.vault import Vault

Row = dict[str, Any]
Rows = list[Row]
OTHER_KEY = b"the key of someone who has the database alone"
ENTRIES = 40


@dataclass
class Report:
    """What was found, by kind of tampering: with the head, and without it."""

    tried: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    missed_without_head: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        tried, missed, without = (sum(one.values()) for one in (self.tried, self.missed, self.missed_without_head))
        kinds = ", ".join(f"{kind} {count}" for kind, count in sorted(self.missed_without_head.items()))
        return [
            f"{tried} tamperings: {tried - missed} found with the head; {tried - without} without it (the control)",
            f"  missed without the head: {kinds or 'none'}",
        ]


def edit(rows: Rows, drawn: random.Random) -> Rows:
    """Another officer, act or case in an entry."""
    one = drawn.choice(rows)
    name = drawn.choice(["actor", "act", "subject", "detail", "at"])
    one[name] = one["at"] + timedelta(seconds=1) if name == "at" else f"{one[name]}x"
    return rows


def take_out(rows: Rows, drawn: random.Random) -> Rows:
    """One or more entries fewer, not at the end."""
    first = drawn.randrange(len(rows) - 1)
    del rows[first : min(first + drawn.randint(1, 3), len(rows) - 1)]
    return rows


def swap(rows: Rows, drawn: random.Random) -> Rows:
    """Two entries in each other's place."""
    one, two = drawn.sample(range(len(rows)), 2)
    rows[one], rows[two] = rows[two], rows[one]
    rows[one]["number"], rows[two]["number"] = rows[two]["number"], rows[one]["number"]
    return rows


def put_in(rows: Rows, drawn: random.Random) -> Rows:
    """An entry that nobody wrote, before the last one."""
    at = drawn.randrange(len(rows))
    rows.insert(at, {**rows[at], "actor": "nobody"})
    return rows


def cut_off(rows: Rows, drawn: random.Random) -> Rows:
    """The end gone."""
    return rows[: drawn.randrange(len(rows))]


def fork(rows: Rows, drawn: random.Random) -> Rows:
    """The end gone, and Askwell goes on from there: as many entries again, or fewer, or more."""
    kept = cut_off(rows, drawn)
    return [*kept, *({**rows[0], "subject": f"later{number}"} for number in range(drawn.randint(1, ENTRIES)))]


def old_copy(rows: Rows, drawn: random.Random) -> Rows:
    """A copy from before, whole in itself, put in the place of today's."""
    return rows[: drawn.randint(1, len(rows) - 1)]


KINDS: tuple[Callable[[Rows, random.Random], Rows], ...] = (edit, take_out, swap, put_in, cut_off, fork, old_copy)
# These leave a chain that is right in itself: Askwell's own key hashed it.
BY_ASKWELL = frozenset({"cut_off", "fork", "old_copy"})


def hashed_anew(rows: Rows, key: bytes, pack: str) -> Rows:
    """The rows numbered and bound to each other from the first."""
    previous, made = START, []
    for number, row in enumerate(rows, start=1):
        one = {**row, "number": number, "previous": previous}
        one["hash"] = previous = entry_hash(key, pack, previous, one)
        made.append(one)
    return made


def tampered(rows: Rows, kind: Callable[[Rows, random.Random], Rows], drawn: random.Random, desk: Desk) -> Rows:
    """What someone leaves of the chain: untidied, hashed with a key of their own, or hashed with Askwell's."""
    made = kind([dict(row) for row in rows], drawn)
    if kind.__name__ in BY_ASKWELL or drawn.random() < 0.5:
        return hashed_anew(made, chain_key(desk), desk.pack)
    if drawn.random() < 0.5:
        return hashed_anew(made, OTHER_KEY, desk.pack)
    return [{**row, "number": number} for number, row in enumerate(made, start=1)] if kind is put_in else made


def write_chain(engine: Engine, desk: Desk, entries: int) -> Rows:
    """A chain that Askwell wrote, as rows."""
    for number in range(entries):
        with transaction(engine) as session:
            record(session, desk, actor=f"o{number % 8}", act="saw", kind="case", subject=f"c{number}", detail="send")
    with reading(engine) as session:
        mine = select(AuditEntry).where(col(AuditEntry.pack) == desk.pack).order_by(col(AuditEntry.number))
        return [one.model_dump() for one in session.execute(mine).scalars()]


def run(engine: Engine, desk: Desk, times: int, seed: int = 4) -> Report:
    """Tamper `times` times, each on the whole chain as it was written; each is taken back again."""
    rows = write_chain(engine, desk, ENTRIES)
    head = read_head(desk.vault.folder, desk.pack)
    assert head is not None and head == Head(rows[-1]["number"], rows[-1]["hash"])
    drawn, report = random.Random(seed), Report()
    with reading(engine) as session:
        assert verify(session, desk).faults == () == check_chain(session, desk, None).faults
    for number in range(times):
        kind = KINDS[number % len(KINDS)]
        made = tampered(rows, kind, drawn, desk)
        if [(one["number"], one["hash"]) for one in made] == [(one["number"], one["hash"]) for one in rows]:
            made[0]["actor"] = f"{made[0]['actor']}x"
        _judge(engine, desk, made, kind.__name__, report)
    with reading(engine) as session:
        assert verify(session, desk).faults == ()
    return report


def _judge(engine: Engine, desk: Desk, made: Rows, kind: str, report: Report) -> None:
    with Session(engine.execution_options(writes=True)) as session:
        session.execute(delete(AuditEntry).where(col(AuditEntry.pack) == desk.pack))
        if made:
            session.execute(insert(AuditEntry), made)
        report.tried[kind] += 1
        report.missed[kind] += not verify(session, desk).faults
        report.missed_without_head[kind] += not check_chain(session, desk, None).faults
        session.rollback()


def long_chain(engine: Engine, desk: Desk, entries: int) -> float:
    """Seconds to check a chain of this many entries."""
    at, key = datetime(2026, 1, 1, tzinfo=UTC), chain_key(desk)
    previous, rows = START, []
    with Session(engine.execution_options(writes=True)) as session:
        for number in range(1, entries + 1):
            row = {"pack": desk.pack, "number": number, "at": at + timedelta(seconds=number), "actor": "o1"}
            row |= {
                "act": "saw",
                "kind": "case",
                "subject": f"c{number % 5000}",
                "detail": "send",
                "previous": previous,
            }
            row["hash"] = previous = entry_hash(key, desk.pack, previous, row)
            rows.append(row)
            if len(rows) == 20_000:
                session.execute(insert(AuditEntry), rows)
                rows = []
        session.execute(insert(AuditEntry), rows) if rows else None
        session.commit()
    replace(desk.vault.folder, desk.pack, Head(entries, previous))
    began = time.perf_counter()
    with reading(engine) as session:
        checked = verify(session, desk)
    assert checked.faults == () and checked.entries == entries
    return time.perf_counter() - began


def main(full: bool) -> int:
    """Run it and print the figures; 1 when a tampering was missed, or the control found them all."""
    failed = False
    for kind, times in (("sqlite", 10_000 if full else 210), ("postgresql", 1_000 if full else 70)):
        with tempfile.TemporaryDirectory() as folder, fresh_engine(kind, Path(folder) / kind) as engine:
            desk = Desk(pack="littleham", vault=Vault(Path(folder) / "keys"), now=Clock())
            report = run(engine, desk, times)
            print(kind, *report.lines(), sep="\n  ")
            failed |= bool(sum(report.missed.values())) or not sum(report.missed_without_head.values())
            if kind == "sqlite":
                entries = 1_000_000 if full else 20_000
                council = Desk(pack="longham", vault=desk.vault, now=Clock())
                print(f"  {entries} entries checked in {long_chain(engine, council, entries):.1f} s")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main("--full" in sys.argv))

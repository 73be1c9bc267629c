"""P6: time moved from 0 to 31 years; each class of record gone on its day, give or take one; holds respected.

    python -m tests.campaigns.retention_days --full     both engines, every day swept on SQLite

A short form (the days around each rule) runs in `tests/handoff/test_retention.py`, with the controls.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from small_office import Clock
from sqlalchemy import Engine, insert, select
from sqlmodel import Session, SQLModel
from whole_family import write_family

from campaigns.engines import fresh_engine
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import InboxState, OfficerRole, OutboxState, Priority
from handoff.retention import Swept, sweep_retention
from handoff.vault import Vault

YEARS_31 = 31 * 365 + 8
CASE = ("address", "conversation", "message", "case", "case_event", "case_reply", "case_note")
TALK = ("address", "conversation", "message")
Sweep = Callable[[Session, Desk], Swept]


@dataclass
class Watched:
    """Where the records of one class are, by table and id."""

    rows: dict[str, str] = field(default_factory=dict)


def write_each(session: Session, desk: Desk) -> dict[str, Watched]:
    """A record of every class, all of them of this moment, and a family under a legal hold."""
    now, closed = desk.now(), {"closed_at": desk.now()}
    families = {
        "person": write_family(session, desk, "person", only=("address",)),
        "join_link": write_family(session, desk, "link", only=("join_link",), expires_at=now),
        "conversation": write_family(session, desk, "talk", only=TALK),
        "inbox": write_family(session, desk, "inbox", only=(*TALK, "inbox_message"), state=InboxState.DONE),
        "outbox": write_family(session, desk, "sent", only=("outbox_message",), state=OutboxState.SENT),
        "outbox_dead": write_family(session, desk, "dead", only=("outbox_message",), state=OutboxState.DEAD),
        "case": write_family(session, desk, "case", only=CASE, **closed),
        "complaint_case": write_family(session, desk, "complaint", only=CASE, queue="complaints", **closed),
        "data_complaint": write_family(session, desk, "data", only=CASE, data_complaint=True, **closed),
        "safeguarding_case": write_family(
            session, desk, "risk", only=CASE, priority=Priority.SAFEGUARDING, queue="safeguarding", **closed
        ),
        "school": write_family(session, desk, "school", only=("address", "school_access"), ends_at=now),
        "booking": write_family(session, desk, "visit", only=("booking", "seat")),
        "hold": write_family(session, desk, "kept", only=("hold",)),
        "waiting_list": write_family(session, desk, "waits", only=("waiting_list_entry",)),
        "subscription": write_family(session, desk, "asks", only=("subscription",)),
        "held": write_family(session, desk, "held", hold_reason="tribunal", **closed),
        "open": write_family(session, desk, "open", only=CASE),
    }
    watched = {name: Watched(_watch(name, family.rows)) for name, family in families.items()}
    watched["surgery"] = Watched({"surgery": families["hold"].rows["surgery"]})
    return watched | _of_staff(session, desk)


ONLY = {
    "person": ("person", "address"),
    "join_link": ("join_link",),
    "conversation": ("conversation", "message"),
    "inbox": ("inbox_message",),
    "outbox": ("outbox_message",),
    "outbox_dead": ("outbox_message",),
    "booking": ("booking",),
    "hold": ("hold",),
    "waiting_list": ("waiting_list_entry",),
    "subscription": ("subscription",),
}


def _watch(name: str, rows: dict[str, str]) -> dict[str, str]:
    return {table: id for table, id in rows.items() if table in ONLY.get(name, rows)}


def _of_staff(session: Session, desk: Desk) -> dict[str, Watched]:
    now, base = desk.now(), {"pack": desk.pack}
    rows = {
        "officer": {
            "email": "gone@littleham.example", "name": "Gone", "role": OfficerRole.OFFICER, "password": "x",
            "made_at": now, "left_at": now,
        },
        "session": {"officer_id": "", "made_at": now, "last_at": now, "expires_at": now},
        "try": {"account": "x", "at": now},
        "switch": {"what": "web", "off": True, "reason": "x", "by": "priya", "at": now},
        "saved_check": {"sealed_answers": b"x", "made_at": now, "expires_at": now + timedelta(seconds=1)},
        "feedback": {"channel": "web", "helped": "no", "lacking": "not_said", "outcome": "answer", "status": "answered",
                     "sections": "", "language": "en", "at": now},
        "content": {"path": "articles/x.md", "subject": "", "text": "x", "base": "x", "state": "dropped", "why": "x",
                    "by": "priya", "made_at": now},
        "source_watch": {"url": "https://a.example/x", "asked_at": now},
        "gap": {"settled": "not_ours", "section": "", "by": "priya", "at": now},
        "receipt": {"request": "x", "result": "x", "at": now},
        "left_mailbox": {"left_at": now},
        "erasure": {"person_id": "nobody", "receipt": "E-2222-2222", "kept": "", "at": now},
    }  # fmt: skip
    names = {
        "session": "officer_session",
        "try": "sign_in_try",
        "switch": "off_switch",
        "content": "content_version",
        "source_watch": "source_watch",
        "gap": "gap_mark",
    }

    found: dict[str, Watched] = {}
    for name, values in rows.items():
        table = SQLModel.metadata.tables[names.get(name, name)]
        if name == "session":
            values["officer_id"] = _staying(session, desk)
        id = desk.new_id()
        session.execute(insert(table).values(id=id, **base, **values))
        found[name] = Watched({table.name: id})
    later = {"what": "web", "off": False, "reason": "x", "by": "priya", "at": now + timedelta(seconds=1)}
    session.execute(insert(SQLModel.metadata.tables["off_switch"]).values(id=desk.new_id(), **base, **later))
    return found


def _staying(session: Session, desk: Desk) -> str:
    id = desk.new_id()
    values = {"email": "priya@littleham.example", "name": "Priya", "role": OfficerRole.OFFICER, "password": "x"}
    table = SQLModel.metadata.tables["officer"]
    session.execute(insert(table).values(pack=desk.pack, id=id, made_at=desk.now(), **values))
    return id


def present(session: Session, desk: Desk, names: Iterable[str]) -> dict[str, set[str]]:
    """The ids that are there, of each of these tables."""
    found = {}
    for name in names:
        table = SQLModel.metadata.tables[name]
        found[name] = set(session.execute(select(table.c.id).where(table.c.pack == desk.pack)).scalars())
    return found


def boundary_days(desk: Desk) -> list[int]:
    """The day before, the day, and the day after each rule ends."""
    days = {rule.days + off for rule in desk.rules.values() for off in (-1, 0, 1)}
    return sorted({0, YEARS_31 + 1, *(day for day in days if day >= 0)})


def run(engine: Engine, desk: Desk, clock: Clock, days: Iterable[int], sweep: Sweep = sweep_retention) -> list[str]:
    """Everything that was not gone or still there as its rule says, in words; nothing when all was."""
    begun = clock.at
    with transaction(engine) as session:
        watched = write_each(session, desk)
    faults: list[str] = []
    for day in days:
        clock.at = begun + timedelta(days=day, minutes=1)
        with transaction(engine) as session:
            swept = sweep(session, desk)
        # Where the first found nothing, the next day's is the second.
        if swept.anything:
            with transaction(engine) as session:
                if sweep(session, desk).anything:
                    faults.append(f"day {day}: a second sweep found something")
        with reading(engine) as session:
            faults += _faults(session, desk, watched, day)
    return faults


def _faults(session: Session, desk: Desk, watched: dict[str, Watched], day: int) -> list[str]:
    found = []
    there = present(session, desk, {table for records in watched.values() for table in records.rows})
    for name, records in watched.items():
        here = {table for table, id in records.rows.items() if id in there[table]}
        if name in ("held", "open"):
            if here != records.rows.keys():
                found.append(f"day {day}: {name} lost {', '.join(sorted(records.rows.keys() - here))}")
            continue
        days = desk.rules[name].days
        if day < days and here != records.rows.keys():
            found.append(f"day {day}: {name} lost {', '.join(sorted(records.rows.keys() - here))} before day {days}")
        if day > days and here:
            found.append(f"day {day}: {name} still has {', '.join(sorted(here))} after day {days}")
    return found


def main(full: bool) -> int:
    """Run it on both engines and print what came of it."""
    worst = 0
    for kind in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as place, fresh_engine(kind, Path(place) / "data") as engine:
            clock = Clock()
            desk = Desk(pack="littleham", vault=Vault(Path(place) / "keys"), now=clock)
            every_day = full and kind == "sqlite"
            days = range(YEARS_31 + 2) if every_day else boundary_days(desk)
            faults = run(engine, desk, clock, days)
            print(f"{kind}: {len(list(days))} sweeps over 31 years, {len(desk.rules)} rules, {len(faults)} faults")
            print("\n".join(faults[:20]))
            worst += len(faults)
    return 1 if worst else 0


if __name__ == "__main__":
    sys.exit(main("--full" in sys.argv))

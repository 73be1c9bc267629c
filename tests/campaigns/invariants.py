"""What must hold of the records at every moment, whatever was going on: asked of a database, answered with its faults.

Used by every campaign that crashes, restores or races: `faults(engine, desk, acknowledged)` is empty or the run failed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, Table, text
from sqlmodel import Session, SQLModel, col, func, select

from handoff.audit import chain_key, entry_hash
from handoff.audit_start import start_of_chain
from handoff.conversations import TEXT as LINE
from handoff.database import reading
from handoff.desk import Desk
from handoff.inbox import REPLY
from handoff.models import (
    AuditEntry,
    Booking,
    BookingState,
    Case,
    CaseEvent,
    Conversation,
    InboxMessage,
    InboxState,
    Message,
    OutboxMessage,
    OutboxState,
    Seat,
    Slot,
)
from handoff.personal import about, sealed_columns
from handoff.vault import ErasedError, SealError


@dataclass(frozen=True)
class Acknowledged:
    """Something somebody was told is safe: a row of `table` under this id."""

    table: str
    id: str


def faults(engine: Engine, desk: Desk, acknowledged: Iterable[Acknowledged] = ()) -> list[str]:
    """Every fault, as a line. A database that cannot be read is one."""
    try:
        with reading(engine) as session:
            return faults_in(session, desk, acknowledged)
    except Exception as error:
        return [f"cannot be read: {type(error).__name__}"]


def faults_in(session: Session, desk: Desk, acknowledged: Iterable[Acknowledged] = ()) -> list[str]:
    """Every fault as this session sees the records."""
    found = [fault for check in CHECKS for fault in check(session, desk)]
    return [*found, *_lost(session, desk, acknowledged)]


def whole(session: Session, desk: Desk) -> Iterator[str]:
    """SQLite's own check of its pages and indexes. PostgreSQL has none that an application may call."""
    if session.get_bind().dialect.name == "sqlite":
        found = [row[0] for row in session.connection().execute(text("PRAGMA integrity_check"))]
        yield from (f"integrity: {line}" for line in found if line != "ok")


def linked(session: Session, desk: Desk) -> Iterator[str]:
    """Every row that points to another points to one that is there."""
    for table in SQLModel.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            there = [element.column for element in key.elements]
            here = [table.c[name] for name in key.column_keys]
            joined = table.outerjoin(key.referred_table, _equal(here, there))
            lost = select(func.count()).select_from(joined).where(there[-1].is_(None), here[-1].is_not(None))
            count = session.connection().execute(lost).scalar_one()
            if count:
                yield f"{table.name}: {count} rows point to no {key.referred_table.name}"


def counted(session: Session, desk: Desk) -> Iterator[str]:
    """What a row says of how many others there are is so, and those are numbered from 1 without gaps."""
    yield from _numbered(session, desk, Case, "events", CaseEvent, "case_id", "number")
    yield from _numbered(session, desk, Conversation, "said", Message, "conversation_id", "number")
    yield from _numbered(session, desk, Conversation, "taken", InboxMessage, "conversation_id", "position")


def chained(session: Session, desk: Desk) -> Iterator[str]:
    """The audit chain is whole from its start."""
    start, key = start_of_chain(desk), chain_key(desk)
    number, previous = start.number, start.hash
    entries = select(AuditEntry).where(AuditEntry.pack == desk.pack, col(AuditEntry.number) > number)
    for entry in session.exec(entries.order_by(col(AuditEntry.number))):
        number += 1
        if entry.number != number or entry.previous != previous:
            yield f"audit: entry {entry.number} does not follow {number - 1}"
            return
        if entry.hash != entry_hash(key, desk.pack, previous, entry.model_dump()):
            yield f"audit: entry {entry.number} was changed"
            return
        previous = entry.hash


def answered(session: Session, desk: Desk) -> Iterator[str]:
    """A message that is done has its reply, and both can be read."""
    mine = (InboxMessage.pack == desk.pack, InboxMessage.state == InboxState.DONE)
    for row in session.exec(select(InboxMessage).where(*mine)):
        if row.sealed_reply is None:
            yield f"inbox: {row.id} is done without a reply"
        elif not _opens(desk, row.person_id, row.sealed_reply, REPLY):
            yield f"inbox: the reply to {row.id} cannot be read"
    for line in session.exec(select(Message).where(Message.pack == desk.pack)):
        if not _opens(desk, line.person_id, line.sealed_text, LINE):
            yield f"message: {line.id} cannot be read"


def readable(session: Session, desk: Desk) -> Iterator[str]:
    """What is sealed with a person's key opens in its place, in every table that has the person's id."""
    for table in SQLModel.metadata.sorted_tables:
        if "person_id" in table.c and table.name not in ("message", "inbox_message"):
            yield from _opened(session, desk, table)


def sent(session: Session, desk: Desk) -> Iterator[str]:
    """A letter that was sent says when; one that is held says by whom and until when."""
    for row in session.exec(select(OutboxMessage).where(OutboxMessage.pack == desk.pack)):
        if (row.state is OutboxState.SENT) != (row.sent_at is not None):
            yield f"outbox: {row.id} is {row.state} and sent at {row.sent_at}"
        if (row.state is OutboxState.LEASED) != (row.leased_until is not None):
            yield f"outbox: {row.id} is {row.state} and held until {row.leased_until}"


def seated(session: Session, desk: Desk) -> Iterator[str]:
    """A time counts as many places taken as there are seats, and never more than it has; a booking keeps one while open."""
    seats = Counter(session.exec(select(Seat.slot_id).where(Seat.pack == desk.pack)))
    for slot in session.exec(select(Slot).where(Slot.pack == desk.pack)):
        if not slot.taken == seats[slot.id] <= slot.capacity:
            yield f"slot {slot.id}: {slot.taken} taken, {seats[slot.id]} seats, {slot.capacity} places"
    kept = set(session.exec(select(Seat.booking_id).where(Seat.pack == desk.pack)))
    for booking in session.exec(select(Booking).where(Booking.pack == desk.pack)):
        open = booking.state is BookingState.BOOKED
        if open != (booking.id in kept) and (open or booking.state is BookingState.CANCELLED):
            yield f"booking {booking.id} is {booking.state}, and its places are not"


Check = Callable[[Session, Desk], Iterator[str]]
CHECKS: tuple[Check, ...] = (whole, linked, counted, chained, answered, readable, sent, seated)


def _lost(session: Session, desk: Desk, acknowledged: Iterable[Acknowledged]) -> Iterator[str]:
    wanted: dict[str, set[str]] = {}
    for one in acknowledged:
        wanted.setdefault(one.table, set()).add(one.id)
    for name, ids in wanted.items():
        table = SQLModel.metadata.tables[name]
        there = {row[0] for row in session.connection().execute(select(table.c.id).where(table.c.pack == desk.pack))}
        yield from (f"{name}: {id} was acknowledged and is not there" for id in sorted(ids - there))


def _numbered(
    session: Session, desk: Desk, parent: type, column: str, child: type, link: str, number: str
) -> Iterator[str]:
    rows: dict[str, list[int]] = {}
    for id, position in session.exec(
        select(getattr(child, link), getattr(child, number)).where(child.pack == desk.pack)
    ):
        rows.setdefault(id, []).append(position)
    for id, says in session.exec(select(parent.id, getattr(parent, column)).where(parent.pack == desk.pack)):
        if sorted(rows.get(id, [])) != list(range(1, says + 1)):
            yield f"{parent.__tablename__} {id}: {column} is {says}, the rows are {sorted(rows.get(id, []))}"


def _opened(session: Session, desk: Desk, table: Table) -> Iterator[str]:
    names = sealed_columns(table)
    if not names:
        return
    for row in session.connection().execute(select(table).where(table.c.pack == desk.pack)).mappings():
        for name in names:
            if row[name] is not None and not _opens(desk, row["person_id"], row[name], about(table, name)):
                yield f"{table.name}: {name} of a row cannot be read"


def _opens(desk: Desk, person_id: str, sealed: bytes, place: str) -> bool:
    try:
        desk.open(person_id, sealed, place)
    except (ErasedError, SealError):
        return False
    return True


def _equal(here: list, there: list):  # type: ignore[no-untyped-def, type-arg]
    condition = here[0] == there[0]
    for one, other in zip(here[1:], there[1:], strict=True):
        condition = condition & (one == other)
    return condition

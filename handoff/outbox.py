"""The outbox: what a person is to be told is written in the transaction of the act it tells of, and sent later.

Rows are drained by status, never by "number above the last": transactions commit out of order (reliability.md
section 2). A letter is taken under a lease that counts its attempts, so that a worker that died, or woke up late,
can neither lose it nor mark another's. Sending is at least once; `key` goes with the letter, so a repeat shows.

Order: within one line and channel a later letter waits for an earlier one that is due. One that was sent, has died
or was dropped holds nobody up, and each dies after `MOST_ATTEMPTS`, so no line stands still for ever. A letter that
is not due yet (a reminder for next week) holds nobody up either.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select, update

from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.letters import Letter, Parcel, parcel_of, seal_body
from handoff.models import Address, Erasure, OutboxMessage, OutboxState, SafeContact
from handoff.vault import ErasedError, SealError

__all__ = ["Letter", "Parcel", "close_door", "mark_failed", "mark_sent", "put", "take_due", "tell"]

LEASE_SECONDS = 60
FIRST_WAIT_SECONDS = 15
LONGEST_WAIT_SECONDS = 3600
# Waits of 15 s, doubling up to an hour: thirty attempts take about a day.
MOST_ATTEMPTS = 30
LONGEST_KEY = 128
OPEN = (OutboxState.WAITING, OutboxState.LEASED)
# The page reads the conversation itself: nothing is sent to it.
PAGES = frozenset({"web"})


def put(session: Session, desk: Desk, letter: Letter) -> OutboxMessage:
    """Write `letter` in the act's own transaction. The same key again gives the row there was.

    Raises `ValueError` for a key too long to keep, or a letter that has neither a door nor an address.
    """
    if len(letter.key) > LONGEST_KEY or (letter.address_id is None) == (letter.to is None):
        raise ValueError("A letter has a key of 128 characters or fewer, and either a door or an address.")
    known = _by_key(session, desk, letter.key)
    if known:
        return known
    try:
        with session.begin_nested():
            row = _row(session, desk, letter)
            session.add(row)
            session.flush()
            return row
    except IntegrityError:
        # Two acts with one key at once: the other was first.
        again = _by_key(session, desk, letter.key)
        if again is None:
            raise
        return again


def tell(
    session: Session,
    desk: Desk,
    person_id: str,
    *,
    key: str,
    line: str,
    kind: str,
    subject: str,
    text: str,
    neutral: str,
    link: str = "",
    language: str = "en",
    due_at: datetime | None = None,
    stale_at: datetime | None = None,
) -> list[OutboxMessage]:
    """One letter to each open door of the person that may be sent something; none for the page, which shows it."""
    doors = session.exec(
        select(Address)
        .where(Address.pack == desk.pack, Address.person_id == person_id, col(Address.closed_at).is_(None))
        .where(col(Address.channel).not_in(PAGES), col(Address.safe) != SafeContact.NOTHING)
        .order_by(Address.id)
    ).all()
    return [
        put(
            session,
            desk,
            Letter(
                key=f"{key}:{door.id}",
                person_id=person_id,
                channel=door.channel,
                address_id=door.id,
                to=None,
                line=line,
                kind=kind,
                subject=subject,
                text=text,
                neutral=neutral,
                link=link,
                language=language,
                due_at=due_at,
                stale_at=stale_at,
            ),
        )
        for door in doors
    ]


def take_due(
    session: Session, desk: Desk, worker: str, limit: int = 20, channels: Collection[str] | None = None
) -> list[Parcel]:
    """Lease up to `limit` letters that are due, the first of each line; on PostgreSQL workers skip each other's.

    What must not be sent any more (erased, stale, closed, not wanted) is settled here and not returned.
    `channels` are those that have a sender; none given means all.
    """
    now = desk.now()
    due = (
        select(OutboxMessage)
        .where(OutboxMessage.pack == desk.pack, OutboxMessage.state == OutboxState.WAITING)
        .where(col(OutboxMessage.due_at) <= now, ~_held_up(now))
        .order_by(col(OutboxMessage.due_at), col(OutboxMessage.number), col(OutboxMessage.id))
        .limit(limit)
        .with_for_update(skip_locked=True, of=OutboxMessage)
        .execution_options(populate_existing=True)
    )
    if channels is not None:
        due = due.where(col(OutboxMessage.channel).in_(channels))
    parcels = [_lease(session, desk, row, worker, now) for row in session.exec(due).all()]
    session.flush()
    return [parcel for parcel in parcels if parcel]


def mark_sent(session: Session, desk: Desk, parcel: Parcel) -> bool:
    """The door took the parcel. False when its lease had passed to another worker meanwhile."""
    sent = (
        update(OutboxMessage)
        .where(*_mine(desk, parcel))
        .values(state=OutboxState.SENT, sent_at=desk.now(), leased_until=None, fault=None)
    )
    return rows_changed(session.execute(sent)) == 1


def mark_failed(
    session: Session, desk: Desk, parcel: Parcel, fault: str, *, retry_after: float | None = None, final: bool = False
) -> bool:
    """The door did not take the parcel: try again later, or let the letter die when `final` or tried too often.

    `fault` is a code, never what the other side said. `retry_after` (seconds) is what the door asked for, and is
    never undercut. True when the letter is dead, and a person must look.
    """
    dead = final or parcel.attempt >= MOST_ATTEMPTS
    wait = timedelta(seconds=max(wait_seconds(parcel.attempt), retry_after or 0.0))
    back = (
        update(OutboxMessage)
        .where(*_mine(desk, parcel))
        .values(
            state=OutboxState.DEAD if dead else OutboxState.WAITING,
            due_at=desk.now() + wait,
            leased_until=None,
            leased_by=None,
            fault=fault[:64],
        )
    )
    return rows_changed(session.execute(back)) == 1 and dead


def wait_seconds(attempt: int) -> float:
    """How long to wait after the attempt with this number, from 1: 15 s doubling up to an hour."""
    return float(min(FIRST_WAIT_SECONDS * 2 ** (attempt - 1), LONGEST_WAIT_SECONDS)) if attempt < 20 else 3600.0


def close_door(session: Session, desk: Desk, parcel: Parcel) -> None:
    """The door is gone (a blocked bot, a mailbox that does not exist): nothing more is written to it."""
    shut = update(Address).where(
        col(Address.pack) == desk.pack, col(Address.id) == parcel.address_id, col(Address.closed_at).is_(None)
    )
    session.execute(shut.values(closed_at=desk.now()))


def _row(session: Session, desk: Desk, letter: Letter) -> OutboxMessage:
    now = desk.now()
    last = session.exec(
        select(func.max(OutboxMessage.number)).where(OutboxMessage.pack == desk.pack, OutboxMessage.line == letter.line)
    ).one()
    return OutboxMessage(
        pack=desk.pack,
        id=desk.new_id(),
        key=letter.key,
        person_id=letter.person_id,
        address_id=letter.address_id,
        channel=letter.channel,
        line=letter.line,
        # Two acts at once may draw the same number: what happened at the same moment has no order to keep.
        number=(last or 0) + 1,
        kind=letter.kind,
        sealed_body=seal_body(desk, letter),
        due_at=letter.due_at or now,
        stale_at=letter.stale_at,
        made_at=now,
    )


def _by_key(session: Session, desk: Desk, key: str) -> OutboxMessage | None:
    wanted = select(OutboxMessage).where(OutboxMessage.pack == desk.pack, OutboxMessage.key == key)
    return session.exec(wanted).first()


def _held_up(now: datetime) -> ColumnElement[bool]:
    earlier = aliased(OutboxMessage)
    before = or_(
        col(earlier.number) < col(OutboxMessage.number),
        and_(col(earlier.number) == col(OutboxMessage.number), col(earlier.id) < col(OutboxMessage.id)),
    )
    begun = or_(col(earlier.attempts) > 0, col(earlier.due_at) <= now)
    return exists().where(
        col(earlier.pack) == col(OutboxMessage.pack),
        col(earlier.line) == col(OutboxMessage.line),
        col(earlier.channel) == col(OutboxMessage.channel),
        col(earlier.state).in_(OPEN),
        before,
        begun,
    )


def _lease(session: Session, desk: Desk, row: OutboxMessage, worker: str, now: datetime) -> Parcel | None:
    row.attempts += 1
    row.state, row.leased_by, row.leased_until = OutboxState.LEASED, worker, now + timedelta(seconds=LEASE_SECONDS)
    session.add(row)
    try:
        parcel, why_not = parcel_of(session, desk, row, now)
        if parcel is not None:
            return parcel
        _settle(row, OutboxState.DROPPED, why_not)
    except ErasedError:
        _without_key(session, desk, row, now)
    except (SealError, ValueError, TypeError):
        # It cannot be read, and never will be: a person must look, and the rest of the queue goes on.
        _settle(row, OutboxState.DEAD, "unreadable")
    return None


def _without_key(session: Session, desk: Desk, row: OutboxMessage, now: datetime) -> None:
    gone = select(Erasure.id).where(Erasure.pack == desk.pack, Erasure.person_id == row.person_id)
    if session.exec(gone.limit(1)).first():
        _settle(row, OutboxState.DROPPED, "erased")
        return
    # Nobody erased this person: the folder of keys may be away, and what waits must not be lost with it.
    row.due_at = now + timedelta(seconds=wait_seconds(row.attempts))
    _settle(row, OutboxState.DEAD if row.attempts >= MOST_ATTEMPTS else OutboxState.WAITING, "no_key")


def _settle(row: OutboxMessage, state: OutboxState, fault: str) -> None:
    row.state, row.leased_until, row.leased_by, row.fault = state, None, None, fault


def _mine(desk: Desk, parcel: Parcel) -> tuple[ColumnElement[bool], ...]:
    return (
        col(OutboxMessage.pack) == desk.pack,
        col(OutboxMessage.id) == parcel.id,
        # Also when the sweeper freed it: as long as nobody has taken it again, the attempt is still ours.
        col(OutboxMessage.state).in_(OPEN),
        col(OutboxMessage.attempts) == parcel.attempt,
    )

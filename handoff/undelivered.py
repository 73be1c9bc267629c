"""What did not arrive: leases that ran out, letters that died or went stale, and the lists a person looks through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, func, select, update

from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.models import OutboxMessage, OutboxState
from handoff.outbox import MOST_ATTEMPTS

LATE = timedelta(minutes=10)
# Longer than the day in which an earlier letter of the line is tried: what is due this long, nobody is sending.
LONGEST_UNTRIED = timedelta(hours=48)


@dataclass(frozen=True)
class Swept:
    """How many letters were freed from a lease that ran out, died, or were dropped because it is too late for them."""

    freed: int
    died: int
    dropped: int


@dataclass(frozen=True)
class Undelivered:
    """A letter that needs a person: never what it says or to whom. `line` is the conversation it belongs to."""

    id: str
    state: OutboxState
    kind: str
    channel: str
    line: str
    fault: str | None
    attempts: int
    due_at: datetime
    made_at: datetime


@dataclass(frozen=True)
class Standing:
    """How many letters are in each state, and how long the oldest one that is due has waited, in seconds."""

    by_state: dict[OutboxState, int]
    oldest_due_seconds: float


def sweep(session: Session, desk: Desk) -> Swept:
    """Free what a dead worker held, let die what nobody sends, drop what is stale. Safe to run at any time."""
    now = desk.now()
    expired = and_(col(OutboxMessage.state) == OutboxState.LEASED, col(OutboxMessage.leased_until) < now)
    worn = and_(expired, col(OutboxMessage.attempts) >= MOST_ATTEMPTS)
    died = _settle(session, desk, worn, OutboxState.DEAD, "lease_expired")
    freed = _settle(session, desk, expired, OutboxState.WAITING, "lease_expired")
    dropped = drop_stale(session, desk)
    waiting = col(OutboxMessage.state) == OutboxState.WAITING
    forgotten = and_(waiting, col(OutboxMessage.due_at) < now - LONGEST_UNTRIED)
    died += _settle(session, desk, forgotten, OutboxState.DEAD, "nobody_sends")
    return Swept(freed, died, dropped)


def drop_stale(session: Session, desk: Desk) -> int:
    """Drop the letters it is too late for; how many there were."""
    late = and_(col(OutboxMessage.state) == OutboxState.WAITING, col(OutboxMessage.stale_at) <= desk.now())
    return _settle(session, desk, late, OutboxState.DROPPED, "stale")


def dead(session: Session, desk: Desk, limit: int = 200) -> list[Undelivered]:
    """The letters that died, the newest first."""
    died = col(OutboxMessage.state) == OutboxState.DEAD
    return _listed(session, desk, died, limit)


def how_many_died(session: Session, desk: Desk) -> int:
    """How many letters nobody tries any more."""
    died = select(func.count()).where(OutboxMessage.pack == desk.pack, OutboxMessage.state == OutboxState.DEAD)
    return int(session.exec(died).one())


def late(session: Session, desk: Desk, limit: int = 200, older_than: timedelta = LATE) -> list[Undelivered]:
    """The letters that are still on their way although they were due more than ten minutes ago, or first tried then.

    With `dead` these are all the letters that have not arrived in time: none is out of sight.
    """
    since = desk.now() - older_than
    open_still = col(OutboxMessage.state).in_((OutboxState.WAITING, OutboxState.LEASED))
    tried = and_(col(OutboxMessage.attempts) > 0, col(OutboxMessage.made_at) <= since)
    return _listed(session, desk, and_(open_still, or_(col(OutboxMessage.due_at) <= since, tried)), limit)


def retry(session: Session, desk: Desk, id: str) -> bool:
    """Send a dead letter again, from now; False when it is not dead."""
    again = (
        update(OutboxMessage)
        .where(col(OutboxMessage.pack) == desk.pack, col(OutboxMessage.id) == id)
        .where(col(OutboxMessage.state) == OutboxState.DEAD)
        .values(state=OutboxState.WAITING, attempts=0, due_at=desk.now(), leased_until=None, fault=None)
    )
    return rows_changed(session.execute(again)) == 1


def standing(session: Session, desk: Desk) -> Standing:
    """The outbox in numbers, for the metrics."""
    counted = session.exec(
        select(OutboxMessage.state, func.count())
        .where(OutboxMessage.pack == desk.pack)
        .group_by(col(OutboxMessage.state))
    ).all()
    now = desk.now()
    waiting = col(OutboxMessage.state).in_((OutboxState.WAITING, OutboxState.LEASED))
    oldest = session.exec(
        select(OutboxMessage.due_at)
        .where(OutboxMessage.pack == desk.pack, waiting, col(OutboxMessage.due_at) <= now)
        .order_by(col(OutboxMessage.due_at))
        .limit(1)
    ).first()
    by_state: dict[OutboxState, int] = dict.fromkeys(OutboxState, 0)
    by_state.update({OutboxState(state): count for state, count in counted})
    return Standing(by_state, (now - oldest).total_seconds() if oldest else 0.0)


def _settle(session: Session, desk: Desk, which: ColumnElement[bool], state: OutboxState, fault: str) -> int:
    settled = (
        update(OutboxMessage)
        .where(col(OutboxMessage.pack) == desk.pack, which)
        .values(state=state, leased_until=None, leased_by=None, fault=fault)
    )
    return rows_changed(session.execute(settled))


def _listed(session: Session, desk: Desk, which: ColumnElement[bool], limit: int) -> list[Undelivered]:
    rows = session.exec(
        select(OutboxMessage)
        .where(OutboxMessage.pack == desk.pack, which)
        .order_by(col(OutboxMessage.made_at).desc(), col(OutboxMessage.id))
        .limit(limit)
    ).all()
    return [
        Undelivered(
            id=row.id,
            state=row.state,
            kind=row.kind,
            channel=row.channel,
            line=row.line,
            fault=row.fault,
            attempts=row.attempts,
            due_at=row.due_at,
            made_at=row.made_at,
        )
        for row in rows
    ]

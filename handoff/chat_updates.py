"""Updates of a messaging app: each acts once, in the order of its chat, and what it led to is said at least once.

An update is known by its own numbers in its chat, as a set: never by "greater than the last", because the app may
begin its numbering again. It is acted on under a lease that counts its attempts. What is to be said is stored in the
transaction of the act, so that a crash after it repeats the saying and never the act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Update
from sqlmodel import Session, col, func, select, update

from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.leases import not_leased
from handoff.models import Address, ChatUpdate, ChatUpdateState

UPDATE = "chat_update.sealed_update"
PARTS = "chat_update.sealed_parts"
# A crash makes its chats wait this long, once.
LEASE_SECONDS = 30
# A crash counts as an attempt too, so this is far above what a fault of ours is allowed (`give_back`).
MOST_ATTEMPTS = 12
OPEN = (ChatUpdateState.RECEIVED, ChatUpdateState.DONE)


@dataclass(frozen=True)
class Arrival:
    """An update about to be kept, redacted. `parts` are given when what to say is known already, as in danger."""

    id: str
    kind: str
    text: str
    about: int | None = None
    urgent: bool = False
    parts: str | None = None


@dataclass(frozen=True)
class Taken:
    """The right to work on one update. `text` is none once it was acted on; `parts` is none before."""

    row: ChatUpdate
    text: str | None
    parts: str | None
    attempt: int


def receive(session: Session, desk: Desk, door: Address, arrival: Arrival) -> bool:
    """Keep the update; False when it was here before, and nothing happens twice."""
    # Whoever writes holds the door's row first, so that positions have no gap and no double.
    session.exec(select(Address.id).where(*_door(desk, door.id)).with_for_update()).one()
    if session.exec(select(ChatUpdate.id).where(ChatUpdate.pack == desk.pack, ChatUpdate.id == arrival.id)).first():
        return False
    last = session.exec(select(func.max(ChatUpdate.position)).where(*_of(desk, door.id))).one()
    acted = arrival.parts is not None
    session.add(
        ChatUpdate(
            pack=desk.pack,
            id=arrival.id,
            person_id=door.person_id,
            address_id=door.id,
            position=(last or 0) + 1,
            kind=arrival.kind,
            about=arrival.about,
            urgent=arrival.urgent,
            state=ChatUpdateState.DONE if acted else ChatUpdateState.RECEIVED,
            sealed_update=None if acted else desk.seal(door.person_id, arrival.text, UPDATE),
            sealed_parts=desk.seal(door.person_id, arrival.parts, PARTS) if arrival.parts is not None else None,
            received_at=desk.now(),
        )
    )
    session.flush()
    return True


def take(session: Session, desk: Desk, address_id: str) -> Taken | None:
    """Lease the chat's oldest update that is not finished; none when another worker has it, or nothing waits.

    Help in danger comes before what waits.
    """
    oldest = session.exec(
        select(ChatUpdate)
        .where(*_of(desk, address_id), col(ChatUpdate.state).in_(OPEN))
        .order_by(col(ChatUpdate.urgent).desc(), col(ChatUpdate.position))
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()
    if oldest is None:
        return None
    now, attempt = desk.now(), oldest.attempts + 1
    free = not_leased(ChatUpdate, now)
    leased = update(ChatUpdate).where(*_this(desk, oldest), col(ChatUpdate.attempts) == oldest.attempts, free)
    until = now + timedelta(seconds=LEASE_SECONDS)
    if not rows_changed(session.execute(leased.values(attempts=attempt, leased_until=until))):
        return None
    text = _opened(desk, oldest, oldest.sealed_update, UPDATE)
    return Taken(oldest, text, _opened(desk, oldest, oldest.sealed_parts, PARTS), attempt)


def settle(session: Session, desk: Desk, taken: Taken, parts: str) -> bool:
    """The update was acted on, and `parts` are to be said; False when the lease had passed to another."""
    row = taken.row
    done = _mine(desk, taken).values(
        state=ChatUpdateState.DONE,
        sealed_parts=desk.seal(row.person_id, parts, PARTS),
        sealed_update=None,
        done_at=desk.now(),
    )
    return rows_changed(session.execute(done)) == 1


def said(session: Session, desk: Desk, taken: Taken, count: int) -> bool:
    """The first `count` parts were said, and the lease runs on from now."""
    until = desk.now() + timedelta(seconds=LEASE_SECONDS)
    return rows_changed(session.execute(_mine(desk, taken).values(said=count, leased_until=until))) == 1


def keep_lease(session: Session, desk: Desk, taken: Taken, seconds: float) -> bool:
    """Nobody else takes the update while the app makes us wait."""
    until = desk.now() + timedelta(seconds=seconds + LEASE_SECONDS)
    return rows_changed(session.execute(_mine(desk, taken).values(leased_until=until))) == 1


def finish(session: Session, desk: Desk, taken: Taken, fault: str | None = None) -> bool:
    """All was said, or could not be said for the reason `fault` (a code)."""
    state = ChatUpdateState.FAILED if fault else ChatUpdateState.SENT
    done = _mine(desk, taken).values(
        state=state, sealed_update=None, sealed_parts=None, leased_until=None, fault=(fault or "")[:64] or None
    )
    return rows_changed(session.execute(done)) == 1


def give_back(session: Session, desk: Desk, taken: Taken, fault: str) -> bool:
    """Leave the update for another try."""
    back = _mine(desk, taken).values(leased_until=None, fault=fault[:64])
    return rows_changed(session.execute(back)) == 1


def replaced(session: Session, desk: Desk, taken: Taken) -> bool:
    """Whether the message was edited before anybody answered it: then the edit is answered in its place."""
    row = taken.row
    later = select(ChatUpdate.id).where(
        *_of(desk, row.address_id),
        ChatUpdate.about == row.about,
        ChatUpdate.kind == "edited",
        ChatUpdate.state == ChatUpdateState.RECEIVED,
        ChatUpdate.position > row.position,
    )
    return row.about is not None and session.exec(later.limit(1)).first() is not None


def answered(session: Session, desk: Desk, address_id: str, about: int) -> bool:
    """Whether the message with this number in its chat was answered as it stood."""
    before = select(ChatUpdate.id).where(
        *_of(desk, address_id),
        ChatUpdate.about == about,
        col(ChatUpdate.state).in_((ChatUpdateState.DONE, ChatUpdateState.SENT)),
        col(ChatUpdate.fault).is_(None),
    )
    return session.exec(before.limit(1)).first() is not None


def waiting(session: Session, desk: Desk, limit: int = 1000) -> list[str]:
    """The doors with an update that is not finished and that nobody works on, the longest waiting first."""
    free = not_leased(ChatUpdate, desk.now())
    found = (
        select(ChatUpdate.address_id)
        .where(ChatUpdate.pack == desk.pack, col(ChatUpdate.state).in_(OPEN), free)
        .group_by(col(ChatUpdate.address_id))
        .order_by(func.min(ChatUpdate.received_at))
        .limit(limit)
    )
    return list(session.exec(found).all())


def backlog(session: Session, desk: Desk) -> int:
    """How many updates wait to be acted on."""
    open_ones = select(func.count()).where(ChatUpdate.pack == desk.pack, ChatUpdate.state == ChatUpdateState.RECEIVED)
    return int(session.exec(open_ones).one())


def _opened(desk: Desk, row: ChatUpdate, sealed: bytes | None, about: str) -> str | None:
    return desk.open(row.person_id, sealed, about) if sealed is not None else None


def _door(desk: Desk, address_id: str) -> tuple[ColumnElement[bool], ...]:
    return col(Address.pack) == desk.pack, col(Address.id) == address_id


def _of(desk: Desk, address_id: str) -> tuple[ColumnElement[bool], ...]:
    return col(ChatUpdate.pack) == desk.pack, col(ChatUpdate.address_id) == address_id


def _this(desk: Desk, row: ChatUpdate) -> tuple[ColumnElement[bool], ...]:
    return col(ChatUpdate.pack) == desk.pack, col(ChatUpdate.id) == row.id, col(ChatUpdate.state).in_(OPEN)


def _mine(desk: Desk, taken: Taken) -> Update:
    return update(ChatUpdate).where(*_this(desk, taken.row), col(ChatUpdate.attempts) == taken.attempt)

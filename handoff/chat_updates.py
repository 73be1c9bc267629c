"""Updates of a messaging app: each acts once, in the order of its chat, and what it led to is said at least once.

An update is known by its own numbers in its chat, as a set: never by "greater than the last", because the app may
begin its numbering again. It is acted on under a lease that counts its attempts. What is to be said is stored in the
transaction of the act, so that a crash after it repeats the saying and never the act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import ColumnElement, Update, bindparam
from sqlmodel import Session, col, func, select, update
from sqlmodel.sql.expression import SelectOfScalar

from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.leases import not_leased
from handoff.models import Address, ChatUpdate, ChatUpdateState
from handoff.people import hold_door

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
    hold_door(session, desk, door)
    if session.exec(_seen(), params={"our": desk.pack, "update": arrival.id}).first():
        return False
    last = session.exec(_last(), params={"our": desk.pack, "door": door.id}).one()
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
    oldest = session.exec(_oldest(), params={"our": desk.pack, "door": address_id}).first()
    if oldest is None:
        return None
    now, attempt = desk.now(), oldest.attempts + 1
    this = {"our": desk.pack, "update": oldest.id, "tried": oldest.attempts}
    until = now + timedelta(seconds=LEASE_SECONDS)
    if not rows_changed(session.execute(_leased(), {**this, "attempt": attempt, "now": now, "until": until})):
        return None
    text = _opened(desk, oldest, oldest.sealed_update, UPDATE)
    return Taken(oldest, text, _opened(desk, oldest, oldest.sealed_parts, PARTS), attempt)


def settle(session: Session, desk: Desk, taken: Taken, parts: str) -> bool:
    """The update was acted on, and `parts` are to be said; False when the lease had passed to another."""
    sealed = desk.seal(taken.row.person_id, parts, PARTS)
    return _changed(session, desk, taken, _done(), sealed=sealed, now=desk.now())


def said(session: Session, desk: Desk, taken: Taken, count: int) -> bool:
    """The first `count` parts were said, and the lease runs on from now."""
    until = desk.now() + timedelta(seconds=LEASE_SECONDS)
    return _changed(session, desk, taken, _said(), count=count, until=until)


def keep_lease(session: Session, desk: Desk, taken: Taken, seconds: float) -> bool:
    """Nobody else takes the update while the app makes us wait."""
    until = desk.now() + timedelta(seconds=seconds + LEASE_SECONDS)
    return _changed(session, desk, taken, _kept(), until=until)


def finish(session: Session, desk: Desk, taken: Taken, fault: str | None = None) -> bool:
    """All was said, or could not be said for the reason `fault` (a code)."""
    state = ChatUpdateState.FAILED if fault else ChatUpdateState.SENT
    return _changed(session, desk, taken, _finished(), now_is=state, why=(fault or "")[:64] or None)


def give_back(session: Session, desk: Desk, taken: Taken, fault: str) -> bool:
    """Leave the update for another try."""
    return _changed(session, desk, taken, _given_back(), why=fault[:64])


def replaced(session: Session, desk: Desk, taken: Taken) -> bool:
    """Whether the message was edited before anybody answered it: then the edit is answered in its place."""
    row = taken.row
    after = {"our": desk.pack, "door": row.address_id, "message": row.about, "after": row.position}
    return row.about is not None and session.exec(_edited(), params=after).first() is not None


def answered(session: Session, desk: Desk, address_id: str, about: int) -> bool:
    """Whether the message with this number in its chat was answered as it stood."""
    asked = {"our": desk.pack, "door": address_id, "message": about}
    return session.exec(_answered(), params=asked).first() is not None


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


def _changed(session: Session, desk: Desk, taken: Taken, change: Update, **given: object) -> bool:
    """Whether the update is still the caller's, and `change` was made to it."""
    this = {"our": desk.pack, "update": taken.row.id, "tried": taken.attempt}
    return rows_changed(session.execute(change, {**this, **given})) == 1


# Statements are made once: to make a short one costs more than to run it, and each update runs most of these. Names are
# others than the columns have: in an update those mean what is set.


@cache
def _seen() -> SelectOfScalar[str]:
    return select(ChatUpdate.id).where(ChatUpdate.pack == bindparam("our"), ChatUpdate.id == bindparam("update"))


@cache
def _last() -> SelectOfScalar[int]:
    return select(func.max(ChatUpdate.position)).where(*_at_door())


@cache
def _oldest() -> SelectOfScalar[ChatUpdate]:
    return (
        select(ChatUpdate)
        .where(*_at_door(), col(ChatUpdate.state).in_(OPEN))
        .order_by(col(ChatUpdate.urgent).desc(), col(ChatUpdate.position))
        .limit(1)
        .execution_options(populate_existing=True)
    )


@cache
def _edited() -> SelectOfScalar[str]:
    later = (ChatUpdate.state == ChatUpdateState.RECEIVED, ChatUpdate.position > bindparam("after"))
    same = (ChatUpdate.about == bindparam("message"), ChatUpdate.kind == "edited")
    return select(ChatUpdate.id).where(*_at_door(), *same, *later).limit(1)


@cache
def _answered() -> SelectOfScalar[str]:
    done = col(ChatUpdate.state).in_((ChatUpdateState.DONE, ChatUpdateState.SENT))
    this = (ChatUpdate.about == bindparam("message"), col(ChatUpdate.fault).is_(None))
    return select(ChatUpdate.id).where(*_at_door(), *this, done).limit(1)


@cache
def _leased() -> Update:
    free = not_leased(ChatUpdate, bindparam("now"))
    return _mine().where(free).values(attempts=bindparam("attempt"), leased_until=bindparam("until"))


@cache
def _done() -> Update:
    acted = _mine().values(state=ChatUpdateState.DONE, sealed_update=None)
    return acted.values(sealed_parts=bindparam("sealed"), done_at=bindparam("now"))


@cache
def _said() -> Update:
    return _mine().values(said=bindparam("count"), leased_until=bindparam("until"))


@cache
def _kept() -> Update:
    return _mine().values(leased_until=bindparam("until"))


@cache
def _finished() -> Update:
    over = _mine().values(sealed_update=None, sealed_parts=None, leased_until=None)
    return over.values(state=bindparam("now_is"), fault=bindparam("why"))


@cache
def _given_back() -> Update:
    return _mine().values(leased_until=None, fault=bindparam("why"))


def _mine() -> Update:
    # A row that a session holds already is not brought up to date: whoever takes it again reads it anew.
    this = (col(ChatUpdate.pack) == bindparam("our"), col(ChatUpdate.id) == bindparam("update"))
    mine = (col(ChatUpdate.state).in_(OPEN), col(ChatUpdate.attempts) == bindparam("tried"))
    return update(ChatUpdate).where(*this, *mine).execution_options(synchronize_session=False)


def _at_door() -> tuple[ColumnElement[bool], ...]:
    return col(ChatUpdate.pack) == bindparam("our"), col(ChatUpdate.address_id) == bindparam("door")

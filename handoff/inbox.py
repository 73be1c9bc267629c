"""The durable inbox: a message is committed under its channel's id before it is acknowledged or answered.

Seen ids are a set, never a maximum. A message is worked on under a lease outside any transaction, and its effects are
written in one transaction that holds only if the lease still stands: so each message acts once, also after a crash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import ColumnElement, Update, bindparam
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session, col, func, select, update
from sqlmodel.sql.expression import SelectOfScalar

from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.leases import not_leased
from handoff.models import Conversation, InboxMessage, InboxState

TEXT = "inbox_message.sealed_text"
ORIGINAL = "inbox_message.sealed_original"
REPLY = "inbox_message.sealed_reply"
LEASE_SECONDS = 30
MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class Arrival:
    """A message as it is committed: `text` is redacted, `original` given only when someone may be at risk."""

    channel: str
    message_id: str
    text: str
    redacted: bool = False
    urgent: str | None = None
    original: str | None = None


@dataclass(frozen=True)
class Lease:
    """The right to work on one message, until it is finished or the lease runs out."""

    message: InboxMessage
    text: str
    attempt: int


def receive(session: Session, desk: Desk, conversation: Conversation, arrival: Arrival) -> tuple[InboxMessage, bool]:
    """The message's row, and whether it is new. The same id again gives the row there was; nothing happens twice."""
    seen = find(session, desk, arrival.channel, arrival.message_id)
    if seen:
        return seen, False
    position = _next_position(session, desk, conversation)
    # Two deliveries at once both came this far: the second waited for the first on the conversation's row.
    seen = find(session, desk, arrival.channel, arrival.message_id)
    if seen:
        return seen, False
    person = conversation.person_id
    original = desk.seal(person, arrival.original, ORIGINAL) if arrival.original is not None else None
    row = InboxMessage(
        pack=desk.pack,
        channel=arrival.channel,
        id=arrival.message_id,
        conversation_id=conversation.id,
        person_id=person,
        position=position,
        urgent=arrival.urgent,
        redacted=arrival.redacted,
        sealed_text=desk.seal(person, arrival.text, TEXT),
        sealed_original=original,
        received_at=desk.now(),
    )
    session.add(row)
    session.flush()
    return row, True


def find(session: Session, desk: Desk, channel: str, message_id: str) -> InboxMessage | None:
    """The message with this id, as the database has it now."""
    return session.exec(_one(), params={"our": desk.pack, "through": channel, "message": message_id}).first()


def take(session: Session, desk: Desk, conversation_id: str) -> Lease | None:
    """The oldest message of the conversation that waits, leased to the caller; none when there is none to take.

    A later message never overtakes an earlier one: while another worker holds the oldest, nothing is taken.
    """
    oldest = session.exec(_oldest(), params={"our": desk.pack, "conversation": conversation_id}).first()
    if oldest is None:
        return None
    now, attempt = desk.now(), oldest.attempts + 1
    until = now + timedelta(seconds=LEASE_SECONDS)
    leased = {**_named(desk, oldest), "tried": oldest.attempts, "attempt": attempt, "now": now, "until": until}
    if not rows_changed(session.execute(_leased(), leased)):
        return None
    return Lease(oldest, desk.open(oldest.person_id, oldest.sealed_text, TEXT), attempt)


def finish(session: Session, desk: Desk, lease: Lease, reply: str) -> bool:
    """Store the reply and mark the message done; False when the lease had passed to another, who then decides.

    Call it first in the transaction that writes the effects, and write none when it says False.
    """
    row = lease.message
    sealed = desk.seal(row.person_id, reply, REPLY)
    done = {**_named(desk, row), "tried": lease.attempt, "now": desk.now(), "reply": sealed}
    return rows_changed(session.execute(_done(), done)) == 1


def give_up(session: Session, desk: Desk, lease: Lease, fault: str) -> bool:
    """Hand the message back for another try; after `MOST_ATTEMPTS` it has failed (True) and a person must look."""
    failed = lease.attempt >= MOST_ATTEMPTS
    row = lease.message
    settled = {"state": InboxState.FAILED, "sealed_original": None} if failed else {}
    back = update(InboxMessage).where(*_waiting()).values(leased_until=None, fault=fault[:64], **settled)
    return rows_changed(session.execute(back, {**_named(desk, row), "tried": lease.attempt})) == 1 and failed


def reply_of(desk: Desk, row: InboxMessage) -> str | None:
    """The stored reply; none while the message waits or when it failed."""
    return desk.open(row.person_id, row.sealed_reply, REPLY) if row.sealed_reply is not None else None


def original_of(desk: Desk, row: InboxMessage) -> str | None:
    """The words as they were typed, kept only while a message about someone at risk waits for its case."""
    return desk.open(row.person_id, row.sealed_original, ORIGINAL) if row.sealed_original is not None else None


def stuck(session: Session, desk: Desk, older_than: timedelta, limit: int = 100) -> list[str]:
    """Conversations with a message that waits although nobody works on it, oldest first."""
    now = desk.now()
    waiting = (
        select(InboxMessage.conversation_id)
        .where(
            InboxMessage.pack == desk.pack,
            InboxMessage.state == InboxState.RECEIVED,
            col(InboxMessage.received_at) <= now - older_than,
            not_leased(InboxMessage, now),
        )
        .group_by(col(InboxMessage.conversation_id))
        .order_by(func.min(InboxMessage.received_at))
        .limit(limit)
    )
    return list(session.exec(waiting).all())


def _next_position(session: Session, desk: Desk, conversation: Conversation) -> int:
    position: int = session.execute(_taken(), {"our": desk.pack, "conversation": conversation.id}).scalar_one()
    return position


# Statements are made once: to make a short one costs more than to run it, and each message runs all of these. Rows that
# a session holds already are not brought up to date by them: whoever reads a row again reads it anew.


@cache
def _one() -> SelectOfScalar[InboxMessage]:
    return select(InboxMessage).where(*_this()).execution_options(populate_existing=True)


@cache
def _oldest() -> SelectOfScalar[InboxMessage]:
    return (
        select(InboxMessage)
        .where(
            InboxMessage.pack == bindparam("our"),
            InboxMessage.conversation_id == bindparam("conversation"),
            InboxMessage.state == InboxState.RECEIVED,
        )
        .order_by(col(InboxMessage.position))
        .limit(1)
        .execution_options(populate_existing=True)
    )


@cache
def _leased() -> Update:
    free = not_leased(InboxMessage, bindparam("now"))
    taking = update(InboxMessage).where(*_waiting(), free)
    taken = taking.values(leased_until=bindparam("until"), attempts=bindparam("attempt"))
    return taken.execution_options(synchronize_session=False)


@cache
def _done() -> Update:
    settled = {"state": InboxState.DONE, "done_at": bindparam("now"), "sealed_reply": bindparam("reply")}
    done = update(InboxMessage).where(*_waiting()).values(**settled, sealed_original=None)
    return done.execution_options(synchronize_session=False)


@cache
def _taken() -> ReturningUpdate[int]:
    mine = (col(Conversation.pack) == bindparam("our"), col(Conversation.id) == bindparam("conversation"))
    counted = update(Conversation).where(*mine).values(taken=Conversation.taken + 1)
    return counted.returning(col(Conversation.taken)).execution_options(synchronize_session=False)


def _named(desk: Desk, row: InboxMessage) -> dict[str, str]:
    return {"our": desk.pack, "through": row.channel, "message": row.id}


def _this() -> tuple[ColumnElement[bool], ...]:
    # Other names than the columns have: in an update those mean what is set.
    return (
        col(InboxMessage.pack) == bindparam("our"),
        col(InboxMessage.channel) == bindparam("through"),
        col(InboxMessage.id) == bindparam("message"),
    )


def _waiting() -> tuple[ColumnElement[bool], ...]:
    return (
        *_this(),
        col(InboxMessage.state) == InboxState.RECEIVED,
        col(InboxMessage.attempts) == bindparam("tried"),
    )

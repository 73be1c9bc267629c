"""The durable inbox: a message is committed under its channel's id before it is acknowledged or answered.

Seen ids are a set, never a maximum. A message is worked on under a lease outside any transaction, and its effects are
written in one transaction that holds only if the lease still stands: so each message acts once, also after a crash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select, update

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
    wanted = select(InboxMessage).where(
        InboxMessage.pack == desk.pack, InboxMessage.channel == channel, InboxMessage.id == message_id
    )
    return session.exec(wanted.execution_options(populate_existing=True)).first()


def take(session: Session, desk: Desk, conversation_id: str) -> Lease | None:
    """The oldest message of the conversation that waits, leased to the caller; none when there is none to take.

    A later message never overtakes an earlier one: while another worker holds the oldest, nothing is taken.
    """
    oldest = session.exec(
        select(InboxMessage)
        .where(
            InboxMessage.pack == desk.pack,
            InboxMessage.conversation_id == conversation_id,
            InboxMessage.state == InboxState.RECEIVED,
        )
        .order_by(col(InboxMessage.position))
        .limit(1)
        .execution_options(populate_existing=True)
    ).first()
    if oldest is None:
        return None
    now, attempt = desk.now(), oldest.attempts + 1
    free = not_leased(InboxMessage, now)
    leased = (
        update(InboxMessage)
        .where(*_this(desk, oldest), col(InboxMessage.state) == InboxState.RECEIVED, free)
        .where(col(InboxMessage.attempts) == oldest.attempts)
        .values(leased_until=now + timedelta(seconds=LEASE_SECONDS), attempts=attempt)
    )
    if not rows_changed(session.execute(leased)):
        return None
    return Lease(oldest, desk.open(oldest.person_id, oldest.sealed_text, TEXT), attempt)


def finish(session: Session, desk: Desk, lease: Lease, reply: str) -> bool:
    """Store the reply and mark the message done; False when the lease had passed to another, who then decides.

    Call it first in the transaction that writes the effects, and write none when it says False.
    """
    row = lease.message
    done = (
        update(InboxMessage)
        .where(*_this(desk, row), col(InboxMessage.state) == InboxState.RECEIVED)
        .where(col(InboxMessage.attempts) == lease.attempt)
        .values(
            state=InboxState.DONE,
            done_at=desk.now(),
            sealed_reply=desk.seal(row.person_id, reply, REPLY),
            sealed_original=None,
        )
    )
    return rows_changed(session.execute(done)) == 1


def give_up(session: Session, desk: Desk, lease: Lease, fault: str) -> bool:
    """Hand the message back for another try; after `MOST_ATTEMPTS` it has failed (True) and a person must look."""
    failed = lease.attempt >= MOST_ATTEMPTS
    row = lease.message
    settled = {"state": InboxState.FAILED, "sealed_original": None} if failed else {}
    back = (
        update(InboxMessage)
        .where(*_this(desk, row), col(InboxMessage.state) == InboxState.RECEIVED)
        .where(col(InboxMessage.attempts) == lease.attempt)
        .values(leased_until=None, fault=fault[:64], **settled)
    )
    return rows_changed(session.execute(back)) == 1 and failed


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
    mine = (col(Conversation.pack) == desk.pack, col(Conversation.id) == conversation.id)
    counted = update(Conversation).where(*mine).values(taken=Conversation.taken + 1).returning(col(Conversation.taken))
    position: int = session.execute(counted).scalar_one()
    return position


def _this(desk: Desk, row: InboxMessage) -> tuple[ColumnElement[bool], ...]:
    return (
        col(InboxMessage.pack) == desk.pack,
        col(InboxMessage.channel) == row.channel,
        col(InboxMessage.id) == row.id,
    )

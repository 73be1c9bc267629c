"""What waits to be sent, and what was done once and must not be done again."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from handoff.models.tables import Row, id_field, link, moment, of_person, one_of, sealed


class OutboxState(StrEnum):
    """Where a message stands. `DEAD` is visible to officers; `DROPPED` was stale or its person was erased."""

    WAITING = "waiting"
    LEASED = "leased"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"


class OutboxMessage(Row, table=True):
    """One message to one address, written in the transaction of the act it tells of, sent at least once.

    `key` is unique and goes with the message to the door, so that a repeat is recognisable. `line` orders the
    messages of one conversation: a later one waits for an earlier one.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        of_person(),
        UniqueConstraint("pack", "key"),
        Index("outbox_due", "pack", "state", "due_at"),
        Index("outbox_line", "pack", "line", "number"),
    )
    id: str = id_field()
    key: str = Field(max_length=128)
    person_id: str = link(index=True)
    address_id: str | None = link(null=True)
    channel: str = Field(max_length=16)
    line: str = Field(max_length=64)
    number: int
    kind: str = Field(max_length=32)
    sealed_body: bytes = sealed()
    state: OutboxState = one_of(OutboxState, OutboxState.WAITING)
    attempts: int = 0
    due_at: datetime = moment()
    leased_until: datetime | None = moment(null=True)
    leased_by: str | None = Field(default=None, max_length=64)
    stale_at: datetime | None = moment(null=True)
    made_at: datetime = moment()
    sent_at: datetime | None = moment(null=True)
    fault: str | None = Field(default=None, max_length=64)


class Receipt(Row, table=True):
    """The result of an act under its idempotency key. The same key with another request is refused."""

    __tablename__ = "receipt"
    id: str = id_field()
    request: str = Field(max_length=64)
    result: str = Field(max_length=2000)
    at: datetime = moment(index=True)

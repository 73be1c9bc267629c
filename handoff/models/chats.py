"""What came through a messaging app, kept until what it asks for is done and said."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from handoff.models.tables import Row, id_field, link, moment, of_person, one_of, points_to, sealed


class ChatUpdateState(StrEnum):
    """How far an update has come: kept, acted on (what is to be said is stored), said, or given up."""

    RECEIVED = "received"
    DONE = "done"
    SENT = "sent"
    FAILED = "failed"


class ChatUpdate(Row, table=True):
    """One update of one chat, committed under its own id before it is acknowledged, so that it acts once.

    `sealed_update` goes when it was acted on, `sealed_parts` when all of it was said; `said` counts the parts that
    were. `about` is the app's number of the message in its chat, by which a later edit is known.
    """

    __tablename__ = "chat_update"
    __table_args__ = (
        of_person(),
        points_to("address", "address_id"),
        UniqueConstraint("pack", "address_id", "position"),
        Index("chat_update_waiting", "pack", "state", "received_at"),
    )
    id: str = id_field()
    person_id: str = link(index=True)
    address_id: str = link(index=True)
    position: int
    kind: str = Field(max_length=16)
    about: int | None = None
    urgent: bool = False
    state: ChatUpdateState = one_of(ChatUpdateState, ChatUpdateState.RECEIVED)
    attempts: int = 0
    said: int = 0
    sealed_update: bytes | None = sealed(null=True)
    sealed_parts: bytes | None = sealed(null=True)
    received_at: datetime = moment()
    done_at: datetime | None = moment(null=True)
    leased_until: datetime | None = moment(null=True)
    fault: str | None = Field(default=None, max_length=64)

"""Messages in, conversations, and what was said in them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from handoff.models.tables import Row, id_field, link, moment, of_person, one_of, points_to, sealed


class InboxState(StrEnum):
    """How far a message has come. What is not done is taken up again by the sweeper."""

    RECEIVED = "received"
    DONE = "done"
    FAILED = "failed"


class Who(StrEnum):
    """Who said a line of a conversation."""

    PERSON = "person"
    ASSISTANT = "assistant"
    OFFICER = "officer"


class Conversation(Row, table=True):
    """One person at one door. `sealed_state` is the dialogue as every channel shares it; `case_id` says who answers.

    While `case_id` names a case with an owner, the officer answers and Askwell only helps with danger.
    """

    __tablename__ = "conversation"
    __table_args__ = (of_person(), points_to("address", "address_id"))
    id: str = id_field()
    person_id: str = link(index=True)
    address_id: str = link(index=True)
    channel: str = Field(max_length=16)
    language: str = Field(default="en", max_length=16)
    sealed_state: bytes | None = sealed(null=True)
    case_id: str | None = link(null=True)
    taken: int = Field(default=0)
    said: int = Field(default=0)
    made_at: datetime = moment()
    last_at: datetime = moment(index=True)


class InboxMessage(Row, table=True):
    """One message under the id its channel gave it, committed before it is acknowledged.

    Seen ids are a set, never a maximum: channels may start their numbering again. `sealed_text` is redacted;
    `sealed_original` is kept only when the message itself says that someone may be at risk.
    """

    __tablename__ = "inbox_message"
    __table_args__ = (
        points_to("conversation", "conversation_id"),
        of_person(),
        UniqueConstraint("pack", "conversation_id", "position"),
        Index("inbox_waiting", "pack", "state", "received_at"),
    )
    channel: str = Field(primary_key=True, max_length=16)
    id: str = id_field()
    conversation_id: str = link(index=True)
    person_id: str = link(index=True)
    position: int
    state: InboxState = one_of(InboxState, InboxState.RECEIVED)
    attempts: int = 0
    urgent: str | None = Field(default=None, max_length=32)
    redacted: bool = False
    sealed_text: bytes = sealed()
    sealed_original: bytes | None = sealed(null=True)
    sealed_reply: bytes | None = sealed(null=True)
    received_at: datetime = moment()
    done_at: datetime | None = moment(null=True)
    leased_until: datetime | None = moment(null=True)
    fault: str | None = Field(default=None, max_length=64)


class Message(Row, table=True):
    """One line of a conversation, as it was shown. `sections` and `sources` are what the assistant quoted, by id.

    `answers_id` is the inbox message that was written, or answered, with this line.
    """

    __tablename__ = "message"
    __table_args__ = (
        points_to("conversation", "conversation_id"),
        of_person(),
        UniqueConstraint("pack", "conversation_id", "number"),
    )
    id: str = id_field()
    conversation_id: str = link(index=True)
    person_id: str = link(index=True)
    number: int
    who: Who = one_of(Who)
    officer_id: str | None = link(null=True)
    case_id: str | None = link(null=True)
    sealed_text: bytes = sealed()
    outcome: str | None = Field(default=None, max_length=32)
    status: str | None = Field(default=None, max_length=64)
    sections: str = Field(default="", max_length=1000)
    language: str = Field(default="en", max_length=16)
    answers_id: str | None = link(null=True, index=True)
    at: datetime = moment(index=True)

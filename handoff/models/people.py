"""People and the doors they come through. Nobody is identified by a channel address."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from handoff.models.tables import Row, id_field, link, moment, of_person, one_of, sealed


class SafeContact(StrEnum):
    """What may be sent to a person. Two adults of one child are two people, each with an answer of their own."""

    FULL = "full"
    NEUTRAL = "neutral"
    NOTHING = "nothing"


class Person(Row, table=True):
    """One adult or young person, known only by an id. Everything personal is sealed with this person's own key."""

    __tablename__ = "person"
    id: str = id_field()
    language: str = Field(default="en", max_length=16)
    made_at: datetime = moment()
    seen_at: datetime = moment(index=True)
    hold_reason: str | None = Field(default=None, max_length=200)
    held_by: str | None = Field(default=None, max_length=64)


class Address(Row, table=True):
    """One door of one person. `fingerprint` finds it without keeping it readable; `sealed_address` is for sending."""

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("pack", "channel", "fingerprint"), of_person())
    id: str = id_field()
    person_id: str = link(index=True)
    channel: str = Field(max_length=16)
    fingerprint: str = Field(max_length=64)
    sealed_address: bytes = sealed()
    safe: SafeContact = one_of(SafeContact, SafeContact.NEUTRAL)
    closed_at: datetime | None = moment(null=True)
    made_at: datetime = moment()


class LeftMailbox(Row, table=True):
    """A mailbox whose owner was erased. `id` is its keyed hash: nobody's letters go there for a while."""

    __tablename__ = "left_mailbox"
    id: str = id_field()
    left_at: datetime = moment(index=True)


class JoinLink(Row, table=True):
    """A one-time link with which a person proves that a second door is theirs. `id` is a hash of its token."""

    __tablename__ = "join_link"
    __table_args__ = (of_person(),)
    id: str = id_field()
    person_id: str = link(index=True)
    expires_at: datetime = moment(index=True)
    used_at: datetime | None = moment(null=True)

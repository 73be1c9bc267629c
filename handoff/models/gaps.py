"""What became of questions that were not answered, and who asked to hear of an answer."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field

from handoff.models.tables import Row, id_field, link, moment, of_person, one_of


class Settled(StrEnum):
    """What an editor made of an unanswered question."""

    NOT_OURS = "not_ours"
    ANSWERED = "answered"


class GapMark(Row, table=True):
    """One unanswered question that is settled. `id` is its message; no person and no words are in it.

    Once the conversation is swept or erased the number leads nowhere.
    """

    __tablename__ = "gap_mark"
    id: str = id_field()
    settled: Settled = one_of(Settled)
    section: str = Field(default="", max_length=200)
    by: str = Field(max_length=64)
    at: datetime = moment(index=True)


class GapJoin(Row, table=True):
    """Two unanswered questions that an editor says ask the same. `id` and `other` are their messages."""

    __tablename__ = "gap_join"
    id: str = id_field()
    other: str = Field(max_length=64)
    by: str = Field(max_length=64)
    at: datetime = moment(index=True)


class Hearing(Row, table=True):
    """Somebody who asked to hear when their question has an answer. Told once, and then it is done.

    `id` is the message that was not answered.
    """

    __tablename__ = "hearing"
    __table_args__ = (of_person(),)
    id: str = id_field()
    person_id: str = link(index=True)
    conversation_id: str = link()
    language: str = Field(default="en", max_length=16)
    made_at: datetime = moment(index=True)
    told_at: datetime | None = moment(null=True)

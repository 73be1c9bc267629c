"""Cases, what happened to them, and what officers wrote to families. Notes for colleagues are in `notes`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from handoff.models.tables import Row, id_field, link, moment, of_person, one_of, points_to, sealed


class Status(StrEnum):
    """The five statuses an officer and a family see alike (ux.md O3)."""

    NEW = "new"
    WORKING = "working"
    WAITING_FOR_FAMILY = "waiting_for_family"
    WAITING_FOR_TEAM = "waiting_for_team"
    DONE = "done"


class Priority(StrEnum):
    """How soon a case is looked at, first to last."""

    SAFEGUARDING = "1_safeguarding"
    HIGH = "2_high"
    NORMAL = "3_normal"


class Act(StrEnum):
    """What can happen to a case. Each is an event in the same transaction as the change it tells of."""

    OPENED = "opened"
    CLAIMED = "claimed"
    RELEASED = "released"
    ASSIGNED = "assigned"
    PASSED_ON = "passed_on"
    REPLIED = "replied"
    NOTED = "noted"
    WAIT_FOR_FAMILY = "wait_for_family"
    WAIT_FOR_TEAM = "wait_for_team"
    FAMILY_WROTE = "family_wrote"
    LATE = "late"
    CLOSE_ASKED = "close_asked"
    CLOSED = "closed"
    REOPENED = "reopened"


class Case(Row, table=True):
    """One family's matter in one queue, with exactly one owner or none. `version` counts the changes."""

    __tablename__ = "case"
    __table_args__ = (
        of_person(),
        points_to("conversation", "conversation_id"),
        UniqueConstraint("pack", "reference"),
        UniqueConstraint("pack", "status_token"),
        Index("case_by_queue", "pack", "queue", "status", "reply_by"),
        Index("case_by_reply", "pack", "priority", "reply_by", "id"),
        Index("case_by_status", "pack", "status", "reply_by", "id"),
        Index("case_by_owner", "pack", "owner_id", "status"),
    )
    id: str = id_field()
    reference: str = Field(max_length=16)
    status_token: str = Field(max_length=64)
    person_id: str = link(index=True)
    conversation_id: str = link(index=True)
    queue: str = Field(max_length=32)
    topic: str = Field(default="", max_length=64)
    status: Status = one_of(Status, Status.NEW)
    priority: Priority = one_of(Priority, Priority.NORMAL)
    owner_id: str | None = link(null=True)
    version: int = 1
    events: int = 0
    door: str = Field(default="web", max_length=16)
    role: str = Field(default="family", max_length=16)
    language: str = Field(default="en", max_length=16)
    needs: str = Field(default="", max_length=200)
    age_band: str = Field(default="", max_length=16, sa_column_kwargs={"server_default": ""})
    sealed_summary: bytes = sealed()
    sealed_shared: bytes = sealed()
    sealed_contact: bytes | None = sealed(null=True)
    data_complaint: bool = False
    opened_at: datetime = moment(index=True)
    reply_by: datetime = moment()
    promised_by: datetime = moment()
    answered_at: datetime | None = moment(null=True)
    late_at: datetime | None = moment(null=True)
    outcome: str | None = Field(default=None, max_length=32)
    close_asked_by: str | None = link(null=True)
    closed_by: str | None = link(null=True)
    closed_at: datetime | None = moment(null=True, index=True)


class CaseEvent(Row, table=True):
    """One act on a case: who, what, when, and codes only. Words are in `CaseReply`, `CaseNote` or the conversation."""

    __tablename__ = "case_event"
    __table_args__ = (points_to("case", "case_id"), UniqueConstraint("pack", "case_id", "number"))
    id: str = id_field()
    case_id: str = link(index=True)
    number: int
    act: Act = one_of(Act)
    officer_id: str | None = link(null=True)
    detail: str = Field(default="", max_length=200)
    at: datetime = moment()


class CaseReply(Row, table=True):
    """What an officer wrote to the family. `key` makes a second press of the same button harmless."""

    __tablename__ = "case_reply"
    __table_args__ = (points_to("case", "case_id"), of_person(), UniqueConstraint("pack", "case_id", "key"))
    id: str = id_field()
    case_id: str = link(index=True)
    person_id: str = link(index=True)
    officer_id: str = link()
    key: str = Field(max_length=64)
    sealed_text: bytes = sealed()
    at: datetime = moment()

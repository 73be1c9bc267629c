"""SEND Surgery sessions as officers plan them: when, where, who is there, and how many places each time has.

The council publishes none of this (SUR-04), so every fact here was typed by an officer.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from handoff.models.tables import Row, id_field, link, moment, one_of, points_to


class SurgeryKind(StrEnum):
    """Whether families book a time, come without one, or either (ux.md part B)."""

    BOOKABLE = "bookable"
    DROP_IN = "drop_in"
    MIXED = "mixed"


class SurgeryState(StrEnum):
    """Families see published sessions alone."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Surgery(Row, table=True):
    """One session on one day. `code` is the officers' own name for it; `example` marks the demo's made-up ones.

    `features` are codes of what the place offers (`handoff.bookings.needs`), separated by spaces. `version` counts
    the changes; `sequence` counts moves, so that a calendar entry follows.
    """

    __tablename__ = "surgery"
    __table_args__ = (
        UniqueConstraint("pack", "code"),
        Index("surgery_by_day", "pack", "state", "starts_at"),
        CheckConstraint("starts_at < ends_at", name="surgery_ends_later"),
    )
    id: str = id_field()
    code: str = Field(max_length=32)
    series: str = Field(default="", max_length=32)
    kind: SurgeryKind = one_of(SurgeryKind)
    state: SurgeryState = one_of(SurgeryState, SurgeryState.DRAFT)
    area: str = Field(default="", max_length=64)
    venue: str = Field(max_length=120)
    address: str = Field(default="", max_length=240)
    online: bool = False
    starts_at: datetime = moment()
    ends_at: datetime = moment()
    drop_in_until: datetime | None = moment(null=True)
    features: str = Field(default="", max_length=200)
    travel: str = Field(default="", max_length=400)
    bring: str = Field(default="", max_length=400)
    late_call: str = Field(default="", max_length=64)
    example: bool = False
    version: int = 1
    made_at: datetime = moment()
    published_at: datetime | None = moment(null=True)
    withdrawn_at: datetime | None = moment(null=True)


class Attendee(Row, table=True):
    """A team that is at one session. They differ from date to date (SUR-06); officers' names are not kept."""

    __tablename__ = "attendee"
    __table_args__ = (points_to("surgery", "surgery_id"), UniqueConstraint("pack", "surgery_id", "team"))
    id: str = id_field()
    surgery_id: str = link(index=True)
    team: str = Field(max_length=100)
    position: int = 0


class Slot(Row, table=True):
    """A time with places. `taken` counts its seats; the database itself refuses one too many."""

    __tablename__ = "slot"
    __table_args__ = (
        points_to("surgery", "surgery_id"),
        UniqueConstraint("pack", "surgery_id", "starts_at", "who"),
        CheckConstraint("capacity >= 1", name="slot_has_room"),
        CheckConstraint("taken >= 0 AND taken <= capacity", name="slot_never_over"),
        CheckConstraint("starts_at < ends_at", name="slot_ends_later"),
    )
    id: str = id_field()
    surgery_id: str = link(index=True)
    starts_at: datetime = moment(index=True)
    ends_at: datetime = moment()
    who: str = Field(default="", max_length=100)
    capacity: int = 1
    taken: int = 0


class WalkIn(Row, table=True):
    """Somebody who came without booking. Only that they came: nothing about who they are."""

    __tablename__ = "walk_in"
    __table_args__ = (points_to("surgery", "surgery_id"),)
    id: str = id_field()
    surgery_id: str = link(index=True)
    topic: str = Field(default="", max_length=32)
    at: datetime = moment()

"""The audit chain, off switches, and erasures: what must be known after the rest has gone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from handoff.models.tables import Row, id_field, moment


class AuditEntry(Row, table=True):
    """Who saw or changed what, never the values. Each entry's `hash` covers the one before (RFC 6962's idea)."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("audit_by_actor", "pack", "actor", "at"),)
    number: int = Field(primary_key=True)
    at: datetime = moment(index=True)
    actor: str = Field(max_length=64)
    act: str = Field(max_length=32)
    kind: str = Field(max_length=32)
    subject: str = Field(max_length=64, index=True)
    detail: str = Field(default="", max_length=400)
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class OffSwitch(Row, table=True):
    """One turn of a switch: what, off or on, why and by whom. The last turn counts."""

    __tablename__ = "off_switch"
    id: str = id_field()
    what: str = Field(max_length=16, index=True)
    off: bool
    reason: str = Field(max_length=400)
    by: str = Field(max_length=64)
    at: datetime = moment()


class Erasure(Row, table=True):
    """A person was erased: when, and which records the council had to keep. Applied again after a restore."""

    __tablename__ = "erasure"
    id: str = id_field()
    person_id: str = Field(max_length=64, index=True)
    receipt: str = Field(max_length=16)
    kept: str = Field(default="", max_length=400)
    at: datetime = moment()

"""Officers, the queues each may see, and who is signed in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from handoff.models.tables import Row, id_field, link, moment, one_of, points_to


class OfficerRole(StrEnum):
    """What an officer may do. Which cases they may see is by queue, and only by queue."""

    OFFICER = "officer"
    LEAD = "lead"
    SAFEGUARDING = "safeguarding"
    EDITOR = "editor"
    ADMIN = "admin"


class Officer(Row, table=True):
    """A member of the council's staff."""

    __tablename__ = "officer"
    __table_args__ = (UniqueConstraint("pack", "email"),)
    id: str = id_field()
    email: str = Field(max_length=254)
    name: str = Field(max_length=100)
    role: OfficerRole = one_of(OfficerRole, OfficerRole.OFFICER)
    password: str = Field(max_length=200)
    totp: bytes | None = None
    made_at: datetime = moment()
    left_at: datetime | None = moment(null=True)


class OfficerQueue(Row, table=True):
    """A queue an officer may see. No row, no sight of it."""

    __tablename__ = "officer_queue"
    __table_args__ = (points_to("officer", "officer_id"),)
    officer_id: str = Field(primary_key=True, max_length=64)
    queue: str = Field(primary_key=True, max_length=32)


class OfficerSession(Row, table=True):
    """A signed-in browser. `id` is a hash of the cookie's token, so the table opens no door."""

    __tablename__ = "officer_session"
    __table_args__ = (points_to("officer", "officer_id"),)
    id: str = id_field()
    officer_id: str = link(index=True)
    made_at: datetime = moment()
    last_at: datetime = moment()
    expires_at: datetime = moment(index=True)


class SignInTry(Row, table=True):
    """One failed password, counted before the next one is hashed."""

    __tablename__ = "sign_in_try"
    id: str = id_field()
    account: str = Field(max_length=64, index=True)
    at: datetime = moment(index=True)

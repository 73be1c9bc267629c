"""Schools that an officer let in: who, how they come in, and where they are signed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from handoff.models.tables import Row, id_field, link, moment, of_person, points_to


class SchoolAccess(Row, table=True):
    """One person at one school who may read the AP Directory in full, until `ends_at` or until an officer ends it."""

    __tablename__ = "school_access"
    __table_args__ = (of_person(), points_to("address", "address_id"), UniqueConstraint("pack", "address_id"))
    id: str = id_field()
    person_id: str = link(index=True)
    address_id: str = link()
    school: str = Field(max_length=120)
    invited_by: str = Field(max_length=64)
    made_at: datetime = moment()
    accepted_at: datetime | None = moment(null=True)
    ends_at: datetime = moment(index=True)


class SchoolLink(Row, table=True):
    """A one-time link that signs a school in. `id` is a hash of its token."""

    __tablename__ = "school_link"
    __table_args__ = (points_to("school_access", "access_id"),)
    id: str = id_field()
    access_id: str = link(index=True)
    expires_at: datetime = moment(index=True)
    used_at: datetime | None = moment(null=True)


class SchoolSession(Row, table=True):
    """A browser in which a school is signed in. `id` is a hash of the cookie's token."""

    __tablename__ = "school_session"
    __table_args__ = (points_to("school_access", "access_id"),)
    id: str = id_field()
    access_id: str = link(index=True)
    made_at: datetime = moment()
    expires_at: datetime = moment(index=True)

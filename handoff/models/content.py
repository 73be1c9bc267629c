"""Texts of the pack as officers changed them: a whole file a version, so that each can go back into the pack."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from handoff.models.tables import Row, id_field, link, moment, one_of


class VersionState(StrEnum):
    """A draft changes nothing; what is applied is what Askwell answers from."""

    DRAFT = "draft"
    APPLIED = "applied"
    DROPPED = "dropped"


class ContentVersion(Row, table=True):
    """One file of the pack, as an officer wants it. Public text: nothing about a family belongs in it.

    `base` is the hash of the text it was made from, so that two changes never undo each other unseen. `number` counts
    what was applied, for every process to see that there is something newer.
    """

    __tablename__ = "content_version"
    __table_args__ = (UniqueConstraint("pack", "number"), Index("content_by_path", "pack", "path", "state", "number"))
    id: str = id_field()
    path: str = Field(max_length=200)
    subject: str = Field(default="", max_length=200)
    text: str
    base: str = Field(max_length=64)
    state: VersionState = one_of(VersionState, VersionState.DRAFT)
    why: str = Field(max_length=400)
    by: str = Field(max_length=64)
    made_at: datetime = moment(index=True)
    number: int | None = Field(default=None, nullable=True)
    applied_by: str | None = link(null=True)
    applied_at: datetime | None = moment(null=True)

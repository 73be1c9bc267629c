"""What is known of each document that is followed: when it was asked for, and what its server said of the copy."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from handoff.models.tables import Row, id_field, moment


class SourceWatch(Row, table=True):
    """One followed document, by its id in the pack. `unchanged_at` is a machine's word and never a person's check.

    A source that nobody follows has a row once its owner was reminded, and `asked_at` is that moment.
    """

    __tablename__ = "source_watch"
    id: str = id_field()
    url: str = Field(max_length=2000)
    etag: str = Field(default="", max_length=256)
    modified: str = Field(default="", max_length=64)
    sha256: str = Field(default="", max_length=64)
    asked_at: datetime = moment(index=True)
    fetched_at: datetime | None = moment(null=True)
    unchanged_at: datetime | None = moment(null=True)
    missing_at: datetime | None = moment(null=True)
    fault: str = Field(default="", max_length=64)
    nudged_at: datetime | None = moment(null=True)

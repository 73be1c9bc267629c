"""A reply that an officer sent and can still take back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from handoff.models.tables import Row, id_field, link, moment, of_person, points_to, sealed


class HeldReply(Row, table=True):
    """What will be sent to the family at `due_at`, as if it were sent then. `fault` says why it could not be."""

    __tablename__ = "held_reply"
    __table_args__ = (points_to("case", "case_id"), of_person(), UniqueConstraint("pack", "case_id", "key"))
    id: str = id_field()
    case_id: str = link(index=True)
    person_id: str = link(index=True)
    officer_id: str = link()
    version: int
    key: str = Field(max_length=64)
    sealed_text: bytes = sealed()
    due_at: datetime = moment(index=True)
    fault: str = Field(default="", max_length=32)

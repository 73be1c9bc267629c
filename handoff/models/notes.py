"""Notes: what officers write for colleagues.

The table has a module of its own, and `handoff.models` does not pass its name on, so that import-linter can hold
every module that serves a family away from it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from handoff.models.tables import Row, id_field, link, moment, of_person, points_to, sealed


class CaseNote(Row, table=True):
    """What an officer wrote for colleagues. Nothing that serves a family may import this table."""

    __tablename__ = "case_note"
    __table_args__ = (points_to("case", "case_id"), of_person(), UniqueConstraint("pack", "case_id", "key"))
    id: str = id_field()
    case_id: str = link(index=True)
    person_id: str = link(index=True)
    officer_id: str = link()
    key: str = Field(max_length=64)
    sealed_text: bytes = sealed()
    at: datetime = moment()

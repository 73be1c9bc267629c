"""A lease: one worker at a time has a row, until it is done with it or the lease runs out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement
from sqlmodel import col, or_

from handoff.models import ChatUpdate, InboxMessage


def not_leased(
    table: type[ChatUpdate] | type[InboxMessage], now: datetime | BindParameter[datetime]
) -> ColumnElement[bool]:
    """The rows nobody works on: never leased, handed back, or left by a worker whose lease ran out."""
    return or_(col(table.leased_until).is_(None), col(table.leased_until) < now)

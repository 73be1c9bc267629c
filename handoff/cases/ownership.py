"""Whose a case is: exactly one officer's, or nobody's."""

from __future__ import annotations

from sqlmodel import Session, col, select

from handoff.desk import Desk
from handoff.models import Case, Status


def owner_of(session: Session, desk: Desk, conversation_id: str) -> str | None:
    """The officer who answers this conversation; none when Askwell answers.

    A person answers while a case of the conversation is claimed and not done: so the two never talk over each other.
    """
    claimed = (
        select(Case.owner_id)
        .where(Case.pack == desk.pack, Case.conversation_id == conversation_id)
        .where(col(Case.owner_id).is_not(None), Case.status != Status.DONE)
        .order_by(col(Case.priority), col(Case.opened_at))
    )
    return session.exec(claimed).first()

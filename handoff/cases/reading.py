"""What an officer may read of a case. Opening one is written down: who saw it, and when."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlmodel import Session, col, select

from handoff import audit
from handoff.cases.changing import look
from handoff.cases.sealed import SHARED, SUMMARY
from handoff.cases.telling import Contact, contact_of
from handoff.desk import Desk
from handoff.models import Case, CaseEvent
from handoff.rights import Acting


@dataclass(frozen=True)
class OfficerView:
    """A case, opened for an officer who may see it. Its notes are fetched apart (`handoff.cases.notes`)."""

    case: Case
    summary: str
    shared: tuple[str, ...]
    contact: Contact | None
    events: tuple[CaseEvent, ...]


def open_for(session: Session, desk: Desk, acting: Acting, case_id: str) -> OfficerView:
    """The case as the officer sees it; that they saw it is in the audit chain. Raises `NoSuchCaseError`.

    Writes, so call it inside `handoff.database.transaction`. Raises `ErasedError` when the family was erased.
    """
    case = look(session, desk, acting, case_id)
    audit.record(session, desk, actor=acting.officer_id, act="saw", kind="case", subject=case_id)
    return OfficerView(
        case=case,
        summary=desk.open(case.person_id, case.sealed_summary, SUMMARY),
        shared=tuple(json.loads(desk.open(case.person_id, case.sealed_shared, SHARED))),
        contact=contact_of(desk, case),
        events=events_of(session, desk, acting, case_id),
    )


def events_of(session: Session, desk: Desk, acting: Acting, case_id: str) -> tuple[CaseEvent, ...]:
    """What happened to the case, in order. Raises `NoSuchCaseError`."""
    look(session, desk, acting, case_id)
    mine = select(CaseEvent).where(CaseEvent.pack == desk.pack, CaseEvent.case_id == case_id)
    return tuple(session.exec(mine.order_by(col(CaseEvent.number))).all())

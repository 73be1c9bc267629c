"""What happened to a case, written with the act itself: its event, and its entry in the audit chain."""

from __future__ import annotations

from sqlmodel import Session, col, select, update

from handoff import audit
from handoff.desk import Desk
from handoff.models import Act, Case, CaseEvent

SYSTEM, FAMILY = "system", "family"


def note_event(
    session: Session, desk: Desk, case: Case, act: Act, *, by: str | None, detail: str = "", actor: str = SYSTEM
) -> CaseEvent:
    """Write that `act` happened to `case`. `by` is an officer's id; without one the `actor` is a word.

    Events of a case are numbered from 1 without gaps. `detail` holds codes, never words.
    """
    mine = (col(Case.pack) == desk.pack, col(Case.id) == case.id)
    session.execute(update(Case).where(*mine).values(events=Case.events + 1))
    number = session.exec(select(Case.events).where(*mine)).one()
    event = CaseEvent(
        pack=desk.pack,
        id=desk.new_id(),
        case_id=case.id,
        number=number,
        act=act,
        officer_id=by,
        detail=detail,
        at=desk.now(),
    )
    session.add(event)
    audit.record(session, desk, actor=by or actor, act=act.value, kind="case", subject=case.id, detail=detail)
    return event

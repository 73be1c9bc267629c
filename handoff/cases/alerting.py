"""Officers hear of a safeguarding case by email: when it comes, and when it has waited as long as the alarm allows."""

from __future__ import annotations

from sqlmodel import Session, col, select

from handoff.desk import Desk
from handoff.models import Case, Officer, OfficerQueue, OfficerRole
from handoff.staff_letters import tell_officer


def alert(session: Session, desk: Desk, case: Case, phrase: str) -> int:
    """A letter to everyone who may see this case's queue; how many. It names the case and nothing of the family.

    It is written with the act that it tells of, and sent when the mail server takes it: nothing waits for it.
    """
    words = desk.say(phrase, "en", reference=case.reference)
    staff = _who_may_see(session, desk, case.queue)
    for officer in staff:
        tell_officer(
            session,
            desk,
            officer,
            key=f"{phrase}:{case.id}:{case.version}:{officer.id}",
            line=f"{case.id}:{officer.id}",
            kind=phrase,
            words=words,
            path=f"/officers/cases/{case.id}",
        )
    return len(staff)


def _who_may_see(session: Session, desk: Desk, queue: str) -> list[Officer]:
    seeing = (
        select(Officer)
        .join(OfficerQueue, (col(OfficerQueue.pack) == Officer.pack) & (col(OfficerQueue.officer_id) == Officer.id))
        .where(Officer.pack == desk.pack, OfficerQueue.queue == queue, col(Officer.left_at).is_(None))
        .where(Officer.role == OfficerRole.SAFEGUARDING)
        .order_by(col(Officer.id))
    )
    return list(session.exec(seeing).all())

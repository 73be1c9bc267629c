"""Who talks with a family in a conversation, and how a family may be reached about its case."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache

from sqlalchemy import bindparam
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from handoff.cases.changing import case_now, hold
from handoff.cases.events import FAMILY, note_event
from handoff.cases.sealed import CONTACT
from handoff.cases.telling import Contact
from handoff.desk import Desk
from handoff.models import Act, Case, Status
from knowledge.routing import SAFEGUARDING


def answered_by(session: Session, desk: Desk, conversation_id: str) -> Case | None:
    """The case whose owner answers this conversation; none when Askwell does.

    Of two, the ordinary one: what a family writes in passing is about its request, and each message about risk opens
    a case of its own.
    """
    return session.exec(_owned(), params={"our": desk.pack, "conversation": conversation_id}).first()


@cache
def _owned() -> SelectOfScalar[Case]:
    # Made once: each message asks this three times.
    return (
        select(Case)
        .where(Case.pack == bindparam("our"), Case.conversation_id == bindparam("conversation"))
        .where(col(Case.owner_id).is_not(None), Case.status != Status.DONE)
        .order_by(col(Case.queue) == SAFEGUARDING, col(Case.opened_at).desc(), col(Case.id))
        .limit(1)
        .execution_options(populate_existing=True)
    )


def leave_contact(session: Session, desk: Desk, conversation_id: str, contact: Contact) -> bool:
    """Add a way to reach the family to its newest open case, a message about risk first; False when there is none.

    Of the event only that it happened is kept: the contact itself is sealed.
    """
    mine = (
        select(Case)
        .where(Case.pack == desk.pack, Case.conversation_id == conversation_id, Case.status != Status.DONE)
        .order_by(col(Case.queue) != SAFEGUARDING, col(Case.opened_at).desc(), col(Case.id))
    )
    found = session.exec(mine.limit(1)).first()
    if found is None:
        return False
    hold(session, desk, found.id)
    sealed = desk.seal(found.person_id, json.dumps(asdict(contact)), CONTACT)
    this = (col(Case.pack) == desk.pack, col(Case.id) == found.id)
    session.execute(update(Case).where(*this).values(sealed_contact=sealed, version=Case.version + 1))
    case = case_now(session, desk, found.id)
    note_event(session, desk, case, Act.FAMILY_WROTE, by=None, detail="contact", actor=FAMILY)
    return True

""" "Tell me when dates are out": kept until dates are out, told once, and then done."""

from __future__ import annotations

import json

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from handoff.bookings.letters import Note, send
from handoff.bookings.visit import Reach, Visit
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.models import Subscription
from handoff.vault import ErasedError

CONTACT = "subscription.sealed_contact"
DATES_PAGE = "/booking"


def subscribe(
    session: Session, desk: Desk, person_id: str, reach: Reach, to: str, language: str = "en"
) -> Subscription:
    """Remember that this person wants to know. Asking again changes where they are told, not how often."""
    contact = json.dumps({"reach": reach.value, "to": to})
    row = Subscription(
        pack=desk.pack,
        id=desk.new_id(),
        person_id=person_id,
        language=language,
        sealed_contact=desk.seal(person_id, contact, CONTACT),
        made_at=desk.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
        return row
    except IntegrityError:
        mine = select(Subscription).where(
            Subscription.pack == desk.pack,
            Subscription.person_id == person_id,
            col(Subscription.told_at).is_(None),
        )
        there = session.exec(mine).first()
        if there is None:
            raise
        there.sealed_contact, there.language = row.sealed_contact, language
        session.add(there)
        session.flush()
        return there


def tell_dates_are_out(session: Session, desk: Desk) -> int:
    """Write to everybody who asked, each once; how many. Called when a session is published."""
    waiting = session.exec(
        select(Subscription)
        .where(Subscription.pack == desk.pack, col(Subscription.told_at).is_(None))
        .order_by(col(Subscription.id))
        .execution_options(populate_existing=True)
    ).all()
    return sum(_tell(session, desk, row) for row in waiting)


def _tell(session: Session, desk: Desk, row: Subscription) -> bool:
    mine = update(Subscription).where(
        col(Subscription.pack) == desk.pack, col(Subscription.id) == row.id, col(Subscription.told_at).is_(None)
    )
    told = mine.values(told_at=desk.now()).execution_options(synchronize_session=False)
    if not rows_changed(session.execute(told)):
        return False
    try:
        contact = json.loads(desk.open(row.person_id, row.sealed_contact, CONTACT))
    except ErasedError:
        return False
    visit = Visit("something_else", reach=Reach(contact["reach"]), to=contact["to"], language=row.language)
    note = Note(f"dates:{row.id}", f"d:{row.id}", "dates_out", "letter_dates_out", {}, DATES_PAGE)
    send(session, desk, row.person_id, visit, note)
    return True

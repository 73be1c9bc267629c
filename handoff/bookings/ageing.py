"""Retention of bookings, waiting and sessions: the daily sweep of what has been kept long enough (retention.yaml)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists
from sqlmodel import Session, SQLModel, col, delete, select

from handoff.bookings.places import release
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.models import (
    Attendee,
    Booking,
    Hold,
    Offer,
    Person,
    Slot,
    Subscription,
    Surgery,
    WaitingListEntry,
    WaitingState,
    WalkIn,
)
from handoff.retention_rules import Rule

OfPeople = type[Booking] | type[Hold] | type[Offer] | type[Subscription] | type[WaitingListEntry]


def old_bookings(session: Session, desk: Desk, rule: Rule) -> int:
    """Bookings whose visit is long over, cancelled ones too."""
    ids = _ids(session, desk, Booking, col(Booking.ends_at) <= rule.cut(desk.now()))
    for id in ids:
        release(session, desk, booking_id=id)
    return _delete(session, desk, Booking, ids)


def old_holds(session: Session, desk: Desk, rule: Rule) -> int:
    """Holds that ran out and that no sweep has met since."""
    ids = _ids(session, desk, Hold, col(Hold.until) <= rule.cut(desk.now()), col(Hold.offered).is_(False))
    for id in ids:
        release(session, desk, hold_id=id)
    return _delete(session, desk, Hold, ids)


def old_waiting(session: Session, desk: Desk, rule: Rule) -> int:
    """Entries of the waiting list from long ago, with the offers made to them; not while an offer is open."""
    settled = col(WaitingListEntry.state) != WaitingState.OFFERED
    ids = _ids(session, desk, WaitingListEntry, col(WaitingListEntry.joined_at) <= rule.cut(desk.now()), settled)
    offers = delete(Offer).where(col(Offer.pack) == desk.pack, col(Offer.entry_id).in_(ids))
    session.execute(offers.execution_options(synchronize_session=False))
    return _delete(session, desk, WaitingListEntry, ids)


def old_subscriptions(session: Session, desk: Desk, rule: Rule) -> int:
    """Wishes to hear of dates: told or not, after that time they are stale."""
    asked = _ids(session, desk, Subscription, col(Subscription.made_at) <= rule.cut(desk.now()))
    return _delete(session, desk, Subscription, asked)


def old_surgeries(session: Session, desk: Desk, rule: Rule) -> int:
    """Sessions long over to which nobody's row points any more, with their times, teams and counts."""
    over = select(Surgery.id).where(Surgery.pack == desk.pack, col(Surgery.ends_at) <= rule.cut(desk.now()))
    for table in (Booking, Hold, Offer, WaitingListEntry):
        over = over.where(~exists().where(col(table.pack) == desk.pack, col(table.surgery_id) == col(Surgery.id)))
    ids = session.exec(over).all()
    for part in (Slot, Attendee, WalkIn):
        gone = delete(part).where(col(part.pack) == desk.pack, col(part.surgery_id).in_(ids))
        session.execute(gone.execution_options(synchronize_session=False))
    return _delete(session, desk, Surgery, ids)


def _ids(session: Session, desk: Desk, table: OfPeople, *which: ColumnElement[bool]) -> Sequence[str]:
    held = exists().where(
        col(Person.pack) == desk.pack, col(Person.id) == col(table.person_id), col(Person.hold_reason).is_not(None)
    )
    return session.exec(select(table.id).where(col(table.pack) == desk.pack, *which, ~held)).all()


def _delete(session: Session, desk: Desk, table: type[SQLModel], ids: Sequence[str]) -> int:
    columns = table.__table__.c  # type: ignore[attr-defined]
    gone = delete(table).where(columns.pack == desk.pack, columns.id.in_(ids))
    return rows_changed(session.execute(gone.execution_options(synchronize_session=False)))


# In this order: a session goes after everything that points to it.
SWEEPS = {
    "hold": old_holds,
    "booking": old_bookings,
    "waiting_list": old_waiting,
    "subscription": old_subscriptions,
    "surgery": old_surgeries,
}

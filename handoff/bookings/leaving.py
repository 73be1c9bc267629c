"""A person is erased: what they kept is free again, and goes to whoever waits, before their rows go."""

from __future__ import annotations

from sqlmodel import Session, col, select, update

from handoff.bookings.offering import offer_places
from handoff.bookings.places import lock, release
from handoff.desk import Desk
from handoff.models import Hold, Seat, Slot, WaitingListEntry, WaitingState


def leave_all(session: Session, desk: Desk, person_id: str) -> int:
    """Give back every place the person keeps; how many there were. Called in the transaction that erases them."""
    surgery_ids = session.exec(
        select(Slot.surgery_id)
        .join(Seat, (col(Seat.pack) == col(Slot.pack)) & (col(Seat.slot_id) == col(Slot.id)))
        .where(Slot.pack == desk.pack, Seat.person_id == person_id)
        .distinct()
    ).all()
    gone = update(WaitingListEntry).where(
        col(WaitingListEntry.pack) == desk.pack, col(WaitingListEntry.person_id) == person_id
    )
    session.execute(gone.values(state=WaitingState.LEFT).execution_options(synchronize_session=False))
    locked = lock(session, desk, *surgery_ids)
    seats = session.exec(
        select(Seat.hold_id, Seat.booking_id).where(Seat.pack == desk.pack, Seat.person_id == person_id).distinct()
    ).all()
    given = sum(release(session, desk, hold_id=hold_id, booking_id=booking_id) for hold_id, booking_id in seats)
    for hold_id in {hold_id for hold_id, _ in seats if hold_id}:
        session.delete(session.get_one(Hold, (desk.pack, hold_id)))
    session.flush()
    for surgery in locked.values():
        offer_places(session, desk, surgery)
    return given

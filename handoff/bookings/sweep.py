"""What time does to places: holds and offers run out, and what a booking made pointless is taken back. Run often."""

from __future__ import annotations

from sqlalchemy import Engine, exists
from sqlmodel import Session, col, select

from handoff.bookings.claim import claim
from handoff.bookings.freeing import change_entry, drop_hold, free_overdue, settle_offer
from handoff.bookings.offering import offer_places
from handoff.bookings.places import lock
from handoff.database import reading
from handoff.desk import Desk
from handoff.models import (
    Booking,
    BookingState,
    Hold,
    Offer,
    OfferState,
    Slot,
    Surgery,
    SurgeryState,
    WaitingListEntry,
    WaitingState,
)


def sweep(engine: Engine, desk: Desk) -> int:
    """Let go of everything whose time has come, one session a transaction; how many holds ended."""
    with reading(engine) as session:
        due = sorted({*_overdue(session, desk), *_pointless(session, desk), *_with_room(session, desk)})

    def of(surgery_id: str) -> int:
        def act(session: Session) -> int:
            return settle(session, desk, lock(session, desk, surgery_id)[surgery_id])

        return claim(engine, act)

    return sum(of(surgery_id) for surgery_id in due)


def settle(session: Session, desk: Desk, surgery: Surgery) -> int:
    """The same for one locked session."""
    ended, freed = free_overdue(session, desk, surgery), 0
    for offer in _needless(session, desk, surgery.id):
        if settle_offer(session, desk, offer.hold_id, OfferState.WITHDRAWN):
            change_entry(session, desk, offer.entry_id, {WaitingState.OFFERED}, WaitingState.BOOKED)
            drop_hold(session, desk, offer.hold_id)
            freed += 1
    if freed:
        offer_places(session, desk, surgery)
    # Whoever let an offer run out is asked again when a place comes up, not about one that is free anyway.
    offer_places(session, desk, surgery, _missed(session, desk))
    return ended + freed


def _missed(session: Session, desk: Desk) -> list[str]:
    """Those who wait and let an offer run out."""
    late = select(WaitingListEntry.id).where(
        WaitingListEntry.pack == desk.pack,
        WaitingListEntry.state == WaitingState.WAITING,
        col(WaitingListEntry.missed) > 0,
    )
    return list(session.exec(late).all())


def _with_room(session: Session, desk: Desk) -> list[str]:
    """Sessions with a free time while somebody waits: after a session was withdrawn, say, its people wait for any."""
    waits = exists().where(
        col(WaitingListEntry.pack) == desk.pack,
        col(WaitingListEntry.state) == WaitingState.WAITING,
        col(WaitingListEntry.missed) == 0,
    )
    room = (
        select(Slot.surgery_id)
        .join(Surgery, (col(Surgery.pack) == col(Slot.pack)) & (col(Surgery.id) == col(Slot.surgery_id)))
        .where(Slot.pack == desk.pack, Surgery.state == SurgeryState.PUBLISHED, col(Slot.starts_at) > desk.now())
        .where(col(Slot.taken) < col(Slot.capacity), waits)
        .distinct()
    )
    return list(session.exec(room).all())


def _overdue(session: Session, desk: Desk) -> list[str]:
    late = select(Hold.surgery_id).where(Hold.pack == desk.pack, col(Hold.until) <= desk.now()).distinct()
    return list(session.exec(late).all())


def _pointless(session: Session, desk: Desk) -> list[str]:
    return sorted({offer.surgery_id for offer in _needless(session, desk)})


def _needless(session: Session, desk: Desk, surgery_id: str | None = None) -> list[Offer]:
    """Open offers to people who have booked a place on the same topic meanwhile."""
    found = (
        select(Offer)
        .join(
            WaitingListEntry,
            (col(WaitingListEntry.pack) == col(Offer.pack)) & (col(WaitingListEntry.id) == col(Offer.entry_id)),
        )
        .join(
            Booking,
            (col(Booking.pack) == col(Offer.pack))
            & (col(Booking.person_id) == col(Offer.person_id))
            & (col(Booking.topic) == col(WaitingListEntry.topic)),
        )
        .where(
            Offer.pack == desk.pack,
            Offer.state == OfferState.OPEN,
            Booking.state == BookingState.BOOKED,
            col(Booking.ends_at) > desk.now(),
        )
        .order_by(col(Offer.id))
        .execution_options(populate_existing=True)
    )
    if surgery_id is not None:
        found = found.where(Offer.surgery_id == surgery_id)
    return list(session.exec(found).all())

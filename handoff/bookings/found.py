"""What a link leads to: a booking, or a place on the waiting list, as it is now. No account is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from handoff.bookings.errors import LinkError
from handoff.bookings.links import token_hash
from handoff.bookings.places import slots_kept
from handoff.bookings.visit import Visit, open_visit
from handoff.desk import Desk
from handoff.models import (
    Attendee,
    Booking,
    BookingState,
    Hold,
    Offer,
    OfferState,
    Slot,
    Surgery,
    WaitingListEntry,
    WaitingState,
)
from handoff.vault import ErasedError


@dataclass(frozen=True)
class Booked:
    """A booking opened: what was said, when and where it is, and the link that comes back to it."""

    booking: Booking
    surgery: Surgery
    teams: tuple[str, ...]
    slots: tuple[Slot, ...]
    visit: Visit
    token: str

    @property
    def is_open(self) -> bool:
        """Whether it still keeps a place."""
        return self.booking.state is BookingState.BOOKED


@dataclass(frozen=True)
class Waiting:
    """A place on the waiting list opened, with the offer that is open, if there is one."""

    entry: WaitingListEntry
    visit: Visit
    token: str
    surgery: Surgery | None = None
    offer: Offer | None = None
    offered: tuple[Slot, ...] = ()
    until: datetime | None = None


def find(session: Session, desk: Desk, token: str) -> Booked | Waiting:
    """What this link leads to. A booking made from a place on the list has the same link. Raises `LinkError`."""
    hashed = token_hash(token)
    booking = session.exec(
        select(Booking)
        .where(Booking.pack == desk.pack, Booking.token_hash == hashed)
        .execution_options(populate_existing=True)
    ).first()
    if booking:
        return opened(session, desk, booking)
    entry = session.exec(
        select(WaitingListEntry)
        .where(WaitingListEntry.pack == desk.pack, WaitingListEntry.token_hash == hashed)
        .execution_options(populate_existing=True)
    ).first()
    if entry is None:
        raise LinkError
    return opened_entry(session, desk, entry)


def opened(session: Session, desk: Desk, booking: Booking) -> Booked:
    """The booking with everything a page shows. Raises `LinkError` when its person was erased."""
    try:
        visit = open_visit(desk, booking.person_id, booking.sealed_visit, "booking")
        token = desk.open(booking.person_id, booking.sealed_token, "booking.sealed_token")
    except ErasedError:
        raise LinkError from None
    surgery = session.get_one(Surgery, (desk.pack, booking.surgery_id))
    slots = slots_kept(session, desk, booking_id=booking.id)
    return Booked(booking, surgery, teams_of(session, desk, surgery.id), tuple(slots), visit, token)


def opened_entry(session: Session, desk: Desk, entry: WaitingListEntry) -> Waiting:
    """The entry with its open offer. Raises `LinkError` when its person was erased."""
    try:
        visit = open_visit(desk, entry.person_id, entry.sealed_visit, "waiting_list_entry")
        token = desk.open(entry.person_id, entry.sealed_token, "waiting_list_entry.sealed_token")
    except ErasedError:
        raise LinkError from None
    offer = session.exec(
        select(Offer)
        .where(Offer.pack == desk.pack, Offer.entry_id == entry.id, Offer.state == OfferState.OPEN)
        .execution_options(populate_existing=True)
    ).first()
    surgery_id = offer.surgery_id if offer else entry.surgery_id
    surgery = session.get(Surgery, (desk.pack, surgery_id)) if surgery_id else None
    if offer is None or offer.until <= desk.now() or entry.state is not WaitingState.OFFERED:
        return Waiting(entry, visit, token, surgery)
    slots = tuple(slots_kept(session, desk, hold_id=offer.hold_id))
    return Waiting(entry, visit, token, surgery, offer, slots, offer.until)


def own_bookings(session: Session, desk: Desk, person_id: str) -> tuple[Booked, ...]:
    """The bookings of this person that are still to come, soonest first."""
    rows = session.exec(
        select(Booking)
        .where(Booking.pack == desk.pack, Booking.person_id == person_id, Booking.state == BookingState.BOOKED)
        .where(col(Booking.ends_at) > desk.now())
        .order_by(col(Booking.starts_at))
    ).all()
    return tuple(opened(session, desk, row) for row in rows)


def teams_of(session: Session, desk: Desk, surgery_id: str) -> tuple[str, ...]:
    """The teams that will be at the session, in the officers' order."""
    found = select(Attendee.team).where(Attendee.pack == desk.pack, Attendee.surgery_id == surgery_id)
    return tuple(session.exec(found.order_by(col(Attendee.position))).all())


def live_hold(session: Session, desk: Desk, hold_id: str, person_id: str) -> Hold | None:
    """The person's hold as the database has it now; call it again once its session is locked."""
    return session.exec(
        select(Hold)
        .where(Hold.pack == desk.pack, Hold.id == hold_id, Hold.person_id == person_id)
        .execution_options(populate_existing=True)
    ).first()

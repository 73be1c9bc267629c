"""Book, move and cancel. Every button has a key of its own: a second press, or one after a crash, is harmless."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from handoff import receipts
from handoff.bookings.errors import ChangedError, HoldGoneError, NotOpenError, OnePlaceError
from handoff.bookings.found import Booked, find, live_hold, opened
from handoff.bookings.freeing import forget_hold
from handoff.bookings.letters import tell_booked, tell_cancelled
from handoff.bookings.links import new_reference, new_token, token_hash
from handoff.bookings.needs import coded
from handoff.bookings.offering import offer_places
from handoff.bookings.open_slots import nearest
from handoff.bookings.places import hand_to_booking, lock, release, slots_kept
from handoff.bookings.visit import Visit, seal_visit
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.models import Booking, BookingState, Slot, Surgery, SurgeryState, WaitingListEntry, WaitingState


def book(session: Session, desk: Desk, person_id: str, hold_id: str, visit: Visit, *, key: str) -> Booked:
    """Turn what is held into a booking. The same key again gives the booking there is.

    Raises `HoldGoneError` with the nearest free times, `OnePlaceError`, `NotOpenError` and `KeyReusedError`.
    """
    request = f"book:{person_id}:{hold_id}"
    before = receipts.earlier(session, desk, key, request)
    if before is not None:
        return opened(session, desk, session.get_one(Booking, (desk.pack, before)))
    found = live_hold(session, desk, hold_id, person_id)
    if found is None or found.offered:
        raise HoldGoneError(nearest(session, desk, desk.now(), needs=coded(visit.needs)))
    surgery = lock(session, desk, found.surgery_id)[found.surgery_id]
    made = confirm(session, desk, person_id, surgery, hold_id, visit)
    receipts.keep(session, desk, key, request, made.booking.id)
    return made


def confirm(
    session: Session,
    desk: Desk,
    person_id: str,
    surgery: Surgery,
    hold_id: str,
    visit: Visit,
    token: str | None = None,
) -> Booked:
    """The booking made from a hold of this locked session, with its letters. `token` is given when a link exists."""
    slots = _slots_of(session, desk, person_id, surgery, hold_id, visit)
    _settle_passed(session, desk, person_id, visit.topic)
    token = token or new_token()
    booking = _insert(session, desk, person_id, surgery, slots, visit, token)
    hand_to_booking(session, desk, hold_id, booking.id)
    forget_hold(session, desk, hold_id)
    _stop_waiting(session, desk, person_id, visit.topic)
    tell_booked(session, desk, booking, visit, surgery, token)
    return opened(session, desk, booking)


def move(session: Session, desk: Desk, token: str, hold_id: str, *, key: str) -> Booked:
    """Give the booking the held times in the place of its own, which are free at once. Nothing is typed again.

    A booking whose session was withdrawn gets a place again this way. Raises as `book` does, and `ChangedError`.
    """
    was = _booking_of(session, desk, token)
    request = f"move:{was.booking.id}:{hold_id}"
    if receipts.earlier(session, desk, key, request) is not None:
        return was
    person_id = was.booking.person_id
    found = live_hold(session, desk, hold_id, person_id)
    if found is None or found.offered:
        raise HoldGoneError(nearest(session, desk, was.booking.starts_at, needs=was.booking.needs))
    locked = lock(session, desk, was.surgery.id, found.surgery_id)
    was = _booking_of(session, desk, token)
    if was.surgery.id not in locked:
        raise ChangedError
    surgery, old = locked[found.surgery_id], locked[was.surgery.id]
    slots = _slots_of(session, desk, person_id, surgery, hold_id, was.visit)
    booking = _shift(session, desk, was, surgery, slots)
    release(session, desk, booking_id=booking.id)
    hand_to_booking(session, desk, hold_id, booking.id)
    forget_hold(session, desk, hold_id)
    tell_booked(session, desk, booking, was.visit, surgery, token)
    offer_places(session, desk, old)
    receipts.keep(session, desk, key, request, booking.id)
    return opened(session, desk, booking)


def cancel(session: Session, desk: Desk, token: str, *, key: str) -> Booked:
    """Give the place back at once; it is offered by rule. Cancelling what is cancelled changes nothing.

    Raises `LinkError`, and `ChangedError` when the visit has begun or is over.
    """
    was = _booking_of(session, desk, token)
    request = f"cancel:{was.booking.id}"
    if receipts.earlier(session, desk, key, request) is not None:
        return was
    surgery = lock(session, desk, was.surgery.id)[was.surgery.id]
    was = _booking_of(session, desk, token)
    if was.booking.state in (BookingState.CANCELLED, BookingState.WITHDRAWN):
        return was
    changed = _change(session, desk, was.booking, state=BookingState.CANCELLED)
    release(session, desk, booking_id=changed.id)
    tell_cancelled(session, desk, changed, was.visit, surgery, token)
    offer_places(session, desk, surgery)
    receipts.keep(session, desk, key, request, changed.id)
    return opened(session, desk, changed)


def _booking_of(session: Session, desk: Desk, token: str) -> Booked:
    found = find(session, desk, token)
    if not isinstance(found, Booked):
        raise ChangedError
    return found


def _slots_of(session: Session, desk: Desk, person_id: str, surgery: Surgery, hold_id: str, visit: Visit) -> list[Slot]:
    """The times the hold keeps, now that its session is locked. A late press counts while nobody else has them."""
    still = live_hold(session, desk, hold_id, person_id)
    slots = slots_kept(session, desk, hold_id=hold_id) if still else []
    near = nearest(session, desk, desk.now(), needs=coded(visit.needs)) if not slots else ()
    if not slots:
        raise HoldGoneError(near)
    if surgery.state is not SurgeryState.PUBLISHED or slots[0].starts_at <= desk.now():
        raise NotOpenError(nearest(session, desk, slots[0].starts_at, needs=coded(visit.needs)))
    return slots


def _insert(
    session: Session, desk: Desk, person_id: str, surgery: Surgery, slots: list[Slot], visit: Visit, token: str
) -> Booking:
    now = desk.now()
    booking = Booking(
        pack=desk.pack,
        id=desk.new_id(),
        reference=_free_reference(session, desk),
        token_hash=token_hash(token),
        person_id=person_id,
        surgery_id=surgery.id,
        topic=visit.topic,
        needs=coded(visit.needs),
        language=visit.language,
        sealed_visit=seal_visit(desk, person_id, visit, "booking"),
        sealed_token=desk.seal(person_id, token, "booking.sealed_token"),
        starts_at=slots[0].starts_at,
        ends_at=max(slot.ends_at for slot in slots),
        made_at=now,
        changed_at=now,
    )
    try:
        with session.begin_nested():
            session.add(booking)
            session.flush()
    except IntegrityError:
        raise _one_place(session, desk, person_id, visit.topic) from None
    return booking


def _one_place(session: Session, desk: Desk, person_id: str, topic: str) -> OnePlaceError:
    mine = select(Booking.reference).where(
        Booking.pack == desk.pack,
        Booking.person_id == person_id,
        Booking.topic == topic,
        Booking.state == BookingState.BOOKED,
    )
    return OnePlaceError(reference=session.exec(mine).first() or "")


def _shift(session: Session, desk: Desk, was: Booked, surgery: Surgery, slots: list[Slot]) -> Booking:
    if was.booking.state not in (BookingState.BOOKED, BookingState.WITHDRAWN):
        raise ChangedError
    try:
        with session.begin_nested():
            return _change(
                session,
                desk,
                was.booking,
                surgery_id=surgery.id,
                starts_at=slots[0].starts_at,
                ends_at=max(slot.ends_at for slot in slots),
                state=BookingState.BOOKED,
            )
    except IntegrityError:
        # Called off by the council, and booked anew elsewhere since: the newer place stands.
        raise _one_place(session, desk, was.booking.person_id, was.booking.topic) from None


def _change(session: Session, desk: Desk, booking: Booking, **values: str | datetime) -> Booking:
    """The booking with its next sequence number. Raises `ChangedError` when it changed meanwhile, or has begun."""
    mine = update(Booking).where(
        col(Booking.pack) == desk.pack,
        col(Booking.id) == booking.id,
        col(Booking.sequence) == booking.sequence,
        col(Booking.state).in_([BookingState.BOOKED, BookingState.WITHDRAWN]),
        (col(Booking.state) == BookingState.WITHDRAWN) | (col(Booking.starts_at) > desk.now()),
    )
    next_one = {**values, "sequence": booking.sequence + 1, "changed_at": desk.now()}
    done = session.execute(mine.values(**next_one).execution_options(synchronize_session=False))
    if not rows_changed(done):
        raise ChangedError
    session.refresh(booking)
    return booking


def _settle_passed(session: Session, desk: Desk, person_id: str, topic: str) -> None:
    """A visit that is over no longer stands in the way of the next one on the same topic."""
    over = update(Booking).where(
        col(Booking.pack) == desk.pack,
        col(Booking.person_id) == person_id,
        col(Booking.topic) == topic,
        col(Booking.state) == BookingState.BOOKED,
        col(Booking.ends_at) <= desk.now(),
    )
    session.execute(over.values(state=BookingState.PASSED).execution_options(synchronize_session=False))


def _stop_waiting(session: Session, desk: Desk, person_id: str, topic: str) -> None:
    """Whoever has a place waits no longer. An offer that is open elsewhere is taken back by the next sweep."""
    mine = update(WaitingListEntry).where(
        col(WaitingListEntry.pack) == desk.pack,
        col(WaitingListEntry.person_id) == person_id,
        col(WaitingListEntry.topic) == topic,
        col(WaitingListEntry.state) == WaitingState.WAITING,
    )
    booked = mine.values(state=WaitingState.BOOKED, changed_at=desk.now())
    session.execute(booked.execution_options(synchronize_session=False))


def _free_reference(session: Session, desk: Desk) -> str:
    reference = new_reference(desk)
    while session.scalar(select(exists().where(col(Booking.pack) == desk.pack, col(Booking.reference) == reference))):
        reference = new_reference(desk)
    return reference

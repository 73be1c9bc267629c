"""Withdraw and move: whoever is booked is told at once, with the nearest other times, and types nothing again."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session, col, select, update

from handoff import audit
from handoff.bookings.errors import LinkError
from handoff.bookings.found import opened
from handoff.bookings.freeing import change_entry, drop_hold, settle_offer, tell_entry
from handoff.bookings.letters import tell_moved, tell_withdrawn
from handoff.bookings.offering import offer_places
from handoff.bookings.open_slots import nearest
from handoff.bookings.places import release
from handoff.desk import Desk
from handoff.models import (
    Booking,
    BookingState,
    Hold,
    OfferState,
    Slot,
    Surgery,
    SurgeryState,
    WaitingListEntry,
    WaitingState,
)
from handoff.rights import Acting
from handoff.surgeries.planned import Planned, faults
from handoff.surgeries.planning import PlanError, named
from handoff.surgeries.rights import check_may_run
from knowledge.calendar import WorkingCalendar
from knowledge.working_hours import LONDON


def withdraw(session: Session, desk: Desk, acting: Acting, code: str) -> int:
    """Call the session off; how many bookings lost their place. Each is told, and may pick another time by its link.

    Withdrawing what is withdrawn changes nothing. Raises `PlanError` and `MayNotRunError`.
    """
    check_may_run(acting)
    surgery = named(session, desk, code)
    if surgery.state is SurgeryState.WITHDRAWN:
        return 0
    if surgery.ends_at <= desk.now():
        raise PlanError(f"{code} is over")
    surgery.state, surgery.withdrawn_at, surgery.version = SurgeryState.WITHDRAWN, desk.now(), surgery.version + 1
    session.add(surgery)
    session.flush()
    _end_holds(session, desk, surgery)
    _wait_for_any(session, desk, surgery)
    lost = [booking for booking in _booked(session, desk, surgery) if _lose(session, desk, booking, surgery)]
    audit.record(
        session,
        desk,
        actor=acting.officer_id,
        act="withdrawn",
        kind="surgery",
        subject=surgery.id,
        detail=f"bookings={len(lost)}",
    )
    return len(lost)


def move(
    session: Session,
    desk: Desk,
    acting: Acting,
    code: str,
    calendar: WorkingCalendar,
    *,
    day: date | None = None,
    starts: time | None = None,
    venue: str | None = None,
    address: str | None = None,
) -> int:
    """Put the session on another day, at another hour or in another place; how many bookings moved along.

    Every time keeps its distance from the start. Raises `PlanError` and `MayNotRunError`.
    """
    check_may_run(acting)
    surgery = named(session, desk, code)
    if surgery.state is SurgeryState.WITHDRAWN or surgery.starts_at <= desk.now():
        raise PlanError(f"{code} was withdrawn, has begun or is over")
    was = surgery.starts_at.astimezone(LONDON)
    begins = datetime.combine(day or was.date(), starts or was.time(), LONDON).astimezone(UTC)
    shift = begins - surgery.starts_at
    _check(desk, surgery, begins, shift, calendar)
    _shift_slots(session, desk, surgery, shift)
    surgery.starts_at, surgery.ends_at = begins, surgery.ends_at + shift
    if surgery.drop_in_until:
        surgery.drop_in_until += shift
    surgery.venue, surgery.address = venue or surgery.venue, address if address is not None else surgery.address
    surgery.version += 1
    session.add(surgery)
    session.flush()
    _end_holds(session, desk, surgery)
    bookings = _booked(session, desk, surgery)
    for booking in bookings:
        _bring_along(session, desk, booking, surgery, shift)
    offer_places(session, desk, surgery)
    audit.record(
        session,
        desk,
        actor=acting.officer_id,
        act="moved",
        kind="surgery",
        subject=surgery.id,
        detail=f"bookings={len(bookings)}",
    )
    return len(bookings)


def _check(desk: Desk, surgery: Surgery, begins: datetime, shift: timedelta, calendar: WorkingCalendar) -> None:
    here, ends = begins.astimezone(LONDON), (surgery.ends_at + shift).astimezone(LONDON)
    planned = Planned(surgery.code, here.date(), here.time(), ends.time(), surgery.venue, kind=surgery.kind)
    # Its times are those it had: only the new day and hours are looked at.
    wrong = [fault for fault in faults(planned, calendar, desk.now()) if "needs times" not in fault]
    if wrong:
        raise PlanError("; ".join(wrong))


def _shift_slots(session: Session, desk: Desk, surgery: Surgery, shift: timedelta) -> None:
    """Later ones first when moving later, so that no time meets the old place of the next one on its way."""
    order = col(Slot.starts_at).desc() if shift > timedelta() else col(Slot.starts_at)
    slots = session.exec(
        select(Slot)
        .where(Slot.pack == desk.pack, Slot.surgery_id == surgery.id)
        .order_by(order)
        .execution_options(populate_existing=True)
    ).all()
    for slot in slots:
        moved = update(Slot).where(col(Slot.pack) == desk.pack, col(Slot.id) == slot.id)
        later = {"starts_at": slot.starts_at + shift, "ends_at": slot.ends_at + shift}
        session.execute(moved.values(**later).execution_options(synchronize_session=False))
    session.expire_all()


def _booked(session: Session, desk: Desk, surgery: Surgery) -> list[Booking]:
    return list(
        session.exec(
            select(Booking)
            .where(Booking.pack == desk.pack, Booking.surgery_id == surgery.id, Booking.state == BookingState.BOOKED)
            .order_by(col(Booking.id))
            .execution_options(populate_existing=True)
        ).all()
    )


def _lose(session: Session, desk: Desk, booking: Booking, surgery: Surgery) -> bool:
    booking.state, booking.sequence, booking.changed_at = BookingState.WITHDRAWN, booking.sequence + 1, desk.now()
    session.add(booking)
    session.flush()
    release(session, desk, booking_id=booking.id)
    try:
        was = opened(session, desk, booking)
    except LinkError:
        return True
    near = nearest(session, desk, booking.starts_at, needs=booking.needs)
    tell_withdrawn(session, desk, booking, was.visit, surgery, was.token, near)
    return True


def _bring_along(session: Session, desk: Desk, booking: Booking, surgery: Surgery, shift: timedelta) -> None:
    booking.starts_at, booking.ends_at = booking.starts_at + shift, booking.ends_at + shift
    booking.sequence, booking.changed_at = booking.sequence + 1, desk.now()
    session.add(booking)
    session.flush()
    try:
        was = opened(session, desk, booking)
    except LinkError:
        return
    near = tuple(
        slot for slot in nearest(session, desk, booking.starts_at, needs=booking.needs) if slot.surgery_id != surgery.id
    )
    tell_moved(session, desk, booking, was.visit, surgery, was.token, near)


def _end_holds(session: Session, desk: Desk, surgery: Surgery) -> None:
    """Whoever was asked waits again, in the place they had: it was not they who let it go."""
    holds = session.exec(
        select(Hold).where(Hold.pack == desk.pack, Hold.surgery_id == surgery.id).order_by(col(Hold.id))
    ).all()
    for hold in holds:
        entry_id = settle_offer(session, desk, hold.id, OfferState.WITHDRAWN) if hold.offered else None
        if entry_id:
            change_entry(session, desk, entry_id, {WaitingState.OFFERED}, WaitingState.WAITING)
            tell_entry(session, desk, entry_id, hold.id, "letter_offer_withdrawn")
        drop_hold(session, desk, hold.id)


def _wait_for_any(session: Session, desk: Desk, surgery: Surgery) -> None:
    """Whoever waited for this session waits for the next one that suits."""
    waiting = update(WaitingListEntry).where(
        col(WaitingListEntry.pack) == desk.pack, col(WaitingListEntry.surgery_id) == surgery.id
    )
    session.execute(waiting.values(surgery_id=None).execution_options(synchronize_session=False))

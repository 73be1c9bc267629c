"""The day before, a family may say that it is coming (ux.md T14). The team sees it at the door."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, update

from handoff.bookings.errors import ChangedError
from handoff.bookings.found import Booked, find, opened
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.models import Booking, BookingState

# From when it is asked: a reminder comes on the day before.
SOON = timedelta(days=2)


def said_coming(booking: Booking) -> bool:
    """Whether the person said that they come to the visit as it is now: what they said of an earlier time is void."""
    return booking.coming_sequence == booking.sequence


def asks_if_coming(booking: Booking, now: datetime) -> bool:
    """Whether to offer "I am coming": the visit is soon, has not begun, and they have not said so."""
    soon = timedelta() < booking.starts_at - now <= SOON
    return booking.state is BookingState.BOOKED and soon and not said_coming(booking)


def say_coming(session: Session, desk: Desk, token: str) -> Booked:
    """Note that the person is coming; saying it again changes nothing.

    Raises `LinkError`, and `ChangedError` when the visit was cancelled, withdrawn or has begun.
    """
    found = find(session, desk, token)
    if not isinstance(found, Booked):
        raise ChangedError
    booking = found.booking
    this = update(Booking).where(
        col(Booking.pack) == desk.pack,
        col(Booking.id) == booking.id,
        col(Booking.sequence) == booking.sequence,
        col(Booking.state) == BookingState.BOOKED,
        col(Booking.starts_at) > desk.now(),
    )
    noted = this.values(coming_sequence=booking.sequence).execution_options(synchronize_session=False)
    if not rows_changed(session.execute(noted)):
        raise ChangedError
    session.refresh(booking)
    return opened(session, desk, booking)

"""The rule of the waiting list. It asks who has gone without for longest, never who was quickest.

1. People who have not missed an offer come before people who let one run out.
2. People with no SEND Surgery visit in the last 90 days come before people who had one.
3. Then by the day they joined, whatever the time of that day.
4. People who joined on the same day are in an order drawn by lot when they joined.
A place is offered only to somebody whose needs the session meets and whose whole party it has room for.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlmodel import Session, col, or_, select

from handoff.bookings.needs import unmet
from handoff.desk import Desk
from handoff.models import Booking, BookingState, Surgery, WaitingListEntry, WaitingState
from knowledge.dates_in_words import local_day

RECENT = timedelta(days=90)
VISITED = (BookingState.BOOKED, BookingState.ARRIVED, BookingState.PASSED)


def in_order(session: Session, desk: Desk, surgery: Surgery) -> list[WaitingListEntry]:
    """Those who wait and whom this session suits, the first to be asked first."""
    waiting = session.exec(
        select(WaitingListEntry)
        .where(WaitingListEntry.pack == desk.pack, WaitingListEntry.state == WaitingState.WAITING)
        .where(or_(col(WaitingListEntry.surgery_id).is_(None), WaitingListEntry.surgery_id == surgery.id))
        .execution_options(populate_existing=True)
    ).all()
    suited = [entry for entry in waiting if suits(entry, surgery)]
    return ranked(suited, _visited(session, desk) if suited else set())


def suits(entry: WaitingListEntry, surgery: Surgery) -> bool:
    """Whether the session is where the person can come, and has what they need."""
    near = not entry.area or entry.area == surgery.area or entry.surgery_id == surgery.id or surgery.online
    return near and not unmet(entry.needs, surgery.features, online=surgery.online)


def ranked(entries: list[WaitingListEntry], visited: set[str]) -> list[WaitingListEntry]:
    """The entries by the rule above; `visited` are the people who had a visit lately."""
    return sorted(
        entries,
        key=lambda one: (one.missed, one.person_id in visited, local_day(one.joined_at), one.lot, one.id),
    )


def draw_lot(entry_id: str) -> int:
    """A number for an entry that nobody chooses: from its random id."""
    return int.from_bytes(hashlib.sha256(entry_id.encode()).digest()[:3])


def _visited(session: Session, desk: Desk) -> set[str]:
    lately = select(Booking.person_id).where(
        Booking.pack == desk.pack,
        col(Booking.state).in_(VISITED),
        col(Booking.starts_at) > desk.now() - RECENT,
        col(Booking.starts_at) <= desk.now(),
    )
    return set(session.exec(lately).all())

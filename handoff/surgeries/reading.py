"""The list of sessions as officers see it: drafts and withdrawn ones too, with how full each is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from handoff.bookings.found import teams_of
from handoff.bookings.needs import unmet
from handoff.desk import Desk
from handoff.models import Booking, BookingState, Slot, Surgery, SurgeryState, WaitingListEntry, WaitingState
from handoff.rights import Acting
from handoff.surgeries.rights import check_may_run
from knowledge.working_hours import LONDON


@dataclass(frozen=True)
class Standing:
    """One session: its places, how many are taken, how many bookings that is, and how many wait for it alone."""

    surgery: Surgery
    places: int
    taken: int
    bookings: int
    waiting: int


class NoSuchSurgeryError(Exception):
    """No session of this council has that id."""


@dataclass(frozen=True)
class Opened:
    """One session with its teams and times. `missing` counts, by need, the visitors whose need it does not meet."""

    surgery: Surgery
    teams: tuple[str, ...]
    slots: tuple[Slot, ...]
    bookings: int
    waiting: int
    missing: dict[str, int]


def open_surgery(session: Session, desk: Desk, acting: Acting, id: str) -> Opened:
    """The session with this id. Raises `NoSuchSurgeryError` and `MayNotRunError`."""
    check_may_run(acting)
    surgery = session.get(Surgery, (desk.pack, id))
    if surgery is None:
        raise NoSuchSurgeryError
    slots = select(Slot).where(Slot.pack == desk.pack, Slot.surgery_id == id)
    expected = select(Booking.needs).where(
        Booking.pack == desk.pack,
        Booking.surgery_id == id,
        col(Booking.state).in_([BookingState.BOOKED, BookingState.ARRIVED]),
    )
    needs = session.exec(expected).all()
    return Opened(
        surgery=surgery,
        teams=teams_of(session, desk, id),
        slots=tuple(session.exec(slots.order_by(col(Slot.starts_at), col(Slot.who))).all()),
        bookings=len(needs),
        waiting=_counts(session, WaitingListEntry, desk, _waits_for(id)).get(id, 0),
        missing=dict(Counter(code for one in needs for code in unmet(one, surgery.features, online=surgery.online))),
    )


def _waits_for(id: str) -> ColumnElement[bool]:
    return (col(WaitingListEntry.state) == WaitingState.WAITING) & (col(WaitingListEntry.surgery_id) == id)


def surgeries(session: Session, desk: Desk, acting: Acting, *, past: bool = False) -> tuple[Standing, ...]:
    """Sessions to come, or all of them with `past`, soonest first. Raises `MayNotRunError`."""
    check_may_run(acting)
    wanted = select(Surgery).where(Surgery.pack == desk.pack).order_by(col(Surgery.starts_at), col(Surgery.code))
    if not past:
        wanted = wanted.where(col(Surgery.ends_at) > desk.now())
    places = _sums(session, desk)
    booked = _counts(session, Booking, desk, col(Booking.state).in_([BookingState.BOOKED, BookingState.ARRIVED]))
    waits = _counts(session, WaitingListEntry, desk, col(WaitingListEntry.state) == WaitingState.WAITING)
    return tuple(
        Standing(one, *places.get(one.id, (0, 0)), booked.get(one.id, 0), waits.get(one.id, 0))
        for one in session.exec(wanted).all()
    )


def sessions_on(session: Session, desk: Desk, acting: Acting, day: date) -> int:
    """How many published sessions begin on this day in London. Raises `MayNotRunError`."""
    check_may_run(acting)
    begins = datetime.combine(day, time(0), LONDON)
    wanted = (
        select(func.count())
        .select_from(Surgery)
        .where(Surgery.pack == desk.pack, Surgery.state == SurgeryState.PUBLISHED)
        .where(col(Surgery.starts_at) >= begins, col(Surgery.starts_at) < begins + timedelta(days=1))
    )
    return session.exec(wanted).one()


def waiting_for_any(session: Session, desk: Desk, acting: Acting) -> int:
    """How many people wait for any session that suits. Raises `MayNotRunError`."""
    check_may_run(acting)
    wanted = (
        select(func.count())
        .select_from(WaitingListEntry)
        .where(
            col(WaitingListEntry.pack) == desk.pack,
            col(WaitingListEntry.state) == WaitingState.WAITING,
            col(WaitingListEntry.surgery_id).is_(None),
        )
    )
    return int(session.scalar(wanted) or 0)


def _sums(session: Session, desk: Desk) -> dict[str, tuple[int, int]]:
    wanted = (
        select(Slot.surgery_id, func.sum(Slot.capacity), func.sum(Slot.taken))
        .where(Slot.pack == desk.pack)
        .group_by(col(Slot.surgery_id))
    )
    return {id: (int(places), int(taken)) for id, places, taken in session.exec(wanted).all()}


def _counts(
    session: Session, table: type[Booking | WaitingListEntry], desk: Desk, which: ColumnElement[bool]
) -> dict[str, int]:
    wanted = (
        select(table.surgery_id, func.count())
        .where(col(table.pack) == desk.pack, which)
        .group_by(col(table.surgery_id))
    )
    return {id: int(number) for id, number in session.exec(wanted).all() if id}

"""The day itself: who is expected, who came, who did not, and who walked in. Each look at the door list is noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select, update

from handoff import audit
from handoff.bookings.coming import said_coming
from handoff.bookings.errors import LinkError
from handoff.bookings.found import opened
from handoff.bookings.freeing import free_overdue
from handoff.bookings.needs import unmet
from handoff.bookings.places import take
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.models import Booking, BookingState, Slot, SurgeryKind, SurgeryState, WalkIn
from handoff.rights import Acting
from handoff.surgeries.planning import PlanError, named
from handoff.surgeries.rights import check_may_run

EXPECTED = (BookingState.BOOKED, BookingState.ARRIVED, BookingState.NO_SHOW, BookingState.PASSED)
# The door opens before the hour, and what was seen at it may be written up until the next day.
EARLY = timedelta(hours=1)
LATE = timedelta(days=1)


@dataclass(frozen=True)
class AtTheDoor:
    """One line of the door list. `missing` are needs the session does not have: somebody must see to them.

    `coming` is who comes; `said_coming`, that they said the day before that they do.
    """

    starts_at: datetime
    reference: str
    state: BookingState
    first_name: str
    coming: str
    topic: str
    places: int
    who: str
    needs: tuple[str, ...]
    missing: tuple[str, ...]
    interpreter: str
    other_need: str
    questions: tuple[str, ...]
    said_coming: bool = False


def door_list(session: Session, desk: Desk, acting: Acting, code: str) -> tuple[AtTheDoor, ...]:
    """Who is expected, by time. A person who was erased is a line with no words. Raises as `arrived` does."""
    check_may_run(acting)
    surgery = named(session, desk, code)
    rows = session.exec(
        select(Booking)
        .where(Booking.pack == desk.pack, Booking.surgery_id == surgery.id, col(Booking.state).in_(EXPECTED))
        .order_by(col(Booking.starts_at), col(Booking.reference))
    ).all()
    audit.record(session, desk, actor=acting.officer_id, act="door_list", kind="surgery", subject=surgery.id)
    return tuple(_line(session, desk, row, surgery.features, surgery.online) for row in rows)


def arrived(session: Session, desk: Desk, acting: Acting, reference: str) -> bool:
    """They are here; True when this is news. Raises `PlanError` and `MayNotRunError`."""
    return _turn(session, desk, acting, reference, BookingState.ARRIVED)


def no_show(session: Session, desk: Desk, acting: Acting, reference: str) -> bool:
    """They did not come; True when this is news. Raises `PlanError` and `MayNotRunError`."""
    return _turn(session, desk, acting, reference, BookingState.NO_SHOW)


def walk_in(session: Session, desk: Desk, acting: Acting, code: str, topic: str = "", slot_id: str = "") -> WalkIn:
    """Somebody came without booking. With `slot_id` they take a free place of that time, as a booking would.

    Raises `SlotTakenError`, `PlanError` and `MayNotRunError`.
    """
    check_may_run(acting)
    surgery = named(session, desk, code)
    if surgery.state is not SurgeryState.PUBLISHED or not surgery.starts_at - EARLY <= desk.now() <= surgery.ends_at:
        raise PlanError(f"{code} is not on now")
    if surgery.kind is SurgeryKind.BOOKABLE and not slot_id:
        raise PlanError(f"{code} is by booking: say which free time they take")
    row = WalkIn(pack=desk.pack, id=desk.new_id(), surgery_id=surgery.id, topic=topic, at=desk.now())
    session.add(row)
    session.flush()
    if slot_id:
        slot = session.get(Slot, (desk.pack, slot_id))
        if slot is None or slot.surgery_id != surgery.id:
            raise PlanError(f"{code} has no such time")
        free_overdue(session, desk, surgery)
        take(session, desk, [slot_id], walk_in_id=row.id)
    audit.record(session, desk, actor=acting.officer_id, act="walk_in", kind="surgery", subject=surgery.id)
    return row


def walk_ins(session: Session, desk: Desk, acting: Acting, surgery_id: str) -> int:
    """How many came without booking. Raises `MayNotRunError`."""
    check_may_run(acting)
    mine = select(func.count()).select_from(WalkIn).where(WalkIn.pack == desk.pack, WalkIn.surgery_id == surgery_id)
    return session.exec(mine).one()


def _turn(session: Session, desk: Desk, acting: Acting, reference: str, state: BookingState) -> bool:
    check_may_run(acting)
    wanted = reference.strip().upper()
    found = session.exec(select(Booking).where(Booking.pack == desk.pack, Booking.reference == wanted)).first()
    if found is None:
        raise PlanError(f"There is no booking {wanted}. The door list shows the references")
    if found.state not in EXPECTED:
        raise PlanError(f"{wanted} was {found.state}")
    if not found.starts_at - EARLY <= desk.now() <= found.ends_at + LATE:
        raise PlanError(f"{wanted} is not on today")
    mine = update(Booking).where(
        col(Booking.pack) == desk.pack,
        col(Booking.id) == found.id,
        col(Booking.state).in_(EXPECTED),
        col(Booking.state) != state,
    )
    when = desk.now() if state is BookingState.ARRIVED else None
    news = rows_changed(
        session.execute(mine.values(state=state, arrived_at=when).execution_options(synchronize_session=False))
    )
    if news:
        audit.record(session, desk, actor=acting.officer_id, act=state.value, kind="booking", subject=found.id)
    return news == 1


def _line(session: Session, desk: Desk, row: Booking, features: str, online: bool) -> AtTheDoor:
    needs, missing = tuple(row.needs.split()), unmet(row.needs, features, online=online)
    try:
        found = opened(session, desk, row)
    except LinkError:
        return AtTheDoor(row.starts_at, row.reference, row.state, "", "", row.topic, 1, "", needs, missing, "", "", ())
    visit = found.visit
    return AtTheDoor(
        starts_at=row.starts_at,
        reference=row.reference,
        state=row.state,
        first_name=visit.first_name,
        coming=visit.coming,
        topic=row.topic,
        places=len(found.slots),
        who=found.slots[0].who if found.slots else "",
        needs=needs,
        missing=missing,
        interpreter=visit.interpreter,
        other_need=visit.other_need,
        questions=visit.questions,
        said_coming=said_coming(row),
    )

"""A chosen time is kept for 15 minutes while a family answers the questions; one press keeps it for longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import bindparam
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from handoff.bookings.errors import HoldGoneError, NotOpenError, SlotTakenError
from handoff.bookings.freeing import drop_hold, free_overdue, give_back
from handoff.bookings.open_slots import nearest
from handoff.bookings.places import claim_places, lock, seat, slots_kept
from handoff.desk import Desk
from handoff.models import Hold, Slot, Surgery, SurgeryKind, SurgeryState

HOLD_MINUTES = 15
WARN_MINUTES = 3
# WCAG 2.2.1 asks for at least ten; a person keeps one hold at a time, so nobody can keep a session to themselves.
MOST_EXTENSIONS = 10

# A time's session, when it begins, and whether it has room.
Looked = tuple[str, datetime, bool]


@dataclass(frozen=True)
class Held:
    """What is kept for a person: until when, from when to warn, and whether it can be kept longer."""

    id: str
    surgery_id: str
    slots: tuple[Slot, ...]
    until: datetime
    may_extend: bool
    offered: bool = False

    @property
    def warn_at(self) -> datetime:
        """Three minutes before the end."""
        return self.until - timedelta(minutes=WARN_MINUTES)


def hold(session: Session, desk: Desk, person_id: str, slot_ids: Sequence[str], needs: str = "") -> Held:
    """Keep these times for the person, all or none (one id for each place), and let go of what they kept before.

    Raises `SlotTakenError` with the nearest free times, and `NotOpenError`.
    """
    looked = _looked_at(session, desk, slot_ids)
    surgery_id = _one_surgery(session, desk, looked)
    _refuse_full(session, desk, person_id, looked, needs)
    mine = _own_holds(session, desk, person_id)
    locked = lock(session, desk, surgery_id, *(one.surgery_id for one in mine))
    surgery = locked[surgery_id]
    looked = _looked_at(session, desk, slot_ids)
    starts_at = _first_start(session, desk, surgery, slot_ids, looked, needs)
    _refuse_full(session, desk, person_id, looked, needs)
    before = {one.id: one.surgery_id for one in _own_holds(session, desk, person_id) if one.surgery_id in locked}
    for id in (id for id, where in before.items() if where == surgery_id):
        drop_hold(session, desk, id)
    free_overdue(session, desk, surgery)
    try:
        claim_places(session, desk, slot_ids)
    except SlotTakenError:
        raise SlotTakenError(nearest(session, desk, starts_at, needs=needs)) from None
    row = Hold(
        pack=desk.pack,
        id=desk.new_id(),
        person_id=person_id,
        surgery_id=surgery_id,
        until=desk.now() + timedelta(minutes=HOLD_MINUTES),
        made_at=desk.now(),
    )
    session.add(row)
    session.flush()
    seat(session, desk, slot_ids, person_id=person_id, hold_id=row.id)
    for id, where in before.items():
        # What they kept in this session went back into it first; what they kept elsewhere is offered on there.
        if where != surgery_id:
            give_back(session, desk, locked[where], id)
    return Held(row.id, surgery_id, tuple(slots_kept(session, desk, hold_id=row.id)), row.until, True)


def held(session: Session, desk: Desk, person_id: str, hold_id: str) -> Held:
    """What the person keeps under this hold. Raises `HoldGoneError` when it ran out or is somebody else's."""
    row = session.exec(
        select(Hold)
        .where(Hold.pack == desk.pack, Hold.id == hold_id, Hold.person_id == person_id)
        .execution_options(populate_existing=True)
    ).first()
    if row is None or row.until <= desk.now():
        raise HoldGoneError(nearest(session, desk, desk.now()))
    slots = tuple(slots_kept(session, desk, hold_id=row.id))
    return Held(row.id, row.surgery_id, slots, row.until, row.extended < MOST_EXTENSIONS, row.offered)


def extend(session: Session, desk: Desk, person_id: str, hold_id: str) -> Held:
    """Fifteen minutes from now. Raises `HoldGoneError` when it is too late, or it was extended often enough."""
    kept = held(session, desk, person_id, hold_id)
    lock(session, desk, kept.surgery_id)
    kept = held(session, desk, person_id, hold_id)
    row = session.get_one(Hold, (desk.pack, hold_id))
    if row.offered or not kept.may_extend:
        return kept
    row.until, row.extended = desk.now() + timedelta(minutes=HOLD_MINUTES), row.extended + 1
    session.add(row)
    session.flush()
    return held(session, desk, person_id, hold_id)


def let_go(session: Session, desk: Desk, person_id: str, hold_id: str) -> bool:
    """Give the times back at once; False when there was nothing to give."""
    row = session.get(Hold, (desk.pack, hold_id))
    if row is None or row.person_id != person_id or row.offered:
        return False
    surgery = lock(session, desk, row.surgery_id)[row.surgery_id]
    give_back(session, desk, surgery, hold_id)
    return True


def _looked_at(session: Session, desk: Desk, slot_ids: Sequence[str]) -> Sequence[Looked]:
    """The times as they are now. Before anything is locked that is good for an answer, not for a promise."""
    if not 1 <= len(slot_ids) <= 4:
        raise NotOpenError
    return session.exec(_times(), params={"pack": desk.pack, "slots": list(set(slot_ids))}).all()


@cache
def _times() -> Select[str, datetime, bool]:
    # Made once: most of what a short statement costs is making it, and at the last place everybody waits for it.
    wanted = col(Slot.id).in_(bindparam("slots", expanding=True))
    return select(Slot.surgery_id, Slot.starts_at, Slot.taken < Slot.capacity).where(
        Slot.pack == bindparam("pack"), wanted
    )


def _one_surgery(session: Session, desk: Desk, looked: Sequence[Looked]) -> str:
    found = {surgery_id for surgery_id, _, _ in looked}
    if len(found) != 1:
        raise NotOpenError(nearest(session, desk, desk.now()))
    return found.pop()


def _refuse_full(session: Session, desk: Desk, person_id: str, looked: Sequence[Looked], needs: str) -> None:
    """Raise `SlotTakenError` at once when a time is full and nothing we could let go of would make room in it.

    Most who come too late learn it with three statements, and queue for no lock.
    """
    starts_at = min(starts for _, starts, _ in looked)
    if starts_at <= desk.now() or all(has_room for _, _, has_room in looked):
        return
    asked = {"pack": desk.pack, "surgery": looked[0][0], "person": person_id, "now": desk.now()}
    if session.exec(_nothing_loose(), params=asked).first() is not None:
        raise SlotTakenError(nearest(session, desk, starts_at, needs=needs))


@cache
def _nothing_loose() -> SelectOfScalar[str]:
    """The session, when it is open and holds neither an overdue time nor one of this person's."""
    loose = select(Hold.id).where(
        Hold.pack == bindparam("pack"),
        Hold.surgery_id == Surgery.id,
        or_(col(Hold.until) <= bindparam("now"), col(Hold.person_id) == bindparam("person")),
    )
    return select(Surgery.id).where(
        Surgery.pack == bindparam("pack"),
        Surgery.id == bindparam("surgery"),
        Surgery.state == SurgeryState.PUBLISHED,
        Surgery.kind != SurgeryKind.DROP_IN,
        ~loose.exists(),
    )


def _first_start(
    session: Session, desk: Desk, surgery: Surgery, slot_ids: Sequence[str], looked: Sequence[Looked], needs: str
) -> datetime:
    """When the earliest of the times begins. Raises `NotOpenError` when one of them cannot be chosen now."""
    starts = [starts for _, starts, _ in looked]
    bookable = surgery.state is SurgeryState.PUBLISHED and surgery.kind is not SurgeryKind.DROP_IN
    if not bookable or len(starts) != len(set(slot_ids)) or min(starts) <= desk.now():
        raise NotOpenError(nearest(session, desk, desk.now(), needs=needs, places=len(slot_ids)))
    return min(starts)


def _own_holds(session: Session, desk: Desk, person_id: str) -> list[Hold]:
    return list(session.exec(_holds_of_one(), params={"pack": desk.pack, "person": person_id}).all())


@cache
def _holds_of_one() -> SelectOfScalar[Hold]:
    return (
        select(Hold)
        .where(Hold.pack == bindparam("pack"), Hold.person_id == bindparam("person"), col(Hold.offered).is_(False))
        .order_by(col(Hold.id))
        .execution_options(populate_existing=True)
    )

"""The one way places change hands: lock the session, then a conditional update of the time, then its seats.

Locking the parent row first keeps writers in one queue, so nothing deadlocks; the conditional update would be right
without it; the table's own check stands behind both (reliability.md section 0, findings 5 and appendix B).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext

from sqlmodel import Session, col, delete, select, update

from handoff.bookings.errors import SlotTakenError
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.models import Seat, Slot, Surgery


def lock(session: Session, desk: Desk, *surgery_ids: str) -> dict[str, Surgery]:
    """The sessions, locked until we commit, by id. Always in the order of their ids, so that two acts never cross."""
    rows = session.exec(
        select(Surgery)
        .where(Surgery.pack == desk.pack, col(Surgery.id).in_(set(surgery_ids)))
        .order_by(Surgery.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    return {row.id: row for row in rows}


def take(session: Session, desk: Desk, slot_ids: Sequence[str], **keeper: str) -> None:
    """Take one place of each time named (twice named, two places) for `hold_id`, `booking_id` or `walk_in_id`.

    All of them or none. Raises `SlotTakenError` when one has no room; the caller adds what else is free.
    """
    claim_places(session, desk, slot_ids)
    seat(session, desk, slot_ids, **keeper)


def claim_places(session: Session, desk: Desk, slot_ids: Sequence[str]) -> None:
    """The first half of `take`: the times have that many places fewer. Raises `SlotTakenError`."""
    with session.begin_nested() if len(slot_ids) > 1 else nullcontext():
        for slot_id, places in sorted(Counter(slot_ids).items()):
            claimed = (
                update(Slot)
                .where(col(Slot.pack) == desk.pack, col(Slot.id) == slot_id)
                .where(Slot.taken + places <= col(Slot.capacity))
                .values(taken=Slot.taken + places)
                .execution_options(synchronize_session=False)
            )
            if not rows_changed(session.execute(claimed)):
                raise SlotTakenError


def seat(session: Session, desk: Desk, slot_ids: Sequence[str], **keeper: str) -> None:
    """The second half of `take`: who keeps the places that were claimed."""
    session.add_all(Seat(pack=desk.pack, id=desk.new_id(), slot_id=slot_id, **keeper) for slot_id in slot_ids)
    session.flush()


def release(session: Session, desk: Desk, *, hold_id: str | None = None, booking_id: str | None = None) -> int:
    """Give back every place a hold or a booking keeps; how many there were."""
    mine = (
        col(Seat.pack) == desk.pack,
        col(Seat.hold_id) == hold_id if hold_id is not None else col(Seat.booking_id) == booking_id,
    )
    slot_ids = session.exec(select(Seat.slot_id).where(*mine)).all()
    session.execute(delete(Seat).where(*mine).execution_options(synchronize_session=False))
    for slot_id, places in sorted(Counter(slot_ids).items()):
        given = update(Slot).where(col(Slot.pack) == desk.pack, col(Slot.id) == slot_id)
        session.execute(given.values(taken=Slot.taken - places).execution_options(synchronize_session=False))
    return len(slot_ids)


def hand_to_booking(session: Session, desk: Desk, hold_id: str, booking_id: str) -> int:
    """What the hold kept, the booking keeps from now on; how many places there were."""
    moved = update(Seat).where(col(Seat.pack) == desk.pack, col(Seat.hold_id) == hold_id)
    done = session.execute(
        moved.values(hold_id=None, booking_id=booking_id).execution_options(synchronize_session=False)
    )
    return rows_changed(done)


def slots_kept(
    session: Session, desk: Desk, *, hold_id: str | None = None, booking_id: str | None = None
) -> list[Slot]:
    """The times whose places a hold or a booking keeps, in order, one for each place."""
    kept = col(Seat.hold_id) == hold_id if hold_id is not None else col(Seat.booking_id) == booking_id
    return list(
        session.exec(
            select(Slot)
            .join(Seat, (col(Seat.pack) == col(Slot.pack)) & (col(Seat.slot_id) == col(Slot.id)))
            .where(Slot.pack == desk.pack, kept)
            .order_by(col(Slot.starts_at), col(Slot.id), col(Seat.id))
            .execution_options(populate_existing=True)
        ).all()
    )

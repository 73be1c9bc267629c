"""What families may choose from: published sessions to come, and their free times."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache

from sqlalchemy import bindparam
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from handoff.bookings.needs import unmet
from handoff.desk import Desk
from handoff.models import Attendee, Hold, Seat, Slot, Surgery, SurgeryKind, SurgeryState
from knowledge.working_hours import LONDON

EVENING = time(17, 0)
NEAREST = 3


@dataclass(frozen=True)
class OpenSlot:
    """A time with room: how many places are left, who it is with (none for anyone), and the session it belongs to."""

    id: str
    surgery_id: str
    starts_at: datetime
    ends_at: datetime
    who: str
    left: int
    venue: str
    area: str
    online: bool
    features: str


@dataclass(frozen=True)
class OpenSurgery:
    """A session families can see, the teams that will be there, and its free times."""

    surgery: Surgery
    teams: tuple[str, ...]
    slots: tuple[OpenSlot, ...]

    @property
    def left(self) -> int:
        """How many places are left in all."""
        return sum(slot.left for slot in self.slots)

    @property
    def is_full(self) -> bool:
        """Whether times are booked here and none is left."""
        return self.surgery.kind is not SurgeryKind.DROP_IN and not self.slots


@dataclass(frozen=True)
class Filters:
    """What a family asks to see: one area, online only, or from 5pm only."""

    area: str = ""
    online: bool = False
    evening: bool = False


ALL = Filters()


def next_surgeries(session: Session, desk: Desk, most: int) -> list[Surgery]:
    """The next published sessions, soonest first, whether or not they have room."""
    return list(session.exec(_next(most), params={"our": desk.pack, "now": desk.now()}).all())


def open_surgeries(
    session: Session, desk: Desk, filters: Filters = ALL, *, person_id: str = ""
) -> tuple[OpenSurgery, ...]:
    """Published sessions that have not ended, soonest first, with the times that have room and have not begun.

    What `person_id` holds at the moment is free for them: whoever goes back may choose it again.
    """
    found = _to_come()
    if filters.area:
        found = found.where(Surgery.area == filters.area)
    if filters.online:
        found = found.where(col(Surgery.online).is_(True))
    surgeries = session.exec(found, params={"our": desk.pack, "now": desk.now()}).all()
    slots, teams = _free(session, desk, person_id=person_id), _teams(session, desk)
    opened = tuple(
        OpenSurgery(
            one, tuple(teams.get(one.id, ())), tuple(slot for slot in slots.get(one.id, ()) if _at(slot, filters))
        )
        for one in surgeries
    )
    return tuple(one for one in opened if not filters.evening or _is_evening(one))


@cache
def _next(most: int) -> SelectOfScalar[Surgery]:
    # Made once: each message asks this.
    return _to_come().limit(most)


def _to_come() -> SelectOfScalar[Surgery]:
    ours = (Surgery.pack == bindparam("our"), Surgery.state == SurgeryState.PUBLISHED)
    return (
        select(Surgery)
        .where(*ours, col(Surgery.ends_at) > bindparam("now"))
        .order_by(col(Surgery.starts_at), col(Surgery.id))
    )


def areas(session: Session, desk: Desk) -> tuple[str, ...]:
    """The areas that have a session to come."""
    return tuple(sorted({one.surgery.area for one in open_surgeries(session, desk) if one.surgery.area}))


def nearest(
    session: Session, desk: Desk, wanted: datetime, *, needs: str = "", places: int = 1
) -> tuple[OpenSlot, ...]:
    """The three free times nearest to `wanted`, those that suit the needs first. What a loser of a race is shown."""
    free = [slot for slots in _free(session, desk, published=True).values() for slot in slots if slot.left >= places]

    def distance(slot: OpenSlot) -> tuple[int, float, str]:
        return (
            len(unmet(needs, slot.features, online=slot.online)),
            abs((slot.starts_at - wanted).total_seconds()),
            slot.id,
        )

    return tuple(sorted(free, key=distance)[:NEAREST])


def slot_of(session: Session, desk: Desk, slot_id: str) -> tuple[Slot, Surgery] | None:
    """The time with this id and its session, as they are now."""
    return session.exec(
        select(Slot, Surgery)
        .join(Surgery, (col(Surgery.pack) == col(Slot.pack)) & (col(Surgery.id) == col(Slot.surgery_id)))
        .where(Slot.pack == desk.pack, Slot.id == slot_id)
    ).first()


def _free(session: Session, desk: Desk, *, published: bool = False, person_id: str = "") -> dict[str, list[OpenSlot]]:
    own = _held_by(session, desk, person_id) if person_id else Counter()
    asked = {"pack": desk.pack, "now": desk.now(), "own": list(own)}
    free: dict[str, list[OpenSlot]] = {}
    for slot, surgery in session.exec(_with_room(published), params=asked).all():
        free.setdefault(surgery.id, []).append(_open(slot, surgery, own[slot.id]))
    return free


@cache
def _with_room(published: bool) -> Select[Slot, Surgery]:
    # Made once, as in `holds.py`: everybody who comes too late is shown what else is free.
    has_room = or_(col(Slot.taken) < col(Slot.capacity), col(Slot.id).in_(bindparam("own", expanding=True)))
    wanted = (
        select(Slot, Surgery)
        .join(Surgery, (col(Surgery.pack) == col(Slot.pack)) & (col(Surgery.id) == col(Slot.surgery_id)))
        .where(Slot.pack == bindparam("pack"), col(Slot.starts_at) > bindparam("now"), has_room)
        .order_by(col(Slot.starts_at), col(Slot.who), col(Slot.id))
        .execution_options(populate_existing=True)
    )
    if published:
        wanted = wanted.where(Surgery.state == SurgeryState.PUBLISHED, col(Surgery.kind) != SurgeryKind.DROP_IN)
    return wanted


def _held_by(session: Session, desk: Desk, person_id: str) -> Counter[str]:
    mine = (
        select(Seat.slot_id)
        .join(Hold, (col(Hold.pack) == col(Seat.pack)) & (col(Hold.id) == col(Seat.hold_id)))
        .where(Seat.pack == desk.pack, Hold.person_id == person_id, col(Hold.offered).is_(False))
    )
    return Counter(session.exec(mine).all())


def _open(slot: Slot, surgery: Surgery, own: int) -> OpenSlot:
    return OpenSlot(
        id=slot.id,
        surgery_id=surgery.id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        who=slot.who,
        left=slot.capacity - slot.taken + own,
        venue=surgery.venue,
        area=surgery.area,
        online=surgery.online,
        features=surgery.features,
    )


def _teams(session: Session, desk: Desk) -> dict[str, list[str]]:
    teams: dict[str, list[str]] = {}
    for one in session.exec(select(Attendee).where(Attendee.pack == desk.pack).order_by(col(Attendee.position))).all():
        teams.setdefault(one.surgery_id, []).append(one.team)
    return teams


def _at(slot: OpenSlot, filters: Filters) -> bool:
    return not filters.evening or slot.starts_at.astimezone(LONDON).time() >= EVENING


def _is_evening(one: OpenSurgery) -> bool:
    """Whether there is something from 5pm on: a time, or a drop-in that is still open."""
    return bool(one.slots) or (
        one.surgery.kind is SurgeryKind.DROP_IN and one.surgery.ends_at.astimezone(LONDON).time() > EVENING
    )

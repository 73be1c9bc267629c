"""A legal hold: while it stands, nothing of a person is erased or swept. It has a named reason and a named person."""

from __future__ import annotations

from enum import StrEnum

from sqlmodel import Session, col, update

from handoff import audit
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.models import Person


class HoldReason(StrEnum):
    """Why a council must keep everything. A closed list: words of one's own would say more than they need to."""

    TRIBUNAL = "tribunal"
    COURT = "court"
    POLICE = "police"
    OMBUDSMAN = "ombudsman"
    REGULATOR = "regulator"
    INQUIRY = "inquiry"


class HoldError(Exception):
    """The hold cannot be changed so. The message says why."""


def hold(session: Session, desk: Desk, person_id: str, reason: HoldReason, by: str) -> None:
    """Keep everything of this person until the hold ends. `by` is an officer's id. Raises `HoldError`."""
    _set(session, desk, person_id, str(reason), by)
    audit.record(session, desk, actor=by, act="hold", kind="person", subject=person_id, detail=str(reason))


def end_hold(session: Session, desk: Desk, person_id: str, by: str) -> None:
    """The hold is over; an erasure that was asked for meanwhile is carried out next. Raises `HoldError`."""
    person = session.get(Person, (desk.pack, person_id))
    if person is None or person.hold_reason is None:
        raise HoldError("There is no hold on this person.")
    was = person.hold_reason
    _set(session, desk, person_id, None, None)
    audit.record(session, desk, actor=by, act="hold_ended", kind="person", subject=person_id, detail=was)


def _set(session: Session, desk: Desk, person_id: str, reason: str | None, by: str | None) -> None:
    mine = update(Person).where(col(Person.pack) == desk.pack, col(Person.id) == person_id)
    if not rows_changed(session.execute(mine.values(hold_reason=reason, held_by=by))):
        raise HoldError("Nobody with this id is known here.")
    session.expire_all()

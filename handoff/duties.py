"""What a council may not erase when a family asks: the records it must keep, each with its reason as a code."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from handoff.desk import Desk
from handoff.models import Case, Priority

HOLD = "hold"
SAFEGUARDING = "safeguarding"
DATA_COMPLAINT = "data_complaint"


@dataclass(frozen=True)
class Kept:
    """A record that stays, by its reference, and why as a code. No reference: all of them."""

    reference: str
    why: str


def duty(case: Case) -> str | None:
    """Why this case must be kept, as a code; none when the family may have it erased."""
    if case.priority is Priority.SAFEGUARDING or case.queue == SAFEGUARDING:
        return SAFEGUARDING
    return DATA_COMPLAINT if case.data_complaint else None


def cases_to_keep(session: Session, desk: Desk, person_id: str) -> tuple[Kept, ...]:
    """This person's cases that the council must keep, oldest first."""
    mine = select(Case).where(Case.pack == desk.pack, Case.person_id == person_id).order_by(col(Case.opened_at))
    reasons = ((case.reference, duty(case)) for case in session.exec(mine).all())
    return tuple(Kept(reference, why) for reference, why in reasons if why)

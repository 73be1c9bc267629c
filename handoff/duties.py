"""What a council may not erase when a family asks: the records it must keep, each with its reason as a code."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from handoff.desk import Desk
from handoff.models import Case
from handoff.retention_rules import rule_of_case

HOLD = "hold"


@dataclass(frozen=True)
class Kept:
    """A record that stays, by its reference, and why as a code. No reference: all of them."""

    reference: str
    why: str


def cases_to_keep(session: Session, desk: Desk, person_id: str) -> tuple[Kept, ...]:
    """This person's cases that the council must keep, oldest first. Why is the name of the rule that says so."""
    mine = select(Case).where(Case.pack == desk.pack, Case.person_id == person_id).order_by(col(Case.opened_at))
    rules = ((case.reference, rule_of_case(desk.rules, case)) for case in session.exec(mine).all())
    return tuple(Kept(reference, rule.name) for reference, rule in rules if rule.duty)

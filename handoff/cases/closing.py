"""Closing and reopening: never without an outcome, and in safeguarding never by one person."""

from __future__ import annotations

from enum import StrEnum

from sqlmodel import Session, col

from handoff.cases.changing import By, Change, change, hold, look
from handoff.cases.errors import NotNowError
from handoff.cases.promising import opened_again
from handoff.cases.telling import tell
from handoff.desk import Desk
from handoff.models import Act, Case, Status
from handoff.rights import Acting
from knowledge.routing import SAFEGUARDING


class Outcome(StrEnum):
    """What became of a case. Each has a sentence for the family, `case_closed_…` in the pack."""

    ANSWERED = "answered"
    PASSED_OUTSIDE = "passed_outside"
    NOT_OURS = "not_ours"
    NO_WORD = "no_word"
    DUPLICATE = "duplicate"
    BY_FAMILY = "by_family"
    REFERRED = "referred"
    ADVICE_GIVEN = "advice_given"
    NO_FURTHER_ACTION = "no_further_action"


SAFEGUARDING_OUTCOMES = frozenset({Outcome.REFERRED, Outcome.ADVICE_GIVEN, Outcome.NO_FURTHER_ACTION})
OFFICERS_OUTCOMES = frozenset(Outcome) - SAFEGUARDING_OUTCOMES - {Outcome.BY_FAMILY}
SECOND = "A second person must agree to close a safeguarding case."


def outcomes_for(queue: str) -> frozenset[Outcome]:
    """The outcomes an officer may give a case of this queue."""
    return SAFEGUARDING_OUTCOMES if queue == SAFEGUARDING else OFFICERS_OUTCOMES


def close(session: Session, desk: Desk, acting: Acting, case_id: str, version: int, outcome: Outcome) -> Case:
    """Finish the case with an outcome, and tell the family.

    A safeguarding case is first asked to be closed by its owner (it stays open), and closed when a second officer who
    may see it gives the same outcome. Raises `CaseError`.
    """
    hold(session, desk, case_id)
    present = look(session, desk, acting, case_id)
    if outcome not in outcomes_for(present.queue):
        raise NotNowError("Choose what became of this case: that is not one of this queue's outcomes.")
    if present.queue == SAFEGUARDING:
        return _close_together(session, desk, acting, present, version, outcome)
    # The queue is part of the condition: a case passed to safeguarding a moment ago is not closed by one person.
    wanted = Change(
        Act.CLOSED,
        By.OWNER,
        _closed(desk, acting.officer_id, outcome),
        when=col(Case.queue) != SAFEGUARDING,
        otherwise=SECOND,
        detail=outcome.value,
    )
    case = change(session, desk, acting, case_id, version, wanted)
    tell(session, desk, case, f"case_closed_{outcome.value}")
    return case


def reopen(session: Session, desk: Desk, acting: Acting, case_id: str, version: int) -> Case:
    """Take up a closed case again, with a new date. Anyone who may see it may, and has it then. Raises `CaseError`."""
    present = look(session, desk, acting, case_id)
    values = {**opened_again(desk, present), "owner_id": acting.officer_id, "status": Status.WORKING}
    wanted = Change(
        Act.REOPENED,
        By.ANYONE,
        values,
        when=col(Case.status) == Status.DONE,
        otherwise="This case is open.",
        closed=True,
    )
    case = change(session, desk, acting, case_id, version, wanted)
    if case.queue != SAFEGUARDING:
        tell(session, desk, case, "case_reopened")
    return case


def _close_together(
    session: Session, desk: Desk, acting: Acting, present: Case, version: int, outcome: Outcome
) -> Case:
    if present.close_asked_by not in (None, acting.officer_id):
        return _agree(session, desk, acting, present, version, outcome)
    if present.close_asked_by == acting.officer_id and present.outcome == outcome:
        raise NotNowError(SECOND)
    # Deciding on an outcome is the next step that was due: the alarm stands down.
    asked = {"close_asked_by": acting.officer_id, "outcome": outcome.value, "answered_at": desk.now(), "late_at": None}
    wanted = Change(Act.CLOSE_ASKED, By.OWNER, asked, detail=outcome.value)
    return change(session, desk, acting, present.id, version, wanted)


def _agree(session: Session, desk: Desk, acting: Acting, present: Case, version: int, outcome: Outcome) -> Case:
    asker = present.close_asked_by
    second = (col(Case.close_asked_by) == asker) & (col(Case.close_asked_by) != acting.officer_id)
    wanted = Change(
        Act.CLOSED,
        By.ANYONE,
        _closed(desk, acting.officer_id, outcome),
        when=second & (col(Case.outcome) == outcome.value),
        otherwise="The two of you gave different outcomes. Agree on one first.",
        detail=outcome.value,
    )
    case = change(session, desk, acting, present.id, version, wanted)
    tell(session, desk, case, "case_closed_safeguarding")
    return case


def _closed(desk: Desk, by: str, outcome: Outcome) -> dict[str, object]:
    return {"status": Status.DONE, "outcome": outcome.value, "closed_by": by, "closed_at": desk.now()}

"""Waiting for the family, or for another team: said to the family, with the owner's name on it still."""

from __future__ import annotations

from sqlmodel import Session, col

from handoff.cases.changing import By, Change, change, look
from handoff.cases.promising import promised_anew
from handoff.cases.telling import tell
from handoff.desk import Desk
from handoff.models import Act, Case, Status
from handoff.promises import queue_of
from handoff.rights import Acting
from knowledge.routing import SAFEGUARDING


def wait_for_family(session: Session, desk: Desk, acting: Acting, case_id: str, version: int) -> Case:
    """The next word is the family's, and the clock stands until it comes.

    Only once the family has been answered, so that nobody waits for a question that was never asked.
    Raises `CaseError`.
    """
    wanted = Change(
        Act.WAIT_FOR_FAMILY,
        By.OWNER,
        {"status": Status.WAITING_FOR_FAMILY},
        when=col(Case.answered_at).is_not(None),
        otherwise="Reply to the family first, and say what you need from them.",
    )
    case = change(session, desk, acting, case_id, version, wanted)
    tell(session, desk, case, "case_waiting_family")
    return case


def wait_for_team(session: Session, desk: Desk, acting: Acting, case_id: str, version: int, team: str) -> Case:
    """Another team's word is needed. The clock runs: a family that was answered before is given a new date.

    In safeguarding it is the next step that had to be decided, and the family is told nothing. Raises `CaseError`, and
    `UnknownQueueError` for a team there is not.
    """
    name = queue_of(desk, team).name
    present = look(session, desk, acting, case_id)
    restricted = present.queue == SAFEGUARDING
    values: dict[str, object] = {"status": Status.WAITING_FOR_TEAM}
    if restricted:
        values |= {"answered_at": desk.now(), "late_at": None}
    elif present.answered_at is not None:
        values |= promised_anew(desk, present)
    wanted = Change(Act.WAIT_FOR_TEAM, By.OWNER, values, detail=team)
    case = change(session, desk, acting, case_id, version, wanted)
    if not restricted:
        tell(session, desk, case, "case_waiting_team", other=name)
    return case

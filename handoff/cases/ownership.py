"""Whose a case is: exactly one officer's, or nobody's."""

from __future__ import annotations

from sqlalchemy import exists, or_
from sqlmodel import Session, col, select

from handoff import officers
from handoff.cases.changing import By, Change, change, hold, look
from handoff.cases.errors import NotNowError, NotYoursError
from handoff.cases.notes import add_note
from handoff.cases.telling import tell
from handoff.desk import Desk
from handoff.models import Act, Case, CaseReply, Priority, Status
from handoff.promises import takes_cases
from handoff.rights import Acting, leads, visible
from knowledge.routing import SAFEGUARDING


def owner_of(session: Session, desk: Desk, conversation_id: str) -> str | None:
    """The officer who answers this conversation; none when Askwell answers.

    A person answers while a case of the conversation is claimed and not done: so the two never talk over each other.
    A safeguarding officer's case counts from their first reply: until then the family is not left without answers, and
    nothing on the page tells an onlooker that such a case is there.
    """
    spoken = exists().where(col(CaseReply.pack) == col(Case.pack), col(CaseReply.case_id) == col(Case.id))
    claimed = (
        select(Case.owner_id)
        .where(Case.pack == desk.pack, Case.conversation_id == conversation_id)
        .where(col(Case.owner_id).is_not(None), Case.status != Status.DONE)
        .where(or_(col(Case.queue) != SAFEGUARDING, spoken))
        .order_by(col(Case.priority), col(Case.opened_at))
    )
    return session.exec(claimed).first()


def claim(session: Session, desk: Desk, acting: Acting, case_id: str, version: int) -> Case:
    """Take a case that nobody has. Two officers may press at once: the database picks one.

    An officer who has it already has it still, and nothing is changed. Raises `CaseError`.
    """
    hold(session, desk, case_id)
    present = look(session, desk, acting, case_id)
    if present.owner_id == acting.officer_id and present.status is not Status.DONE:
        return present
    if present.owner_id and present.status is not Status.DONE:
        raise NotYoursError(present.owner_id)
    wanted = Change(
        Act.CLAIMED,
        By.ANYONE,
        {"owner_id": acting.officer_id, "status": _at_work(present.status)},
        when=col(Case.owner_id).is_(None),
        otherwise="A colleague has this case.",
    )
    return change(session, desk, acting, case_id, version, wanted)


def release(session: Session, desk: Desk, acting: Acting, case_id: str, version: int) -> Case:
    """Give the case back to its queue, for anyone to take. Raises `CaseError`."""
    present = look(session, desk, acting, case_id)
    wanted = Change(
        Act.RELEASED,
        By.OWNER_OR_LEAD,
        {"owner_id": None, "status": _at_rest(present.status)},
        when=col(Case.owner_id).is_not(None),
        otherwise="Nobody has this case.",
    )
    return change(session, desk, acting, case_id, version, wanted)


def assign(session: Session, desk: Desk, acting: Acting, case_id: str, version: int, to: str) -> Case:
    """Give the case to the officer `to`: its owner may, and whoever leads the team.

    Raises `NotNowError` when that officer may not see the case, and the other `CaseError`.
    """
    present = look(session, desk, acting, case_id)
    taker = officers.acting(session, desk, to)
    seen = taker and session.exec(select(Case.id).where(visible(desk, taker), Case.id == case_id)).first()
    if not seen:
        raise NotNowError("That officer may not see this queue. Choose someone who may.")
    wanted = Change(
        Act.ASSIGNED,
        By.OWNER_OR_LEAD,
        {"owner_id": to, "status": _at_work(present.status)},
        detail=to,
    )
    return change(session, desk, acting, case_id, version, wanted)


def pass_on(
    session: Session, desk: Desk, acting: Acting, case_id: str, version: int, to_queue: str, reason: str, key: str
) -> Case:
    """Move the case to another queue, with a reason for colleagues. The date the family was given stays.

    The owner may, whoever leads, and anyone while nobody has it. A safeguarding case leaves its queue only by being
    closed. Raises `CaseError`, and `UnknownQueueError` for a queue there is not.
    """
    if takes_cases(desk, to_queue).id != to_queue:
        raise NotNowError(
            "That team is not the council's: nobody there would see the case. Reply to the family instead."
        )
    present = look(session, desk, acting, case_id)
    if present.queue == SAFEGUARDING:
        raise NotNowError("A safeguarding case stays in its queue until two people close it.")
    free = or_(col(Case.owner_id).is_(None), col(Case.owner_id) == acting.officer_id)
    wanted = Change(
        Act.PASSED_ON,
        By.ANYONE,
        {
            "queue": to_queue,
            "owner_id": None,
            "status": Status.NEW,
            "priority": Priority.SAFEGUARDING if to_queue == SAFEGUARDING else present.priority,
        },
        when=(col(Case.queue) != to_queue) if leads(acting) else (col(Case.queue) != to_queue) & free,
        otherwise="The case is in that queue already, or a colleague has it.",
        detail=f"{present.queue}>{to_queue}",
    )
    case = change(session, desk, acting, case_id, version, wanted)
    add_note(session, desk, acting, case, reason, key)
    if to_queue != SAFEGUARDING:
        tell(session, desk, case, "case_passed_on")
    return case


def _at_work(status: Status) -> Status:
    return Status.WORKING if status is Status.NEW else status


def _at_rest(status: Status) -> Status:
    return Status.NEW if status is Status.WORKING else status

"""What a family does to its own case: writes more, or closes it. Never anything of a note."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum

from sqlmodel import Session, col, select, update

from handoff.cases.changing import case_now, hold
from handoff.cases.closing import Outcome
from handoff.cases.errors import NotNowError
from handoff.cases.events import FAMILY, note_event
from handoff.cases.promising import opened_again, promised_anew
from handoff.cases.telling import tell
from handoff.desk import Desk
from handoff.models import Act, Case, Status
from handoff.promises import REOPEN_DAYS
from knowledge.routing import SAFEGUARDING


class Heard(Enum):
    """What became of a family's message about its case."""

    ADDED = "the officer has it with the case"
    REOPENED = "the case was closed, and is open again"
    CLOSED = "the case has been closed too long: a new request is needed"


def case_of(session: Session, desk: Desk, conversation_id: str) -> Case | None:
    """The case this conversation is about: the newest open one, else the newest closed one; none when there is none.

    A safeguarding case is not one that a family goes on with in passing: each message about risk opens its own.
    """
    mine = (
        select(Case)
        .where(Case.pack == desk.pack, Case.conversation_id == conversation_id, Case.queue != SAFEGUARDING)
        .order_by(col(Case.status) == Status.DONE, col(Case.opened_at).desc(), col(Case.id))
    )
    return session.exec(mine.limit(1)).first()


def family_wrote(session: Session, desk: Desk, case_id: str) -> Heard:
    """The family wrote more about this case; its words are in the conversation already, in the same transaction.

    An answered case gets a new date. A case that waited for the family goes on. A closed one is opened again, and the
    family told, or is left closed when that was long ago. The version moves on, so that no officer answers unawares.
    """
    hold(session, desk, case_id)
    case = case_now(session, desk, case_id)
    if case.status is not Status.DONE:
        _add(session, desk, case)
        return Heard.ADDED
    if case.closed_at is None or case.closed_at < desk.now() - timedelta(days=REOPEN_DAYS):
        return Heard.CLOSED
    fresh = {**opened_again(desk, case), "status": Status.NEW, "owner_id": None}
    case = _write(session, desk, case, Act.REOPENED, fresh)
    tell(session, desk, case, "case_reopened")
    return Heard.REOPENED


def close_mine(session: Session, desk: Desk, case_id: str) -> Case:
    """The family closes its own case. Pressed again it is closed still.

    Raises `NotNowError` for a safeguarding case, which two officers close.
    """
    hold(session, desk, case_id)
    case = case_now(session, desk, case_id)
    if case.queue == SAFEGUARDING:
        raise NotNowError("This message is with the council's children's team. They decide when it is finished.")
    if case.status is Status.DONE:
        return case
    done = {"status": Status.DONE, "outcome": Outcome.BY_FAMILY.value, "closed_at": desk.now(), "closed_by": None}
    case = _write(session, desk, case, Act.CLOSED, done, detail=Outcome.BY_FAMILY.value)
    tell(session, desk, case, "case_closed_by_family")
    return case


def _add(session: Session, desk: Desk, case: Case) -> None:
    # Two officers who were about to close a safeguarding case must read this first, and decide again.
    values: dict[str, object] = {"close_asked_by": None, "outcome": None}
    if case.answered_at is not None:
        values |= promised_anew(desk, case)
    if case.status is Status.WAITING_FOR_FAMILY:
        values["status"] = Status.WORKING if case.owner_id else Status.NEW
    _write(session, desk, case, Act.FAMILY_WROTE, values)


def _write(session: Session, desk: Desk, case: Case, act: Act, values: dict[str, object], detail: str = "") -> Case:
    mine = (col(Case.pack) == desk.pack, col(Case.id) == case.id)
    session.execute(update(Case).where(*mine).values(version=Case.version + 1, **values))
    case = case_now(session, desk, case.id)
    note_event(session, desk, case, act, by=None, detail=detail, actor=FAMILY)
    return case

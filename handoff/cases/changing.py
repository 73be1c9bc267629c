"""The one way to change a case: a conditional update by version whose row count is read, with its event beside it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, or_, true
from sqlmodel import Session, col, select, update

from handoff.cases.errors import CaseChangedError, CaseError, NoSuchCaseError, NotNowError, NotYoursError
from handoff.cases.events import note_event
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.models import Act, Case, Conversation, Status
from handoff.rights import Acting, leads, visible

CLOSED = "This case is closed. Reopen it first."


class By(Enum):
    """Whose act it is."""

    OWNER = "the owner alone"
    OWNER_OR_LEAD = "the owner, or whoever leads the team"
    ANYONE = "anyone who may see the case"


@dataclass(frozen=True)
class Change:
    """What an act does to a case, and when it may. `detail` is codes for the event; `closed` is whether it may be done
    to a closed case; `otherwise` is said when `when` does not hold.
    """

    act: Act
    by: By
    values: dict[str, Any]
    when: ColumnElement[bool] | None = None
    otherwise: str = ""
    detail: str = ""
    closed: bool = False


def change(session: Session, desk: Desk, acting: Acting, case_id: str, version: int, wanted: Change) -> Case:
    """The case after the change. Who may, at which version and when are part of the update itself.

    Raises `NoSuchCaseError`, `CaseChangedError`, `NotYoursError` and `NotNowError`; nothing is changed then.
    """
    hold(session, desk, case_id)
    done = (
        update(Case)
        .where(visible(desk, acting), col(Case.id) == case_id, col(Case.version) == version)
        .where(_whose(acting, wanted.by), true() if wanted.when is None else wanted.when)
        .where(true() if wanted.closed else col(Case.status) != Status.DONE)
        .values(version=Case.version + 1, **wanted.values)
    )
    if not rows_changed(session.execute(done)):
        raise _why_not(look(session, desk, acting, case_id), acting, version, wanted)
    case = case_now(session, desk, case_id)
    note_event(session, desk, case, wanted.act, by=acting.officer_id, detail=wanted.detail)
    return case


def hold(session: Session, desk: Desk, case_id: str) -> None:
    """Wait for the case's conversation, which whoever speaks in it holds first: so nobody talks over another.

    Always the conversation first and the case second: in the other order an officer and a family could block each
    other.
    """
    mine = select(Case.conversation_id).where(Case.pack == desk.pack, Case.id == case_id).scalar_subquery()
    session.exec(
        select(Conversation.id).where(Conversation.pack == desk.pack, Conversation.id == mine).with_for_update()
    ).first()


def look(session: Session, desk: Desk, acting: Acting, case_id: str) -> Case:
    """The case as it is now. Raises `NoSuchCaseError` for one the officer may not see."""
    mine = select(Case).where(visible(desk, acting), Case.id == case_id)
    found = session.exec(mine.execution_options(populate_existing=True)).first()
    if found is None:
        raise NoSuchCaseError
    return found


def case_now(session: Session, desk: Desk, case_id: str) -> Case:
    """The case as the database has it in this transaction."""
    mine = select(Case).where(Case.pack == desk.pack, Case.id == case_id)
    return session.exec(mine.execution_options(populate_existing=True)).one()


def _whose(acting: Acting, by: By) -> ColumnElement[bool]:
    mine = col(Case.owner_id) == acting.officer_id
    if by is By.ANYONE or (by is By.OWNER_OR_LEAD and leads(acting)):
        return true()
    return or_(mine) if by is By.OWNER_OR_LEAD else mine


def _why_not(case: Case, acting: Acting, version: int, wanted: Change) -> CaseError:
    if case.version != version:
        return CaseChangedError(version, case.version)
    if case.status is Status.DONE and not wanted.closed:
        return NotNowError(CLOSED)
    others = case.owner_id != acting.officer_id
    if others and (wanted.by is By.OWNER or (wanted.by is By.OWNER_OR_LEAD and not leads(acting))):
        return NotYoursError(case.owner_id)
    return NotNowError(wanted.otherwise)

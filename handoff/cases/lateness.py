"""Promises that were not kept: the family is told first, with a new date, and the case is raised. Once for each."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from sqlalchemy import ColumnElement, Engine, or_
from sqlmodel import Session, col, select, update

from handoff.cases.alerting import alert
from handoff.cases.changing import case_now, hold
from handoff.cases.events import note_event
from handoff.cases.telling import tell
from handoff.database import rows_changed, transaction
from handoff.desk import Desk
from handoff.models import Act, Case, CaseEvent, Priority, Status
from handoff.promises import alarm_at, reply_by_for
from knowledge.dates_in_words import day_words, local_day
from knowledge.routing import SAFEGUARDING

ALARM, OVERDUE = "alarm", "overdue"
STANDS = (Status.DONE, Status.WAITING_FOR_FAMILY)
STARTS = (Act.OPENED, Act.FAMILY_WROTE, Act.REOPENED)


def keep_promises(engine: Engine, desk: Desk) -> int:
    """One round of both sweeps; how many cases were found late or alarming. Run it every minute.

    One transaction for each case, so that a case somebody is at work on holds up no other.
    """
    found = 0
    for sweep in (alarms, late_cases):
        done = True
        while done:
            with transaction(engine) as session:
                done = bool(sweep(session, desk, 1))
            found += done
    return found


def late_cases(session: Session, desk: Desk, limit: int = 100) -> list[Case]:
    """Every case whose promise has just been broken, each given its new date and told of here. Run it often.

    Two sweeps at once tell a family once: the date that was broken is part of the update.
    """
    running = (
        select(Case.id, Case.reply_by)
        .where(Case.pack == desk.pack, col(Case.answered_at).is_(None), col(Case.status).not_in(STANDS))
        .where(col(Case.reply_by) < desk.now())
        .order_by(col(Case.reply_by), col(Case.id))
        .limit(limit)
    )
    found = [_broken(session, desk, case_id) for case_id, _ in session.exec(running).all()]
    return [case for case in found if case]


def alarms(session: Session, desk: Desk, limit: int = 100) -> list[Case]:
    """Every safeguarding case that has waited as long as its queue's alarm allows with no next step, raised here once.

    The alarm comes before the date itself (4 working hours, reliability.md section 8); nothing is sent to the family.
    """
    waiting = (
        select(Case)
        .where(Case.pack == desk.pack, Case.queue == SAFEGUARDING, col(Case.late_at).is_(None))
        .where(col(Case.answered_at).is_(None), col(Case.status).not_in(STANDS))
        .order_by(col(Case.opened_at), col(Case.id))
    )
    return list(islice((case for case in session.exec(waiting).all() if _alarming(session, desk, case)), limit))


def broken(now: datetime) -> ColumnElement[bool]:
    """The condition that a promise was broken (the family may have a new date since), or the alarm was raised."""
    return or_(col(Case.late_at).is_not(None), col(Case.reply_by) < now)


def overdue(session: Session, desk: Desk) -> dict[str, int]:
    """How many open cases of each queue have broken a promise, or raised the alarm, and are still not answered."""
    late = select(Case.queue).where(
        Case.pack == desk.pack,
        col(Case.answered_at).is_(None),
        col(Case.status).not_in(STANDS),
        broken(desk.now()),
    )
    counts: dict[str, int] = {}
    for queue in session.exec(late).all():
        counts[queue] = counts.get(queue, 0) + 1
    return counts


def _broken(session: Session, desk: Desk, case_id: str) -> Case | None:
    hold(session, desk, case_id)
    before = case_now(session, desk, case_id)
    now, promised = desk.now(), before.reply_by
    moved = (
        update(Case)
        .where(col(Case.pack) == desk.pack, col(Case.id) == case_id, col(Case.version) == before.version)
        .where(col(Case.reply_by) < now, col(Case.answered_at).is_(None), col(Case.status).not_in(STANDS))
        .values(
            version=Case.version + 1,
            reply_by=reply_by_for(desk, before.queue, now),
            late_at=now,
            priority=min(before.priority, Priority.HIGH),
        )
    )
    if not rows_changed(session.execute(moved)):
        return None
    case = case_now(session, desk, case_id)
    note_event(session, desk, case, Act.LATE, by=None, detail=OVERDUE)
    if case.queue != SAFEGUARDING:
        tell(session, desk, case, "case_late", before=day_words(local_day(promised), case.language))
    return case


def _alarming(session: Session, desk: Desk, case: Case) -> bool:
    started = select(CaseEvent.at).where(
        CaseEvent.pack == desk.pack, CaseEvent.case_id == case.id, col(CaseEvent.act).in_(STARTS)
    )
    since = session.exec(started.order_by(col(CaseEvent.number).desc()).limit(1)).one()
    rings = alarm_at(desk, case.queue, since)
    if rings is None or rings > desk.now():
        return False
    raised = (
        update(Case)
        .where(col(Case.pack) == desk.pack, col(Case.id) == case.id, col(Case.version) == case.version)
        .where(col(Case.late_at).is_(None))
        .values(version=Case.version + 1, late_at=desk.now())
    )
    if not rows_changed(session.execute(raised)):
        return False
    raised_now = case_now(session, desk, case.id)
    note_event(session, desk, raised_now, Act.LATE, by=None, detail=ALARM)
    alert(session, desk, raised_now, "staff_alarm")
    return True

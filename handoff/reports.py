"""Figures for a service manager: counted in the database, never about one family, and nothing of safeguarding.

A count from 1 to 4 is never shown, and where it could be worked out from a total neither is the next smallest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case
from sqlmodel import Session, col, func, select

from handoff.desk import Desk
from handoff.models import Case, Feedback, Message, Who
from knowledge.routing import SAFEGUARDING

FEWEST = 5
UNDER = "under 5"
HIDDEN = "not shown"
ABSTAINED, ANSWERED = "abstain", ("answer", "conflict", "eligibility", "booking")


@dataclass(frozen=True)
class Count:
    """One row of a table: how many in all, and how many of them went well."""

    label: str
    total: int
    well: int = 0


def conversations(session: Session, desk: Desk, since: datetime) -> list[Count]:
    """What became of messages, by kind of answer."""
    kinds = _said(desk, since, col(Message.outcome)).group_by(col(Message.outcome))
    return _sorted(Count(str(kind), number) for kind, number, _ in session.execute(kinds).all())


def languages(session: Session, desk: Desk, since: datetime) -> list[Count]:
    """Messages by language, and how many of them found an answer."""
    rows = _said(desk, since, col(Message.language)).group_by(col(Message.language))
    return _sorted(Count(str(code), number, int(well or 0)) for code, number, well in session.execute(rows).all())


def helped(session: Session, desk: Desk, since: datetime) -> list[Count]:
    """Whether answers helped, as families said."""
    rows = (
        select(Feedback.helped, func.count())
        .where(Feedback.pack == desk.pack, col(Feedback.at) >= since)
        .group_by(col(Feedback.helped))
    )
    return _sorted(Count(str(said), number) for said, number in session.exec(rows).all())


def promises(session: Session, desk: Desk, since: datetime, until: datetime) -> list[Count]:
    """Requests for a person that were to be answered in this time, by team, and how many were answered by then.

    A request that still waits past its first date counts as not kept; one that is not due yet does not count.
    """
    kept = case((col(Case.answered_at) <= col(Case.promised_by), 1), else_=0)
    rows = (
        select(Case.queue, func.count(), func.sum(kept))
        .where(Case.pack == desk.pack, col(Case.opened_at) >= since, col(Case.opened_at) < until)
        .where(Case.queue != SAFEGUARDING)
        .where(col(Case.answered_at).is_not(None) | (col(Case.promised_by) < desk.now()))
        .group_by(Case.queue)
    )
    return _sorted(Count(queue, number, int(well or 0)) for queue, number, well in session.execute(rows).all())


def handovers(session: Session, desk: Desk, since: datetime) -> list[Count]:
    """Requests for a person, by team."""
    rows = (
        select(Case.queue, func.count())
        .where(Case.pack == desk.pack, col(Case.opened_at) >= since, Case.queue != SAFEGUARDING)
        .group_by(Case.queue)
    )
    return _sorted(Count(queue, number) for queue, number in session.exec(rows).all())


def shown(counts: Sequence[int]) -> list[str]:
    """The counts as they may be shown. A single small one hides the next smallest too: a total would give it away."""
    said = [str(number) if number == 0 or number >= FEWEST else UNDER for number in counts]
    small = [at for at, number in enumerate(counts) if 0 < number < FEWEST]
    others = [at for at, number in enumerate(counts) if number >= FEWEST]
    if len(small) == 1 and others:
        said[min(others, key=lambda at: counts[at])] = HIDDEN
    return said


def share(well: int, total: int) -> str:
    """`80%`; nothing where it would say something about a few."""
    few = total < FEWEST or 0 < well < FEWEST or 0 < total - well < FEWEST
    return HIDDEN if few else f"{round(100 * well / total)}%"


def month_ago(now: datetime) -> datetime:
    """Conversations are kept for 30 days, so figures of them look no further back."""
    return now - timedelta(days=30)


def _said(desk: Desk, since: datetime, by: Any) -> Any:
    well = func.sum(case((col(Message.outcome).in_(ANSWERED), 1), else_=0))
    return select(by, func.count(), well).where(
        Message.pack == desk.pack,
        col(Message.at) >= since,
        Message.who == Who.ASSISTANT,
        col(Message.outcome).is_not(None),
        Message.outcome != "safeguard",
        ~_at_risk(desk),
    )


def _at_risk(desk: Desk) -> ColumnElement[bool]:
    """The lines of whoever has a case in the safeguarding queue. Looked up once, not for every line."""
    people = select(Case.person_id).where(Case.pack == desk.pack, Case.queue == SAFEGUARDING)
    return col(Message.person_id).in_(people)


def _sorted(counts: Iterable[Count]) -> list[Count]:
    return sorted(counts, key=lambda one: (-one.total, one.label))

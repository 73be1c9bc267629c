"""Who is acting, and what they may see. Every officer-facing function takes an `Acting`.

The rule lives in the query itself and fails closed: no queue, no cases.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false
from sqlmodel import col

from handoff.desk import Desk
from handoff.models import Case, OfficerRole
from knowledge.routing import SAFEGUARDING


@dataclass(frozen=True)
class Acting:
    """An officer as they stand at this moment: read afresh for each request, never kept."""

    officer_id: str
    role: OfficerRole
    queues: frozenset[str]


def may_see(acting: Acting) -> ColumnElement[bool]:
    """The condition under which a case may be seen: it is in one of the officer's queues.

    The safeguarding queue opens only to someone who both has the safeguarding role and is named for that queue.
    """
    queues = acting.queues if acting.role is OfficerRole.SAFEGUARDING else acting.queues - {SAFEGUARDING}
    return col(Case.queue).in_(sorted(queues)) if queues else false()


def visible(desk: Desk, acting: Acting) -> ColumnElement[bool]:
    """The cases of this council that the officer may see."""
    return and_(col(Case.pack) == desk.pack, may_see(acting))


def leads(acting: Acting) -> bool:
    """Whether the officer may give cases to others: a lead, or in safeguarding any of its named officers."""
    return acting.role in (OfficerRole.LEAD, OfficerRole.SAFEGUARDING)

"""By when a team replies: the one place from which a family and an officer both have the date."""

from __future__ import annotations

from datetime import datetime, timedelta

from handoff.desk import Desk
from knowledge.routing import SAFEGUARDING, Queue
from knowledge.working_hours import Standard, Unit, reply_by

# A closed case that its family writes to is taken up again for this long; after that a new request is opened.
REOPEN_DAYS = 28
DATA_COMPLAINT_DAYS = 30
LAST_RESORT = Queue(
    id=SAFEGUARDING,
    name="Safeguarding",
    handles="someone at risk",
    order=0,
    standard=Standard(1, Unit.DAYS),
    alarm=Standard(4, Unit.HOURS),
)


class UnknownQueueError(Exception):
    """The council has no such queue. The message names it."""


def queue_of(desk: Desk, queue_id: str) -> Queue:
    """The queue with this id. Raises `UnknownQueueError`.

    There is always one for messages about someone at risk, also where a pack forgot it: no such message is lost.
    """
    queue = desk.queues.get(queue_id, LAST_RESORT if queue_id == SAFEGUARDING else None)
    if queue is None:
        raise UnknownQueueError(f"There is no queue {queue_id!r}: its name belongs in queues.yaml.")
    return queue


def reply_by_for(desk: Desk, queue_id: str, at: datetime) -> datetime:
    """When a message that came at `at` is answered at the latest, in Europe/London.

    Counted in that queue's own opening hours and standard (`queues.yaml`). Raises `UnknownQueueError`.
    """
    queue = queue_of(desk, queue_id)
    return reply_by(queue.hours, at, queue.standard)


def data_complaint_by(at: datetime) -> datetime:
    """When a complaint about data that came at `at` is answered at the latest: 30 days later.

    Data Protection Act 2018 s164A asks for an acknowledgement by then; the family has one at once, and this day.
    """
    return at + timedelta(days=DATA_COMPLAINT_DAYS)


def takes_cases(desk: Desk, queue_id: str) -> Queue:
    """The queue whose officers answer a case about what this queue handles. Raises `UnknownQueueError`."""
    queue = queue_of(desk, queue_id)
    return queue_of(desk, queue.cases_to) if queue.cases_to else queue


def alarm_at(desk: Desk, queue_id: str, at: datetime) -> datetime | None:
    """When a message that came at `at` and has no next step is overdue for the team itself; none where none is set."""
    queue = queue_of(desk, queue_id)
    return None if queue.alarm is None else reply_by(queue.hours, at, queue.alarm)

"""Who handles what: the queues of a council."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from knowledge.working_hours import Period, QueueHours, Standard, Unit

# The queue for messages about someone at risk: named officers alone, whatever the pack calls it for people.
SAFEGUARDING = "safeguarding"
# What holds for a queue whose pack gives neither: an office week, and five working days.
OFFICE_HOURS = QueueHours(dict.fromkeys(range(5), (Period(time(9), time(17)),)))
FIVE_DAYS = Standard(5, Unit.DAYS)


@dataclass(frozen=True)
class Queue:
    """A team that answers. `order` is the routing order of domain.md section 4: the lowest wins.

    `standard` is by when it replies, counted in `hours`; `alarm` is when a message nobody has answered is overdue for
    the team itself, earlier than that. `hours_source` and `standard_source` name the source that publishes each: none
    means that it is the pack's own default, for the council to confirm. `cases_to` is the queue that takes the cases
    of a team outside the council, such as a school: nobody there reads Askwell's queues.
    """

    id: str
    name: str
    handles: str
    order: int
    contact: str | None = None
    says: str | None = None
    hours: QueueHours = OFFICE_HOURS
    standard: Standard = FIVE_DAYS
    alarm: Standard | None = None
    hours_source: str | None = None
    standard_source: str | None = None
    cases_to: str | None = None

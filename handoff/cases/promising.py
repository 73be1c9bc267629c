"""A promise made anew: what a case's clock starts with when a family is owed a reply again."""

from __future__ import annotations

from handoff.desk import Desk
from handoff.models import Case
from handoff.promises import reply_by_for


def promised_anew(desk: Desk, case: Case) -> dict[str, object]:
    """The columns of a case whose family is owed a reply from now on, by the standard of its queue."""
    by = reply_by_for(desk, case.queue, desk.now())
    return {"answered_at": None, "late_at": None, "reply_by": by, "promised_by": by}


def opened_again(desk: Desk, case: Case) -> dict[str, object]:
    """The columns of a case that is taken up again: no outcome, and a new promise."""
    return {
        **promised_anew(desk, case),
        **dict.fromkeys(("outcome", "close_asked_by", "closed_by", "closed_at")),
    }

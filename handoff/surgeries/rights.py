"""Who may run surgeries: officers named for the surgery queue. It fails closed, as sight of cases does."""

from __future__ import annotations

from handoff.models import OfficerRole
from handoff.rights import Acting

QUEUE = "surgery"


class MayNotRunError(Exception):
    """The officer is not named for the surgery queue."""


def check_may_run(acting: Acting) -> None:
    """Raises `MayNotRunError` unless the officer is named for the surgery queue."""
    if QUEUE not in acting.queues:
        raise MayNotRunError(f"Only officers of the {QUEUE} queue may do this. Ask an admin to add you.")


def at_the_terminal() -> Acting:
    """Whoever runs `askwell` on the council's own machine; the audit calls them so."""
    return Acting("terminal", OfficerRole.ADMIN, frozenset({QUEUE}))

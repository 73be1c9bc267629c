"""Letters to officers, by their own door."""

from __future__ import annotations

from sqlmodel import Session

from handoff import outbox
from handoff.desk import Desk
from handoff.letters import Letter
from handoff.models import Officer
from handoff.people import address_for

# Doors of the staff, apart from every family's: an officer may be a parent of the borough as well, and nobody silences
# an alert by calling an officer's address their own.
STAFF = "staff"


def tell_officer(
    session: Session, desk: Desk, officer: Officer, *, key: str, line: str, kind: str, words: str, path: str
) -> None:
    """Put a letter to `officer` in the outbox, once for each `key`. `words` name nobody: they are the subject too."""
    door = address_for(session, desk, STAFF, officer.email)
    letter = Letter(
        key=key,
        person_id=door.person_id,
        channel=STAFF,
        address_id=door.id,
        to=None,
        line=line,
        kind=kind,
        subject=words,
        text=words,
        neutral=words,
        link=desk.link(path),
    )
    outbox.put(session, desk, letter)

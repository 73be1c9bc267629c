"""Officers: who they are, what they may do, which queues they may see, and what happens when one leaves."""

from __future__ import annotations

import re

from sqlmodel import Session, col, delete, select

from handoff.desk import Desk
from handoff.models import Officer, OfficerQueue, OfficerRole, OfficerSession
from handoff.passwords import hash_password, why_weak
from handoff.rights import Acting

LONGEST_NAME = 100
_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+")


class OfficerError(Exception):
    """What was asked about an officer cannot be done. The message says why, and what to do."""


def add_officer(
    session: Session, desk: Desk, *, email: str, name: str, role: OfficerRole, queues: frozenset[str], password: str
) -> Officer:
    """A new officer who may sign in. Raises `OfficerError`; an address once used is never given to another."""
    address, shown = _read_email(email), name.strip()
    if not shown or len(shown) > LONGEST_NAME:
        raise OfficerError(f"Give the name families and colleagues see, at most {LONGEST_NAME} characters.")
    if session.exec(select(Officer.id).where(Officer.pack == desk.pack, Officer.email == address)).first():
        raise OfficerError(f"There is an officer with the address {address} already.")
    made = Officer(
        pack=desk.pack,
        id=desk.new_id(),
        email=address,
        name=shown,
        role=role,
        password=_hashed(password),
        made_at=desk.now(),
    )
    session.add(made)
    session.flush()
    set_queues(session, desk, made.id, queues)
    return made


def officer_by_email(session: Session, desk: Desk, email: str) -> Officer | None:
    """The officer who signs in with this address; none when there is none or they have left."""
    mine = select(Officer).where(Officer.pack == desk.pack, Officer.email == email.strip().lower())
    return session.exec(mine.where(col(Officer.left_at).is_(None))).first()


def officers(session: Session, desk: Desk, *, with_leavers: bool = False) -> list[Officer]:
    """The council's officers by name."""
    all_of_them = select(Officer).where(Officer.pack == desk.pack).order_by(col(Officer.name), col(Officer.id))
    present = all_of_them if with_leavers else all_of_them.where(col(Officer.left_at).is_(None))
    return list(session.exec(present).all())


def names(session: Session, desk: Desk) -> dict[str, str]:
    """Each officer's name by id, leavers too: what they did stays theirs."""
    return {one.id: one.name for one in officers(session, desk, with_leavers=True)}


def queues_of(session: Session, desk: Desk, officer_id: str) -> frozenset[str]:
    """The queues this officer may see. No row, no sight of it."""
    mine = select(OfficerQueue.queue).where(OfficerQueue.pack == desk.pack, OfficerQueue.officer_id == officer_id)
    return frozenset(session.exec(mine).all())


def acting(session: Session, desk: Desk, officer_id: str) -> Acting | None:
    """What this officer may do now; none when they have left or never were."""
    found = session.get(Officer, (desk.pack, officer_id), populate_existing=True)
    if found is None or found.left_at is not None:
        return None
    return Acting(found.id, found.role, queues_of(session, desk, found.id))


def set_queues(session: Session, desk: Desk, officer_id: str, queues: frozenset[str]) -> None:
    """Give the officer sight of these queues and no others. Raises `OfficerError` for a queue nobody has heard of."""
    for queue in sorted(queues):
        if queue not in desk.queues:
            known = ", ".join(sorted(desk.queues))
            raise OfficerError(f"There is no queue called {queue}. The queues are: {known}.")
    mine = (col(OfficerQueue.pack) == desk.pack, col(OfficerQueue.officer_id) == officer_id)
    session.execute(delete(OfficerQueue).where(*mine))
    session.add_all(OfficerQueue(pack=desk.pack, officer_id=officer_id, queue=queue) for queue in sorted(queues))
    session.flush()


def set_role(session: Session, desk: Desk, officer_id: str, role: OfficerRole) -> None:
    """Change what the officer may do. Which cases they may see is by queue, and does not change."""
    _present(session, desk, officer_id).role = role
    session.flush()


def set_password(session: Session, desk: Desk, officer_id: str, password: str) -> None:
    """A new password. Whoever is signed in with the old one is signed out. Raises `OfficerError`."""
    _present(session, desk, officer_id).password = _hashed(password)
    _sign_out_everywhere(session, desk, officer_id)


def leave(session: Session, desk: Desk, officer_id: str) -> None:
    """The officer has left: no sign-in, no queue, no session from this moment. Their name stays on what they did."""
    found = _present(session, desk, officer_id)
    found.left_at, found.password, found.totp = desk.now(), "", None
    session.flush()
    set_queues(session, desk, officer_id, frozenset())
    _sign_out_everywhere(session, desk, officer_id)


def _present(session: Session, desk: Desk, officer_id: str) -> Officer:
    found = session.get(Officer, (desk.pack, officer_id), populate_existing=True)
    if found is None or found.left_at is not None:
        raise OfficerError("There is no such officer, or they have left.")
    return found


def _sign_out_everywhere(session: Session, desk: Desk, officer_id: str) -> None:
    mine = delete(OfficerSession).where(
        col(OfficerSession.pack) == desk.pack, col(OfficerSession.officer_id) == officer_id
    )
    session.execute(mine)


def _read_email(email: str) -> str:
    address = email.strip().lower()
    if len(address) > 254 or not _EMAIL.fullmatch(address):
        raise OfficerError(f"{email!r} is no email address. Write it like priya@council.example.")
    return address


def _hashed(password: str) -> str:
    weak = why_weak(password)
    if weak:
        raise OfficerError(weak)
    return hash_password(password)

"""Who is signed in: sessions kept here, not in the browser, which holds one random token."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, update

from handoff.desk import Desk
from handoff.models import Officer, OfficerSession
from handoff.officers import acting
from handoff.rights import Acting

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
# A press within this time of the last is not written down: looking at pages would otherwise write all day.
TOUCH = timedelta(minutes=1)


@dataclass(frozen=True)
class SignedIn:
    """An officer at a browser, as they stand now, signed in at `since`.

    `ends_at` is when the session ends if nothing more is pressed after this; `quiet_until` when it ends if this was no
    press.
    """

    acting: Acting
    name: str
    email: str
    two_step: bool
    ends_at: datetime
    stale: bool
    since: datetime
    quiet_until: datetime


def start(session: Session, desk: Desk, officer_id: str, old: str = "") -> str:
    """A new session and its token, which is in no table. What the browser had before (`old`) ends."""
    sign_out(session, desk, old)
    token, now = secrets.token_urlsafe(32), desk.now()
    made = OfficerSession(
        pack=desk.pack, id=_hash(token), officer_id=officer_id, made_at=now, last_at=now, expires_at=now + LONGEST
    )
    session.add(made)
    session.flush()
    return token


def signed_in(session: Session, desk: Desk, token: str) -> SignedIn | None:
    """Who holds this token; none when it is unknown, has been idle or open too long, or its officer has left."""
    kept = session.get(OfficerSession, (desk.pack, _hash(token)), populate_existing=True) if token else None
    now = desk.now()
    if kept is None or now >= kept.expires_at or now >= kept.last_at + IDLE:
        return None
    can = acting(session, desk, kept.officer_id)
    officer = session.get(Officer, (desk.pack, kept.officer_id))
    if can is None or officer is None:
        return None
    stale = now - kept.last_at >= TOUCH
    quiet_until = min(kept.expires_at, kept.last_at + IDLE)
    ends_at = min(kept.expires_at, now + IDLE) if stale else quiet_until
    two_step = officer.totp is not None
    return SignedIn(can, officer.name, officer.email, two_step, ends_at, stale, kept.made_at, quiet_until)


def touch(session: Session, desk: Desk, token: str) -> None:
    """The officer is still here."""
    mine = update(OfficerSession).where(*_this(desk, token), col(OfficerSession.expires_at) > desk.now())
    session.execute(mine.values(last_at=desk.now()))


def sign_out(session: Session, desk: Desk, token: str) -> None:
    """End this session. Does nothing when there is none."""
    if token:
        session.execute(delete(OfficerSession).where(*_this(desk, token)))


def _this(desk: Desk, token: str) -> tuple[ColumnElement[bool], ...]:
    return (col(OfficerSession.pack) == desk.pack, col(OfficerSession.id) == _hash(token))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

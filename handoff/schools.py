"""Schools come in by invitation: an officer invites a school's own email address, and a one-time link signs it in.

There is no password to lose. A link is opened by pressing a button, so that a mail scanner that fetches it does not
use it up. An invitation lasts a school year; leaving, ending and the year's end sign every browser out.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session, col, delete, select, update

from handoff import audit
from handoff.cases.naming import kept_token
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.letters import Letter
from handoff.models import Address, SafeContact, SchoolAccess, SchoolLink, SchoolSession
from handoff.outbox import put
from handoff.people import address_for, known_address

CHANNEL = "school"
INVITED_FOR = timedelta(days=7)
LINK_FOR = timedelta(minutes=30)
SIGNED_IN_FOR = timedelta(hours=10)
ACCESS_FOR = timedelta(days=365)
_EMAIL = re.compile(r"[^@\s,;<>\"']{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}")
# Anyone can have one of these: an invitation goes to a school's own address.
ANYBODYS = frozenset(
    (
        "gmail.com googlemail.com hotmail.com hotmail.co.uk outlook.com live.com live.co.uk yahoo.com yahoo.co.uk "
        "icloud.com me.com aol.com btinternet.com sky.com virginmedia.com proton.me"
    ).split()
)


class SchoolError(Exception):
    """The invitation or link cannot be used. The message says why, and what to do."""


def invite(session: Session, desk: Desk, *, email: str, school: str, by: str, link_to: str) -> SchoolAccess:
    """Let the person at this school address in, and write to them. `link_to` is the page's address up to the token.

    Inviting again renews. Raises `SchoolError` for what is no school's address.
    """
    named, address = " ".join(school.split()), _checked(email)
    if not named or len(named) > 120:
        raise SchoolError("Write the school's name, in 120 letters or fewer.")
    door = address_for(session, desk, CHANNEL, address)
    _may_be_told_all(session, desk, door)
    access = _access_at(session, desk, door) or SchoolAccess(
        pack=desk.pack,
        id=desk.new_id(),
        person_id=door.person_id,
        address_id=door.id,
        school=named,
        invited_by=by,
        made_at=desk.now(),
        ends_at=desk.now(),
    )
    access.school, access.invited_by, access.ends_at = named, by, desk.now() + ACCESS_FOR
    session.add(access)
    session.flush()
    _send(session, desk, access, address, link_to, INVITED_FOR, "school_invited")
    audit.record(session, desk, actor=by, act="invited", kind="school", subject=access.id)
    return access


def send_link(session: Session, desk: Desk, *, email: str, link_to: str) -> None:
    """Send a sign-in link when this address may come in. Nothing tells the asker whether it may."""
    door = known_address(session, desk, CHANNEL, email.strip().lower())
    access = _access_at(session, desk, door) if door else None
    if access is not None and access.ends_at > desk.now():
        _send(session, desk, access, email.strip().lower(), link_to, LINK_FOR, "school_link")


def enter(session: Session, desk: Desk, token: str) -> str:
    """Use a link once; the token for the browser's cookie. Raises `SchoolError`."""
    now = desk.now()
    used = update(SchoolLink).where(
        col(SchoolLink.pack) == desk.pack,
        col(SchoolLink.id) == kept_token(token),
        col(SchoolLink.used_at).is_(None),
        col(SchoolLink.expires_at) > now,
    )
    if not rows_changed(session.execute(used.values(used_at=now))):
        raise SchoolError("This link has been used, or is too old. Ask for a new one with your school email.")
    access_id = session.exec(
        select(SchoolLink.access_id).where(SchoolLink.pack == desk.pack, SchoolLink.id == kept_token(token))
    ).one()
    access = session.get(SchoolAccess, (desk.pack, access_id))
    if access is None or access.ends_at <= now:
        raise SchoolError("This school's access has ended. Ask the council's AP team for a new invitation.")
    access.accepted_at = access.accepted_at or now
    session.add(access)
    cookie = secrets.token_urlsafe(32)
    expires = min(now + SIGNED_IN_FOR, access.ends_at)
    session.add(
        SchoolSession(pack=desk.pack, id=kept_token(cookie), access_id=access.id, made_at=now, expires_at=expires)
    )
    audit.record(session, desk, actor=access.id, act="signed_in", kind="school", subject=access.id)
    return cookie


def school_of(session: Session, desk: Desk, cookie: str) -> SchoolAccess | None:
    """Who is signed in with this cookie; none when nobody is."""
    if not cookie:
        return None
    now = desk.now()
    wanted = (
        select(SchoolAccess)
        .join(SchoolSession, col(SchoolSession.access_id) == col(SchoolAccess.id))
        .where(SchoolSession.pack == desk.pack, SchoolAccess.pack == desk.pack)
        .where(SchoolSession.id == kept_token(cookie), SchoolSession.expires_at > now, SchoolAccess.ends_at > now)
    )
    return session.exec(wanted).first()


def leave(session: Session, desk: Desk, cookie: str) -> None:
    """Sign this browser out. Does nothing when it is not signed in."""
    mine = delete(SchoolSession).where(
        col(SchoolSession.pack) == desk.pack, col(SchoolSession.id) == kept_token(cookie)
    )
    session.execute(mine)


def end_access(session: Session, desk: Desk, *, email: str, by: str) -> SchoolAccess:
    """End a school's access at once: every browser signed out, every open link dead. Raises `SchoolError`."""
    door = known_address(session, desk, CHANNEL, email.strip().lower())
    access = _access_at(session, desk, door) if door else None
    if access is None:
        raise SchoolError(f"No school was invited at {email}.")
    access.ends_at = desk.now()
    session.add(access)
    for table in (SchoolSession, SchoolLink):
        session.execute(delete(table).where(col(table.pack) == desk.pack, col(table.access_id) == access.id))
    audit.record(session, desk, actor=by, act="ended", kind="school", subject=access.id)
    return access


def schools(session: Session, desk: Desk) -> Sequence[tuple[SchoolAccess, str]]:
    """Everyone invited whose access has not ended, with their address, by school."""
    rows = session.exec(
        select(SchoolAccess, Address)
        .join(Address, (col(Address.id) == col(SchoolAccess.address_id)) & (col(Address.pack) == desk.pack))
        .where(SchoolAccess.pack == desk.pack, SchoolAccess.ends_at > desk.now())
        .order_by(SchoolAccess.school, SchoolAccess.id)
    ).all()
    return [
        (access, desk.open(access.person_id, door.sealed_address, "address.sealed_address")) for access, door in rows
    ]


def _send(
    session: Session, desk: Desk, access: SchoolAccess, address: str, link_to: str, lasts: timedelta, kind: str
) -> None:
    token = secrets.token_urlsafe(24)
    expires = desk.now() + lasts
    session.add(SchoolLink(pack=desk.pack, id=kept_token(token), access_id=access.id, expires_at=expires))
    put(
        session,
        desk,
        Letter(
            key=f"{kind}:{kept_token(token)[:32]}",
            person_id=access.person_id,
            channel="email",
            address_id=None,
            to=address,
            line=f"school:{access.id}",
            kind=kind,
            subject=desk.say(f"{kind}_subject"),
            text=desk.say(kind, school=access.school),
            neutral=desk.say(f"{kind}_subject"),
            link=f"{link_to}{token}",
            stale_at=expires,
            safe=SafeContact.FULL,
        ),
    )


def _may_be_told_all(session: Session, desk: Desk, door: Address) -> None:
    mine = update(Address).where(col(Address.pack) == desk.pack, col(Address.id) == door.id)
    session.execute(mine.values(safe=SafeContact.FULL))


def _access_at(session: Session, desk: Desk, door: Address) -> SchoolAccess | None:
    wanted = select(SchoolAccess).where(SchoolAccess.pack == desk.pack, SchoolAccess.address_id == door.id)
    return session.exec(wanted).first()


def _checked(email: str) -> str:
    address = email.strip().lower()
    if not _EMAIL.fullmatch(address):
        raise SchoolError("Write one email address, like office@school.example.")
    if address.partition("@")[2] in ANYBODYS:
        raise SchoolError("Invite the school's own email address, not a private one.")
    return address

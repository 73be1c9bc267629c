"""People and their doors: who is at an address, and how a second door is joined to the same person."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from functools import cache

from sqlalchemy import bindparam
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.models import Address, Case, JoinLink, Person

JOIN_MINUTES = 30
ADDRESS = "address.sealed_address"


class JoinError(Exception):
    """A link that joins two doors cannot be used. The message says why, and what to do."""


def address_for(session: Session, desk: Desk, channel: str, address: str, language: str = "en") -> Address:
    """The door this message came through; a new person with a key of their own when it is the first time."""
    fingerprint = desk.door_mark(channel, address)
    found = known_address(session, desk, channel, address)
    if found:
        return found
    try:
        with session.begin_nested():
            return _first_seen(session, desk, channel, address, fingerprint, language)
    except IntegrityError:
        # Two first messages at once: the other was first.
        again = _known(session, desk, channel, fingerprint)
        if again is None:
            raise
        return again


def known_address(session: Session, desk: Desk, channel: str, address: str) -> Address | None:
    """The door, if anybody came through it before."""
    return _known(session, desk, channel, desk.door_mark(channel, address))


def hold_door(session: Session, desk: Desk, door: Address) -> None:
    """Hold the door's row until the transaction ends: of two that come through it at once, the second waits here."""
    session.exec(_held(), params={"our": desk.pack, "door": door.id}).one()


def join_link(session: Session, desk: Desk, person_id: str) -> str:
    """A token, good once and for half an hour, with which this person may join a second door to themselves."""
    token = secrets.token_urlsafe(24)
    expires = desk.now() + timedelta(minutes=JOIN_MINUTES)
    session.add(JoinLink(pack=desk.pack, id=_hash(token), person_id=person_id, expires_at=expires))
    return token


def join(session: Session, desk: Desk, token: str, address: Address) -> str:
    """Make `address` a door of the person who asked for `token`; their id. Raises `JoinError`.

    Nothing that was said at that door before comes along: a tablet may have been somebody else's an hour ago, and two
    adults of one child must never see each other's words. A door with a request of its own is left alone.
    """
    used = update(JoinLink).where(
        col(JoinLink.pack) == desk.pack,
        col(JoinLink.id) == _hash(token),
        col(JoinLink.used_at).is_(None),
        col(JoinLink.expires_at) > desk.now(),
    )
    if not rows_changed(session.execute(used.values(used_at=desk.now()))):
        raise JoinError("This link has been used, or is more than half an hour old. Ask for a new one.")
    person_id = session.exec(
        select(JoinLink.person_id).where(JoinLink.pack == desk.pack, JoinLink.id == _hash(token))
    ).one()
    if address.person_id == person_id:
        return person_id
    own_case = select(Case.id).where(Case.pack == desk.pack, Case.person_id == address.person_id)
    if session.exec(own_case.limit(1)).first():
        raise JoinError("There is a request at this door already. Go on with it here, or close it first.")
    _hand_on(session, desk, address, person_id)
    return person_id


def _known(session: Session, desk: Desk, channel: str, fingerprint: str) -> Address | None:
    mark = {"our": desk.pack, "through": channel, "fingerprint": fingerprint}
    return session.exec(_marked(), params=mark).first()


@cache
def _held() -> SelectOfScalar[str]:
    # This and the next are made once: each message asks both.
    return select(Address.id).where(Address.pack == bindparam("our"), Address.id == bindparam("door")).with_for_update()


@cache
def _marked() -> SelectOfScalar[Address]:
    return select(Address).where(
        Address.pack == bindparam("our"),
        Address.channel == bindparam("through"),
        Address.fingerprint == bindparam("fingerprint"),
    )


def _first_seen(session: Session, desk: Desk, channel: str, address: str, fingerprint: str, language: str) -> Address:
    now = desk.now()
    person = Person(pack=desk.pack, id=desk.new_id(), language=language, made_at=now, seen_at=now)
    # The key is on the disk before the row that needs it: a crash between leaves a key nobody uses.
    desk.vault.make_key(person.id)
    session.add(person)
    session.flush()
    made = Address(
        pack=desk.pack,
        id=desk.new_id(),
        person_id=person.id,
        channel=channel,
        fingerprint=fingerprint,
        sealed_address=desk.seal(person.id, address, ADDRESS),
        made_at=now,
    )
    session.add(made)
    session.flush()
    return made


def _hand_on(session: Session, desk: Desk, door: Address, taker: str) -> None:
    """The door becomes the taker's, as a new row: what the giver said there stays with the giver's closed one."""
    to = desk.open(door.person_id, door.sealed_address, ADDRESS)
    found_by, door.fingerprint = door.fingerprint, desk.vault.fingerprint(f"{desk.pack}:handed on:{door.id}")
    door.closed_at = desk.now()
    session.add(door)
    session.flush()
    made = Address(
        pack=desk.pack,
        id=desk.new_id(),
        person_id=taker,
        channel=door.channel,
        fingerprint=found_by,
        sealed_address=desk.seal(taker, to, ADDRESS),
        made_at=desk.now(),
    )
    session.add(made)
    session.flush()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()

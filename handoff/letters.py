"""Letters and parcels: what is to be said, sealed while it waits, and what a door may carry when it is sent."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlmodel import Session, select

from handoff.desk import Desk
from handoff.left_mailboxes import was_left
from handoff.models import Address, OutboxMessage, SafeContact

BODY = "outbox_message.sealed_body"
ADDRESS = "address.sealed_address"


@dataclass(frozen=True)
class Letter:
    """One message for one door. `address_id` names a door of the person; without one it goes to `to` (an address
    given for one case), and `safe` says what may be sent there.

    `text` is for people who said that everything may be sent; `neutral` is one line that tells an onlooker nothing.
    `line` is what keeps order: a conversation's id. No letter is sent after `stale_at`.
    """

    key: str
    person_id: str
    channel: str
    address_id: str | None
    to: str | None
    line: str
    kind: str
    subject: str
    text: str
    neutral: str
    link: str = ""
    language: str = "en"
    due_at: datetime | None = None
    stale_at: datetime | None = None
    safe: SafeContact = SafeContact.NEUTRAL


@dataclass(frozen=True)
class Body:
    """What of a letter is sealed with its person's key."""

    to: str | None
    subject: str
    text: str
    neutral: str
    link: str
    language: str
    safe: str


@dataclass(frozen=True)
class Parcel:
    """A letter on its way: what its door may carry, as the person's safe-contact answer stands now."""

    id: str
    key: str
    attempt: int
    channel: str
    address_id: str | None
    to: str
    kind: str
    subject: str
    text: str
    link: str
    language: str


def seal_body(desk: Desk, letter: Letter) -> bytes:
    """What only the person's key opens again."""
    body = Body(
        to=letter.to,
        subject=letter.subject,
        text=letter.text,
        neutral=letter.neutral,
        link=letter.link,
        language=letter.language,
        safe=letter.safe.value,
    )
    return desk.seal(letter.person_id, json.dumps(asdict(body), ensure_ascii=False), BODY)


def parcel_of(session: Session, desk: Desk, row: OutboxMessage, now: datetime) -> tuple[Parcel | None, str]:
    """What the letter's door may carry now, or none and why. Raises `ErasedError`, `SealError` and `ValueError`."""
    if row.stale_at is not None and row.stale_at <= now:
        return None, "stale"
    body = Body(**json.loads(desk.open(row.person_id, row.sealed_body, BODY)))
    door = _door(session, desk, row, body)
    if why := _shut(session, desk, row, body, door):
        return None, why
    safe = door.safe if door else SafeContact(body.safe)
    if safe is SafeContact.NOTHING:
        return None, "not_wanted"
    to = body.to if body.to is not None else desk.open(row.person_id, door.sealed_address if door else b"", ADDRESS)
    full = safe is SafeContact.FULL
    return (
        Parcel(
            id=row.id,
            key=row.key,
            attempt=row.attempts,
            channel=row.channel,
            address_id=row.address_id,
            to=to,
            kind=row.kind,
            subject=body.subject if full else body.neutral,
            text=body.text if full else body.neutral,
            link=body.link,
            language=body.language,
        ),
        "",
    )


def _shut(session: Session, desk: Desk, row: OutboxMessage, body: Body, door: Address | None) -> str:
    """Why nothing goes to this door or mailbox; empty when something may."""
    if door is None:
        if body.to is None:
            return "closed"
        # Whose it was is not known any more: the other parent's, it may be.
        return "another_person" if was_left(session, desk, row.channel, body.to) else ""
    if door.closed_at is not None:
        return "closed"
    # The mailbox given for this case is another person's door by now: the other parent's, it may be.
    return "" if door.person_id == row.person_id else "another_person"


def _door(session: Session, desk: Desk, row: OutboxMessage, body: Body) -> Address | None:
    """The letter's door; for an address of its own, a door anyone has told us about under the same address."""
    mine = select(Address).where(Address.pack == desk.pack)
    if row.address_id is not None:
        mine = mine.where(Address.id == row.address_id, Address.person_id == row.person_id)
    else:
        fingerprint = desk.door_mark(row.channel, body.to or "")
        mine = mine.where(Address.channel == row.channel, Address.fingerprint == fingerprint)
    return session.exec(mine.execution_options(populate_existing=True)).first()

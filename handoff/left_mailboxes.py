"""Mailboxes of people who were erased: for a while nothing that is somebody else's goes there.

One parent may have typed the other's mailbox, by a slip or because it was the family's. While it is the other's door
nothing goes there (`handoff.letters`); once they are erased nobody knows whose it was, so a keyed hash is kept.
"""

from __future__ import annotations

from sqlmodel import Session, col, select

from handoff.desk import Desk
from handoff.models import Address, LeftMailbox

# Doors that something can be sent to although nobody came through them: an address typed into a form.
TYPED = frozenset({"email"})


def remember_left(session: Session, desk: Desk, person_id: str) -> None:
    """Keep the hashes of this person's mailboxes, before their doors are removed."""
    doors = select(Address.fingerprint).where(
        Address.pack == desk.pack, Address.person_id == person_id, col(Address.channel).in_(TYPED)
    )
    for fingerprint in session.exec(doors).all():
        session.merge(LeftMailbox(pack=desk.pack, id=fingerprint, left_at=desk.now()))
    session.flush()


def was_left(session: Session, desk: Desk, channel: str, address: str) -> bool:
    """Whether whoever had this mailbox was erased not long ago."""
    return session.get(LeftMailbox, (desk.pack, desk.door_mark(channel, address))) is not None

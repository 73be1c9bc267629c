"""The waiting list: join, leave, say yes or no to an offered place. The order is the rule of `order.py`."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from handoff import receipts
from handoff.bookings.booking import confirm
from handoff.bookings.errors import ChangedError, OfferGoneError
from handoff.bookings.found import Booked, Waiting, find, opened, opened_entry
from handoff.bookings.freeing import change_entry, drop_hold, settle_offer
from handoff.bookings.letters import Note, link_of, send
from handoff.bookings.links import new_token, token_hash
from handoff.bookings.needs import coded
from handoff.bookings.offering import offer_places
from handoff.bookings.open_slots import nearest
from handoff.bookings.order import draw_lot
from handoff.bookings.places import lock
from handoff.bookings.visit import Visit, seal_visit
from handoff.desk import Desk
from handoff.models import (
    Booking,
    Offer,
    OfferState,
    Surgery,
    SurgeryState,
    WaitingListEntry,
    WaitingState,
)

WAITS = (WaitingState.WAITING, WaitingState.OFFERED)


@dataclass(frozen=True)
class Wish:
    """What a person waits for: one session, or any in an area, or any at all; and how many places together."""

    visit: Visit
    surgery_id: str | None = None
    area: str = ""
    places: int = 1


def join(session: Session, desk: Desk, person_id: str, wish: Wish, *, key: str) -> Waiting:
    """A place on the list. Who waits for the topic already keeps the place they have.

    What is free now for somebody who waits is offered in the same breath.
    """
    request = f"wait:{person_id}:{wish.surgery_id}:{wish.visit.topic}"
    before = receipts.earlier(session, desk, key, request)
    if before is not None:
        return opened_entry(session, desk, session.get_one(WaitingListEntry, (desk.pack, before)))
    locked = lock(session, desk, *_surgeries_for(session, desk, wish))
    entry, new = _entry(session, desk, person_id, wish)
    if new:
        note = Note(
            about=f"wait:{entry.id}:joined",
            line=f"w:{entry.id}",
            kind="waiting",
            phrase="letter_waiting",
            values={},
            link=link_of(desk.open(person_id, entry.sealed_token, "waiting_list_entry.sealed_token")),
        )
        send(session, desk, person_id, wish.visit, note)
    for surgery in locked.values():
        offer_places(session, desk, surgery)
    receipts.keep(session, desk, key, request, entry.id)
    session.refresh(entry)
    return opened_entry(session, desk, entry)


def accept(session: Session, desk: Desk, token: str, *, key: str) -> Booked:
    """Yes to the offered place. Raises `OfferGoneError` with the nearest free times, and `OnePlaceError`."""
    found = find(session, desk, token)
    if isinstance(found, Booked):
        return found
    request = f"accept:{found.entry.id}"
    before = receipts.earlier(session, desk, key, request)
    if before is not None:
        return opened(session, desk, session.get_one(Booking, (desk.pack, before)))
    if found.offer is None:
        raise OfferGoneError(nearest(session, desk, desk.now(), needs=found.entry.needs))
    surgery = lock(session, desk, found.offer.surgery_id)[found.offer.surgery_id]
    on_time = found.offer.until > desk.now()
    if not on_time or settle_offer(session, desk, found.offer.hold_id, OfferState.ACCEPTED) is None:
        raise OfferGoneError(nearest(session, desk, desk.now(), needs=found.entry.needs))
    change_entry(session, desk, found.entry.id, {WaitingState.OFFERED}, WaitingState.BOOKED)
    entry = found.entry
    made = confirm(session, desk, entry.person_id, surgery, found.offer.hold_id, found.visit, token)
    receipts.keep(session, desk, key, request, made.booking.id)
    return made


def leave(session: Session, desk: Desk, token: str, *, key: str) -> Waiting:
    """Off the list, and no to what is offered, which goes to the next person at once. Raises `ChangedError`."""
    found = _entry_of(session, desk, token)
    request = f"leave:{found.entry.id}"
    if receipts.earlier(session, desk, key, request) is not None:
        return found
    before = _open_offer(session, desk, found.entry.id)
    locked = lock(session, desk, before.surgery_id) if before else {}
    offer = _open_offer(session, desk, found.entry.id)
    if offer and offer.surgery_id not in locked:
        raise ChangedError
    change_entry(session, desk, found.entry.id, WAITS, WaitingState.LEFT)
    if offer and settle_offer(session, desk, offer.hold_id, OfferState.DECLINED):
        drop_hold(session, desk, offer.hold_id)
        offer_places(session, desk, locked[offer.surgery_id])
    receipts.keep(session, desk, key, request, found.entry.id)
    session.refresh(found.entry)
    return opened_entry(session, desk, found.entry)


def _entry_of(session: Session, desk: Desk, token: str) -> Waiting:
    found = find(session, desk, token)
    if isinstance(found, Booked):
        raise ChangedError
    return found


def _open_offer(session: Session, desk: Desk, entry_id: str) -> Offer | None:
    """The offer that still keeps a place for this entry, also when its time has just run out."""
    wanted = select(Offer).where(Offer.pack == desk.pack, Offer.entry_id == entry_id, Offer.state == OfferState.OPEN)
    return session.exec(wanted.execution_options(populate_existing=True)).first()


def _surgeries_for(session: Session, desk: Desk, wish: Wish) -> list[str]:
    """The sessions whose free places this wish may be offered at once."""
    open_ones = select(Surgery.id).where(
        Surgery.pack == desk.pack, Surgery.state == SurgeryState.PUBLISHED, col(Surgery.ends_at) > desk.now()
    )
    if wish.surgery_id is not None:
        open_ones = open_ones.where(Surgery.id == wish.surgery_id)
    return list(session.exec(open_ones).all())


def _entry(session: Session, desk: Desk, person_id: str, wish: Wish) -> tuple[WaitingListEntry, bool]:
    now, token, id = desk.now(), new_token(), desk.new_id()
    entry = WaitingListEntry(
        pack=desk.pack,
        id=id,
        token_hash=token_hash(token),
        person_id=person_id,
        surgery_id=wish.surgery_id,
        area=wish.area,
        topic=wish.visit.topic,
        places=wish.places,
        lot=draw_lot(id),
        needs=coded(wish.visit.needs),
        language=wish.visit.language,
        sealed_visit=seal_visit(desk, person_id, wish.visit, "waiting_list_entry"),
        sealed_token=desk.seal(person_id, token, "waiting_list_entry.sealed_token"),
        joined_at=now,
        changed_at=now,
    )
    try:
        with session.begin_nested():
            session.add(entry)
            session.flush()
        return entry, True
    except IntegrityError:
        waits = select(WaitingListEntry).where(
            WaitingListEntry.pack == desk.pack,
            WaitingListEntry.person_id == person_id,
            WaitingListEntry.topic == wish.visit.topic,
            col(WaitingListEntry.state).in_(WAITS),
        )
        found = session.exec(waits).first()
        if found is None:
            raise
        return found, False

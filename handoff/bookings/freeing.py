"""What becomes of a place that nobody keeps any longer: it is offered by rule, or it is open to everyone.

Everything here runs while the session's row is locked (`places.lock`), so a freed place is never lost between two
acts, and never promised twice.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlmodel import Session, col, delete, select, update

from handoff.bookings.letters import Note, link_of, send
from handoff.bookings.offering import offer_places
from handoff.bookings.places import release
from handoff.bookings.visit import open_visit
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.models import Hold, Offer, OfferState, Surgery, WaitingListEntry, WaitingState
from handoff.vault import ErasedError

# After this many offers that ran out, a person is taken off the list and told so.
MOST_MISSED = 2


def free_overdue(session: Session, desk: Desk, surgery: Surgery) -> int:
    """Let go of what was kept too long in this session, and offer it on; how many holds ended."""
    overdue = session.exec(
        select(Hold)
        .where(Hold.pack == desk.pack, Hold.surgery_id == surgery.id, col(Hold.until) <= desk.now())
        .order_by(col(Hold.until), col(Hold.id))
        .execution_options(populate_existing=True)
    ).all()
    missed = [_expire(session, desk, hold) if hold.offered else None for hold in overdue]
    for hold in overdue:
        drop_hold(session, desk, hold.id)
    if overdue:
        offer_places(session, desk, surgery, {entry for entry in missed if entry})
    return len(overdue)


def give_back(session: Session, desk: Desk, surgery: Surgery, *hold_ids: str) -> None:
    """Let go of these holds at once, and offer their places on."""
    for hold_id in hold_ids:
        drop_hold(session, desk, hold_id)
    offer_places(session, desk, surgery)


def drop_hold(session: Session, desk: Desk, hold_id: str) -> None:
    """The hold is gone and its places are free."""
    release(session, desk, hold_id=hold_id)
    forget_hold(session, desk, hold_id)


def forget_hold(session: Session, desk: Desk, hold_id: str) -> None:
    """The hold is gone; its places are somebody's already."""
    gone = delete(Hold).where(col(Hold.pack) == desk.pack, col(Hold.id) == hold_id)
    session.execute(gone.execution_options(synchronize_session=False))


def settle_offer(session: Session, desk: Desk, hold_id: str, state: OfferState) -> str | None:
    """The open offer that kept this hold is over; its entry's id, or none when it was settled before."""
    offer = session.exec(select(Offer).where(Offer.pack == desk.pack, Offer.hold_id == hold_id)).first()
    if offer is None:
        return None
    over = update(Offer).where(
        col(Offer.pack) == desk.pack, col(Offer.id) == offer.id, col(Offer.state) == OfferState.OPEN
    )
    done = session.execute(over.values(state=state, settled_at=desk.now()).execution_options(synchronize_session=False))
    return offer.entry_id if rows_changed(done) else None


def change_entry(
    session: Session, desk: Desk, entry_id: str, found: Collection[WaitingState], state: WaitingState, missed: int = 0
) -> bool:
    """The entry goes from one of the states in `found` to `state`; False when it was in none of them."""
    mine = update(WaitingListEntry).where(
        col(WaitingListEntry.pack) == desk.pack,
        col(WaitingListEntry.id) == entry_id,
        col(WaitingListEntry.state).in_(found),
    )
    changed = mine.values(state=state, missed=WaitingListEntry.missed + missed, changed_at=desk.now())
    return rows_changed(session.execute(changed.execution_options(synchronize_session=False))) == 1


def _expire(session: Session, desk: Desk, hold: Hold) -> str | None:
    """An offer ran out: its person keeps a place on the list, behind those who have not been asked, or leaves it."""
    entry_id = settle_offer(session, desk, hold.id, OfferState.EXPIRED)
    if entry_id is None:
        return None
    entry = session.get_one(WaitingListEntry, (desk.pack, entry_id))
    lapsed = entry.missed + 1 >= MOST_MISSED
    state = WaitingState.LAPSED if lapsed else WaitingState.WAITING
    if change_entry(session, desk, entry_id, {WaitingState.OFFERED}, state, missed=1):
        tell_entry(session, desk, entry_id, hold.id, "letter_lapsed" if lapsed else "letter_passed_on")
    return entry_id


def tell_entry(session: Session, desk: Desk, entry_id: str, hold_id: str, phrase: str) -> None:
    """What became of the offer that kept this hold, to the person who waits."""
    entry = session.get_one(WaitingListEntry, (desk.pack, entry_id))
    try:
        visit = open_visit(desk, entry.person_id, entry.sealed_visit, "waiting_list_entry")
        token = desk.open(entry.person_id, entry.sealed_token, "waiting_list_entry.sealed_token")
    except ErasedError:
        return
    kind = phrase.removeprefix("letter_")
    note = Note(f"wait:{entry.id}:{hold_id}:{kind}", f"w:{entry.id}", kind, phrase, {}, link_of(token))
    send(session, desk, entry.person_id, visit, note)

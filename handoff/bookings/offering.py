"""Free places are offered to those who wait: one at a time, by rule, and only for as long as the letter says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta

from sqlmodel import Session, col, select, update

from handoff.bookings.letters import Note, link_of, place, send
from handoff.bookings.order import in_order
from handoff.bookings.places import take
from handoff.bookings.visit import Visit, open_visit
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.models import Hold, Offer, Slot, Surgery, SurgeryKind, SurgeryState, WaitingListEntry, WaitingState
from handoff.vault import ErasedError
from knowledge.dates_in_words import moment_words, until_words
from knowledge.working_hours import LONDON

ANSWER_BY = time(17, 0)
# Asked after this hour, a person has until 5pm of the next day.
SAME_DAY_UNTIL = time(13, 0)
SHORTEST = timedelta(hours=1)
# A place this near is open to everyone: an offer would run out before anyone could travel.
LEAVE_OPEN = timedelta(hours=2)


def offer_until(now: datetime, starts_at: datetime) -> datetime | None:
    """Until when a place is kept for the person it is offered to; none when there is no time left to ask anybody.

    5pm today when asked before 1pm, else 5pm tomorrow, and never later than two hours before the visit.
    """
    here = now.astimezone(LONDON)
    day = here.date() + timedelta(days=0 if here.time() < SAME_DAY_UNTIL else 1)
    until = min(datetime.combine(day, ANSWER_BY, LONDON), (starts_at - LEAVE_OPEN).astimezone(LONDON))
    return until if until - now >= SHORTEST else None


def offer_places(session: Session, desk: Desk, surgery: Surgery, except_for: Collection[str] = ()) -> int:
    """Offer what is free in this locked session to those who wait; how many offers were made.

    `except_for` are entries that let this very place go a moment ago.
    """
    if surgery.state is not SurgeryState.PUBLISHED or surgery.kind is SurgeryKind.DROP_IN:
        return 0
    free = _free(session, desk, surgery)
    if not free:
        return 0
    made = 0
    for entry in in_order(session, desk, surgery):
        chosen = choose(free, entry.places)
        if entry.id in except_for or not chosen or not desk.vault.holds(entry.person_id):
            continue
        if _offer(session, desk, surgery, entry, chosen):
            made += 1
            free = _free(session, desk, surgery)
            if not free:
                break
    return made


def choose(free: Sequence[Slot], places: int) -> list[Slot]:
    """The earliest time with room for the whole party, else times one after another; none when there is no room."""
    for slot in free:
        if slot.capacity - slot.taken >= places:
            return [slot] * places
    single = [slot for slot in free for _ in range(slot.capacity - slot.taken)]
    return single[:places] if len(single) >= places else []


def _free(session: Session, desk: Desk, surgery: Surgery) -> list[Slot]:
    """Times with room for which somebody can still be asked, earliest first."""
    found = session.exec(
        select(Slot)
        .where(Slot.pack == desk.pack, Slot.surgery_id == surgery.id, col(Slot.taken) < col(Slot.capacity))
        .order_by(col(Slot.starts_at), col(Slot.who), col(Slot.id))
        .execution_options(populate_existing=True)
    ).all()
    return [slot for slot in found if offer_until(desk.now(), slot.starts_at) is not None]


def _offer(session: Session, desk: Desk, surgery: Surgery, entry: WaitingListEntry, chosen: list[Slot]) -> bool:
    """Keep the places and write the letter; False when the entry was asked elsewhere or left meanwhile."""
    until = offer_until(desk.now(), chosen[0].starts_at)
    if until is None or not _claim_entry(session, desk, entry):
        return False
    hold = Hold(
        pack=desk.pack,
        id=desk.new_id(),
        person_id=entry.person_id,
        surgery_id=surgery.id,
        offered=True,
        until=until,
        made_at=desk.now(),
    )
    session.add(hold)
    session.flush()
    take(session, desk, [slot.id for slot in chosen], person_id=entry.person_id, hold_id=hold.id)
    offer = Offer(
        pack=desk.pack,
        id=desk.new_id(),
        entry_id=entry.id,
        person_id=entry.person_id,
        surgery_id=surgery.id,
        hold_id=hold.id,
        until=until,
        made_at=desk.now(),
    )
    session.add(offer)
    session.flush()
    _tell(session, desk, entry, offer, chosen[0], surgery)
    return True


def _claim_entry(session: Session, desk: Desk, entry: WaitingListEntry) -> bool:
    mine = update(WaitingListEntry).where(
        col(WaitingListEntry.pack) == desk.pack,
        col(WaitingListEntry.id) == entry.id,
        col(WaitingListEntry.state) == WaitingState.WAITING,
    )
    asked = mine.values(state=WaitingState.OFFERED, changed_at=desk.now())
    return rows_changed(session.execute(asked.execution_options(synchronize_session=False))) == 1


def _tell(
    session: Session,
    desk: Desk,
    entry: WaitingListEntry,
    offer: Offer,
    first: Slot,
    surgery: Surgery,
) -> None:
    try:
        visit: Visit = open_visit(desk, entry.person_id, entry.sealed_visit, "waiting_list_entry")
        token = desk.open(entry.person_id, entry.sealed_token, "waiting_list_entry.sealed_token")
    except ErasedError:
        return
    note = Note(
        about=f"offer:{offer.id}",
        line=f"w:{entry.id}",
        kind="offered",
        phrase="letter_offered",
        values={
            "when": moment_words(first.starts_at, visit.language),
            "place": place(surgery),
            "until": until_words(offer.until, desk.now(), visit.language),
        },
        link=link_of(token),
        stale_at=offer.until,
    )
    send(session, desk, entry.person_id, visit, note)

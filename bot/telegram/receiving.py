"""An update is kept before it is acknowledged: redacted in memory, committed once, and help in danger given at once.

Before it is acknowledged the rules alone look for danger. The model, which takes longer, judges the words as typed when
the update is acted on, a moment later: until then they wait in memory, and after a crash it judges what was kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlmodel import Session, col, update

from bot.front.arriving import as_typed, judged
from bot.front.office import act, message_key
from bot.keeping import Standing
from bot.messages import Arrived, Incoming, Reply
from bot.steps.urgent import kind_of_risk
from bot.telegram.answer import answer_parts
from bot.telegram.caller import CHANNEL, Caller, House
from bot.telegram.coming import Came, Elsewhere, Shut, Spins, came_to_text, read_update
from bot.telegram.parts import Parts, Speech, speech_to_text
from handoff import chat_updates
from handoff.cases.talking import answered_by
from handoff.chat_updates import Arrival
from handoff.conversations import latest_at
from handoff.database import UNAVAILABLE
from handoff.models import Address
from handoff.people import address_for, known_address


@dataclass(frozen=True)
class Received:
    """An update that is safe. `door` is the chat to work on; `leave` a group to go out of; `spins` a press to answer.

    `help` is what to say at once, when someone is at risk and the database is away: the message is on the disk.
    `typed` are the words of update `id` before anything was hidden: for this process's memory alone.
    """

    door: str = ""
    new: bool = False
    leave: int = 0
    spins: str = ""
    chat: int = 0
    help: Parts = ()
    id: str = ""
    typed: str = field(default="", repr=False)


def receive(house: House, raw: Mapping[str, Any]) -> Received:
    """Keep the update; once this returns it may be acknowledged. Raises what the database raises while it is away."""
    came = read_update(raw)
    if isinstance(came, Elsewhere):
        return Received(leave=came.chat, spins=came.callback)
    if isinstance(came, Spins):
        return Received(spins=came.callback)
    if isinstance(came, Shut):
        act(house.front.office, lambda session: _shut(session, house, came))
        return Received()
    if came is None:
        return Received()
    if came.text is None:
        return act(house.front.office, lambda session: _kept(session, house, came, came))
    return _wrote(house, came, came.text)


def arrived_of(came: Came, text: str, **more: Any) -> Arrived:
    """The words as the front desk takes them, under the message's own number in the chat."""
    return Arrived(CHANNEL, str(came.chat), came.key, Incoming(text, **more))


def _wrote(house: House, came: Came, text: str) -> Received:
    office = house.front.office
    typed = as_typed(arrived_of(came, text))
    redacted = office.assistant.hide(typed)
    pared = replace(came, text=redacted.text, redacted=bool(redacted.found))
    if kind_of_risk(house.pack, typed, lambda _: None) is not None:
        return _at_risk(house, came, pared)
    try:
        kept = act(office, lambda session: _kept(session, house, pared, came))
    except UNAVAILABLE:
        # Nothing can be kept and nothing acknowledged: now there is time to ask the model.
        if judged(office, typed)[0] is None:
            raise
        return _at_risk(house, came, pared)
    return replace(kept, typed=typed) if kept.new else kept


def _at_risk(house: House, came: Came, pared: Came) -> Received:
    """Help first: the front desk opens the case, or writes it to the disk, and what to say is known at once."""
    office = house.front.office
    kept = house.front.receive(arrived_of(came, came.text or ""))
    if kept.reply is None:
        return act(office, lambda session: _kept(session, house, pared, came))
    parts = _help(house, pared, kept.reply)
    try:
        return act(office, lambda session: _kept(session, house, pared, came, parts))
    except UNAVAILABLE:
        return Received(chat=came.chat, help=parts)


def _kept(session: Session, house: House, pared: Came, came: Came, parts: Parts | None = None) -> Received:
    desk = house.desk
    door = address_for(session, desk, CHANNEL, str(came.chat), spoken(house, came.language))
    if door.closed_at is not None:
        # They wrote again: the door is open.
        door.closed_at = None
        session.add(door)
    if parts is None and came.text is not None and _with_an_officer(session, house, door):
        # What is written to the officer who answers is an accepted handover: it waits sealed, as typed.
        pared = replace(pared, typed=as_typed(arrived_of(came, came.text)))
    arrival = Arrival(
        id=message_key(door, came.key),
        kind=came.kind,
        text=came_to_text(pared),
        about=came.message or None if came.kind != "press" else None,
        urgent=parts is not None,
        parts=speech_to_text(Speech(came.chat, parts)) if parts is not None else None,
    )
    new = chat_updates.receive(session, desk, door, arrival)
    return Received(door=door.id, new=new, chat=came.chat, id=arrival.id)


def spoken(house: House, code: str) -> str:
    """The language of somebody's app, as far as the pack speaks it."""
    short = code.lower().split("-")[0]
    return short if short in house.pack.phrases.languages else "en"


def _with_an_officer(session: Session, house: House, door: Address) -> bool:
    conversation = latest_at(session, house.desk, door)
    return conversation is not None and answered_by(session, house.desk, conversation.id) is not None


def _help(house: House, came: Came, reply: Reply) -> Parts:
    nobody = Caller(house, came, "", "", "", spoken(house, came.language), Standing())
    return answer_parts(nobody, reply)


def _shut(session: Session, house: House, shut: Shut) -> None:
    """The bot was blocked: nothing more is sent there, and letters go to the person's other doors."""
    desk = house.desk
    door = known_address(session, desk, CHANNEL, str(shut.chat))
    if door is not None:
        mine = update(Address).where(col(Address.pack) == desk.pack, col(Address.id) == door.id)
        session.execute(mine.values(closed_at=desk.now() if shut.closed else None))

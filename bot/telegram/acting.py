"""What one update means to the records: who is there, where their conversation stands, and what is stored of it."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import Session, col, select, update

from bot.front.office import act
from bot.keeping import Standing, standing_from_text, standing_to_text
from bot.telegram.caller import Caller, House, Told, flow_from_text, flow_to_text
from bot.telegram.coming import Came
from bot.telegram.receiving import spoken
from handoff import chat_updates
from handoff.chat_updates import Taken
from handoff.conversations import conversation_for, keep_state, latest_at, state_of
from handoff.database import reading
from handoff.models import Address, ChatUpdate, Conversation


class NothingToDo(Exception):  # noqa: N818  an outcome, not an error
    """The update asks for nothing any more. `code` says why, for the records."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def called(house: House, taken: Taken, came: Came) -> Caller:
    """Who is at the door and where they stand. Raises `NothingToDo` for a message that was edited, or answered."""
    desk, row = house.desk, taken.row
    with reading(house.front.office.engine) as session:
        if came.kind == "message" and chat_updates.replaced(session, desk, taken):
            raise NothingToDo("edited")
        if came.kind == "edited" and chat_updates.answered(session, desk, row.address_id, came.message):
            raise NothingToDo("answered")
        door = session.get_one(Address, (desk.pack, row.address_id))
        conversation = latest_at(session, desk, door)
        standing = _standing(house, conversation)
    return Caller(
        house=house,
        came=came,
        key=row.id,
        address_id=door.id,
        person_id=door.person_id,
        language=standing.chosen.language or spoken(house, came.language),
        standing=standing,
        flow=flow_from_text(standing.flow),
    )


def settled(session: Session, caller: Caller, taken: Taken, told: Told, parts: str) -> bool:
    """Store what is to be said, and the form as it stands, in one transaction; False when nothing was stored."""
    desk = caller.house.desk
    if not chat_updates.settle(session, desk, taken, parts):
        return False
    if not told.keep:
        door = session.get_one(Address, (desk.pack, caller.address_id))
        conversation = conversation_for(session, desk, door)
        standing = replace(_standing(caller.house, conversation), flow=flow_to_text(told.flow))
        keep_state(session, desk, conversation, standing_to_text(standing), conversation.language)
    return True


def is_gone(house: House, taken: Taken) -> bool:
    """Whether the update's row is no more, because its person was erased by it."""
    with reading(house.front.office.engine) as session:
        mine = select(ChatUpdate.id).where(ChatUpdate.pack == house.desk.pack, ChatUpdate.id == taken.row.id)
        return session.exec(mine).first() is None


def close_door(house: House, address_id: str) -> None:
    """The bot was blocked: nothing more is sent here, and letters go to the person's other doors."""

    def shut(session: Session) -> None:
        mine = (col(Address.pack) == house.desk.pack, col(Address.id) == address_id, col(Address.closed_at).is_(None))
        session.execute(update(Address).where(*mine).values(closed_at=house.desk.now()))

    act(house.front.office, shut)


def _standing(house: House, conversation: Conversation | None) -> Standing:
    return standing_from_text(state_of(house.desk, conversation) if conversation else None)

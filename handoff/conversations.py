"""Conversations: where one stands, and what was said in it. Every channel shares them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select, update

from handoff.desk import Desk
from handoff.models import Address, Conversation, Message, Person, Who

STATE = "conversation.sealed_state"
TEXT = "message.sealed_text"


@dataclass(frozen=True)
class Line:
    """One line of a conversation, opened. `answers_id` is the inbox message it belongs to."""

    id: str
    number: int
    who: Who
    text: str
    at: datetime
    outcome: str | None = None
    status: str | None = None
    sections: tuple[str, ...] = ()
    officer_id: str | None = None
    language: str = "en"
    case_id: str | None = None
    answers_id: str | None = None


@dataclass(frozen=True)
class Said:
    """A line about to be written. `text` is what the family saw, or wrote (redacted)."""

    who: Who
    text: str
    outcome: str | None = None
    status: str | None = None
    sections: tuple[str, ...] = ()
    language: str = "en"
    officer_id: str | None = None
    case_id: str | None = None
    answers_id: str | None = None


def conversation_for(session: Session, desk: Desk, address: Address) -> Conversation:
    """The conversation that goes on at this door, or a new one."""
    # Two first messages at once must share one conversation: the second waits here for the first.
    session.exec(select(Address.id).where(Address.pack == desk.pack, Address.id == address.id).with_for_update()).one()
    return latest_at(session, desk, address) or start_again(session, desk, address)


def latest_at(session: Session, desk: Desk, address: Address) -> Conversation | None:
    """The conversation that goes on at this door, if there is one: a person's doors share it."""
    latest = (
        select(Conversation)
        .where(Conversation.pack == desk.pack, Conversation.person_id == address.person_id)
        .order_by(col(Conversation.last_at).desc())
        .limit(1)
    )
    return session.exec(latest).first()


def start_again(session: Session, desk: Desk, address: Address) -> Conversation:
    """A new conversation at this door. The old one stays until its retention ends or the person erases it."""
    now = desk.now()
    made = Conversation(
        pack=desk.pack,
        id=desk.new_id(),
        person_id=address.person_id,
        address_id=address.id,
        channel=address.channel,
        made_at=now,
        last_at=now,
    )
    session.add(made)
    session.flush()
    return made


def state_of(desk: Desk, conversation: Conversation) -> str | None:
    """Where the dialogue stands, as JSON; none at the beginning."""
    if conversation.sealed_state is None:
        return None
    return desk.open(conversation.person_id, conversation.sealed_state, STATE)


def keep_state(session: Session, desk: Desk, conversation: Conversation, state: str, language: str) -> None:
    """Remember where the dialogue stands, and that the person was here."""
    now = desk.now()
    sealed = desk.seal(conversation.person_id, state, STATE)
    mine = update(Conversation).where(col(Conversation.pack) == desk.pack, col(Conversation.id) == conversation.id)
    session.execute(mine.values(sealed_state=sealed, language=language, last_at=now))
    here = update(Person).where(col(Person.pack) == desk.pack, col(Person.id) == conversation.person_id)
    session.execute(here.values(seen_at=now, language=language))


def record(session: Session, desk: Desk, conversation: Conversation, said: Said) -> Message:
    """Write one line. Lines of a conversation are numbered from 1 without gaps."""
    counting = update(Conversation).where(col(Conversation.pack) == desk.pack, col(Conversation.id) == conversation.id)
    number = session.execute(counting.values(said=Conversation.said + 1).returning(col(Conversation.said))).scalar_one()
    line = Message(
        pack=desk.pack,
        id=desk.new_id(),
        conversation_id=conversation.id,
        person_id=conversation.person_id,
        number=number,
        who=said.who,
        officer_id=said.officer_id,
        case_id=said.case_id,
        sealed_text=desk.seal(conversation.person_id, said.text, TEXT),
        outcome=said.outcome,
        status=said.status,
        sections=" ".join(said.sections)[:1000],
        language=said.language,
        answers_id=said.answers_id,
        at=desk.now(),
    )
    session.add(line)
    return line


def recent(session: Session, desk: Desk, conversation_id: str, limit: int = 50) -> tuple[Line, ...]:
    """The last lines, oldest first."""
    found = session.exec(
        select(Message)
        .where(Message.pack == desk.pack, Message.conversation_id == conversation_id)
        .order_by(col(Message.number).desc())
        .limit(limit)
    ).all()
    return tuple(_opened(desk, line) for line in reversed(found))


def _opened(desk: Desk, line: Message) -> Line:
    return Line(
        id=line.id,
        number=line.number,
        who=line.who,
        text=desk.open(line.person_id, line.sealed_text, TEXT),
        at=line.at,
        outcome=line.outcome,
        status=line.status,
        sections=tuple(line.sections.split()),
        officer_id=line.officer_id,
        language=line.language,
        case_id=line.case_id,
        answers_id=line.answers_id,
    )

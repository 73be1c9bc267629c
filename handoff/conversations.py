"""Conversations: where one stands, and what was said in it. Every channel shares them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Update, bindparam
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from handoff.desk import Desk
from handoff.models import Address, Conversation, Message, Person, Who
from handoff.people import hold_door

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
    hold_door(session, desk, address)
    return latest_at(session, desk, address) or start_again(session, desk, address)


def latest_at(session: Session, desk: Desk, address: Address) -> Conversation | None:
    """The conversation that goes on at this door, if there is one: a person's doors share it."""
    return session.exec(_latest(), params={"our": desk.pack, "person": address.person_id}).first()


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
    sealed = desk.seal(conversation.person_id, state, STATE)
    now = {"our": desk.pack, "now": desk.now(), "spoken": language}
    session.execute(_stands(), {**now, "conversation": conversation.id, "sealed": sealed})
    session.execute(_here(), {**now, "person": conversation.person_id})


def record(session: Session, desk: Desk, conversation: Conversation, *said: Said) -> tuple[Message, ...]:
    """Write lines, in this order. Lines of a conversation are numbered from 1 without gaps."""
    counting = {"our": desk.pack, "conversation": conversation.id, "more": len(said)}
    last: int = session.execute(_said(), counting).scalar_one()
    lines = tuple(_line(desk, conversation, number, one) for number, one in enumerate(said, start=last - len(said) + 1))
    session.add_all(lines)
    return lines


def recent(session: Session, desk: Desk, conversation_id: str, limit: int = 50) -> tuple[Line, ...]:
    """The last lines, oldest first."""
    found = session.exec(
        select(Message)
        .where(Message.pack == desk.pack, Message.conversation_id == conversation_id)
        .order_by(col(Message.number).desc())
        .limit(limit)
    ).all()
    return tuple(_opened(desk, line) for line in reversed(found))


def _line(desk: Desk, conversation: Conversation, number: int, said: Said) -> Message:
    return Message(
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


# Statements are made once: to make a short one costs more than to run it, and each message runs all of these. Rows that
# a session holds already are mostly not brought up to date by them: whoever reads a row again reads it anew.


@cache
def _latest() -> SelectOfScalar[Conversation]:
    mine = (Conversation.pack == bindparam("our"), Conversation.person_id == bindparam("person"))
    return select(Conversation).where(*mine).order_by(col(Conversation.last_at).desc()).limit(1)


@cache
def _stands() -> Update:
    stands = update(Conversation).where(*_this())
    stands = stands.values(sealed_state=bindparam("sealed"), language=bindparam("spoken"), last_at=bindparam("now"))
    return stands.execution_options(synchronize_session=False)


@cache
def _here() -> Update:
    mine = (col(Person.pack) == bindparam("our"), col(Person.id) == bindparam("person"))
    here = update(Person).where(*mine).values(seen_at=bindparam("now"), language=bindparam("spoken"))
    return here.execution_options(synchronize_session=False)


@cache
def _said() -> ReturningUpdate[tuple[int]]:
    more = col(Conversation.said) + bindparam("more")
    # This one is seen by the session: how many lines there are is how many go with a case.
    return update(Conversation).where(*_this()).values(said=more).returning(col(Conversation.said))


def _this() -> tuple[ColumnElement[bool], ...]:
    return (col(Conversation.pack) == bindparam("our"), col(Conversation.id) == bindparam("conversation"))

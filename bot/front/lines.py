"""The lines of a conversation as the front desk writes them, and where the dialogue stands in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from sqlalchemy import bindparam
from sqlmodel import Session, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.front.office import Office
from bot.keeping import Standing, Waiting, standing_from_text
from bot.messages import Chosen, Incoming, Reply, Role
from bot.plain import as_text
from handoff.cases.talking import answered_by
from handoff.conversations import Said, record, state_of
from handoff.desk import Desk
from handoff.models import Conversation, InboxMessage, Who


@dataclass(frozen=True)
class Where:
    """Where a conversation stands: the dialogue, its language, and the case whose officer answers, by id."""

    standing: Standing
    language: str
    case_id: str | None


def where_it_stands(session: Session, office: Office, conversation: Conversation, waiting: Waiting) -> Where:
    """What the conversation remembers, with what was chosen in this message."""
    standing = standing_from_text(state_of(office.desk, conversation))
    language = waiting.chosen.over(standing.chosen).language or conversation.language
    case = answered_by(session, office.desk, conversation.id)
    return Where(standing, language, case.id if case else None)


def as_chosen(waiting: Waiting, standing: Standing) -> Incoming:
    """The message with what the person chose now or before."""
    chosen: Chosen = waiting.chosen.over(standing.chosen)
    return replace(waiting.incoming, role=chosen.role or Role.FAMILY, language=chosen.language, easy=bool(chosen.easy))


def conversation_of(session: Session, desk: Desk, conversation_id: str) -> Conversation | None:
    """The conversation's row as it is now, held until the transaction ends; none once its person is erased.

    Whoever speaks in a conversation holds it first: so nobody talks over another.
    """
    return session.exec(_held(), params={"our": desk.pack, "conversation": conversation_id}).first()


@cache
def _held() -> SelectOfScalar[Conversation]:
    # Made once: each turn asks this.
    this = (Conversation.pack == bindparam("our"), Conversation.id == bindparam("conversation"))
    return select(Conversation).where(*this).with_for_update().execution_options(populate_existing=True)


def write_lines(
    session: Session,
    office: Office,
    message: InboxMessage,
    conversation: Conversation,
    text: str,
    reply: Reply,
    case_id: str | None = None,
) -> None:
    """What the person wrote in `message`, which belongs to the case that has its officer, and what they were told."""
    person = Said(Who.PERSON, text, language=reply.language, case_id=case_id, answers_id=message.id)
    told = Said(
        Who.ASSISTANT,
        as_text(reply, office.assistant.engine.pack),
        outcome=reply.outcome.value,
        status=reply.status,
        sections=quoted(reply),
        language=reply.language,
        answers_id=message.id,
    )
    record(session, office.desk, conversation, person, told)


def quoted(reply: Reply) -> tuple[str, ...]:
    """The sections a reply quotes, by id, the answer first."""
    passages = (citation.passage for citation in reply.citations)
    return tuple(dict.fromkeys(id for id in (reply.section, *passages) if id))

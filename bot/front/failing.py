"""A message that cannot be answered: tried again, and in the end shown to a person as a case."""

from __future__ import annotations

from sqlmodel import Session

from bot import metrics
from bot.front.lines import conversation_of, write_lines
from bot.front.office import Office, act, plain_reply
from bot.keeping import waiting_from_text
from bot.messages import Reply, Role
from handoff import inbox
from handoff.cases import Handover, open_case
from handoff.desk import Desk
from handoff.inbox import Lease
from knowledge.routing import SAFEGUARDING


def give_up(office: Office, lease: Lease, fault: str) -> bool:
    """Hand the message back; after the last try it has failed, and a case shows it to a person: then it is settled."""
    metrics.FAULTS.inc()
    return act(office, lambda session: _given_up(session, office, lease, fault))


def could_not_answer(office: Office, language: str) -> Reply:
    """What is said once a message has failed and a person has it."""
    return plain_reply(office, "could_not_answer", language, status="could_not_answer")


def fallback_queue(desk: Desk) -> str:
    """The team for what no other team is named for: the last of the routing order."""
    return max((queue for queue in desk.queues.values() if queue.id != SAFEGUARDING), key=lambda queue: queue.order).id


def _given_up(session: Session, office: Office, lease: Lease, fault: str) -> bool:
    desk, row = office.desk, lease.message
    conversation = conversation_of(session, desk, row.conversation_id)
    if conversation is None:
        return True
    if not inbox.give_up(session, desk, lease, fault):
        return False
    text, role = _what_is_left(lease)
    write_lines(session, office, row, conversation, text, could_not_answer(office, conversation.language))
    handover = Handover(
        person_id=row.person_id,
        conversation_id=conversation.id,
        queue=fallback_queue(desk),
        topic="could_not_answer",
        summary=text,
        shared=(),
        door=row.channel,
        role=role,
        language=conversation.language,
        needs="",
        contact=None,
        urgent=None,
        key=row.id,
    )
    open_case(session, desk, handover)
    return True


def _what_is_left(lease: Lease) -> tuple[str, str]:
    """The words and the role of a message that failed, also when it is the message itself that cannot be read."""
    try:
        waiting = waiting_from_text(lease.text)
    except ValueError:
        return lease.text, Role.FAMILY.value
    return waiting.incoming.text, (waiting.chosen.role or waiting.incoming.role).value

"""A kept message is answered: thought about under a lease, and then everything it does in one transaction."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import Session, select

from bot import metrics
from bot.assistant import Replied
from bot.front import acts
from bot.front.office import Office, act
from bot.keeping import Standing, Waiting, reply_to_text, standing_from_text, standing_to_text, waiting_from_text
from bot.messages import Chosen, Incoming, Reply, Role
from bot.plain import as_text
from handoff import inbox
from handoff.conversations import Said, keep_state, record, state_of
from handoff.database import UNAVAILABLE, reading
from handoff.desk import Desk
from handoff.inbox import MOST_ATTEMPTS, Lease
from handoff.models import Conversation, Who
from handoff.switches import Part


def work(office: Office, conversation_id: str) -> int:
    """Answer what waits in the conversation, oldest first; how many messages were settled here.

    Stops at a message another worker holds. Raises what the database raises while it is away.
    """
    settled = 0
    while lease := act(office, lambda session: inbox.take(session, office.desk, conversation_id)):
        settled += answer(office, lease)
    return settled


def answer(office: Office, lease: Lease) -> bool:
    """Answer one message, or hand it back for another try; whether it is settled."""
    if lease.attempt > MOST_ATTEMPTS:
        # Each try before ended with the process: nobody was left to count them.
        return give_up(office, lease, "crashed")
    try:
        waiting = waiting_from_text(lease.text)
        replied = think(office, lease, waiting)
    except UNAVAILABLE:
        raise
    except Exception as error:
        # The name of the fault and no more: its words could be the family's.
        return give_up(office, lease, type(error).__name__)
    settled = act(office, lambda session: settle(session, office, lease, waiting, replied))
    if settled:
        waited = office.desk.now() - lease.message.received_at
        metrics.replied(replied.reply.outcome.value, waited.total_seconds())
    return settled


def think(office: Office, lease: Lease, waiting: Waiting) -> Replied:
    """The reply to the message where the dialogue stands. Writes nothing and holds no lock."""
    with reading(office.engine) as session:
        conversation = session.get_one(Conversation, (office.desk.pack, lease.message.conversation_id))
        standing = standing_from_text(state_of(office.desk, conversation))
    asked = replace(as_chosen(waiting, standing), answers_off=office.switches.off(Part.ANSWERING))
    return office.assistant.reply(asked, standing.past)


def settle(session: Session, office: Office, lease: Lease, waiting: Waiting, replied: Replied) -> bool:
    """All that one turn does: the reply stored, both lines written, the state moved on. All of it, once, or none."""
    conversation = conversation_of(session, office.desk, lease.message.conversation_id)
    if conversation is None:
        # The person was erased meanwhile: there is no message to settle any more, and nowhere to write a line.
        return True
    reply = acts.carried_out(session, office, conversation, lease.message, waiting.incoming, replied.reply)
    if reply is None:
        return True
    if not inbox.finish(session, office.desk, lease, reply_to_text(reply)):
        return False
    write_lines(session, office, conversation, waiting.incoming, reply)
    chosen = waiting.chosen.over(standing_from_text(state_of(office.desk, conversation)).chosen)
    kept = standing_to_text(Standing(replied.past, chosen))
    keep_state(session, office.desk, conversation, kept, reply.language)
    return True


def give_up(office: Office, lease: Lease, fault: str) -> bool:
    """Hand the message back; after the last try it has failed. Whether it is settled now."""
    metrics.FAULTS.inc()
    return act(office, lambda session: inbox.give_up(session, office.desk, lease, fault))


def as_chosen(waiting: Waiting, standing: Standing) -> Incoming:
    """The message with what the person chose now or before."""
    chosen: Chosen = waiting.chosen.over(standing.chosen)
    return replace(waiting.incoming, role=chosen.role or Role.FAMILY, language=chosen.language, easy=bool(chosen.easy))


def write_lines(session: Session, office: Office, conversation: Conversation, incoming: Incoming, reply: Reply) -> None:
    """What the person wrote, redacted, and what they were told."""
    pack = office.assistant.engine.pack
    person = Said(Who.PERSON, incoming.text, language=reply.language)
    record(session, office.desk, conversation, person)
    told = Said(
        Who.ASSISTANT,
        as_text(reply, pack),
        outcome=reply.outcome.value,
        status=reply.status,
        sections=quoted(reply),
        language=reply.language,
    )
    record(session, office.desk, conversation, told)


def quoted(reply: Reply) -> tuple[str, ...]:
    """The sections a reply quotes, by id, the answer first."""
    passages = (citation.passage for citation in reply.citations)
    return tuple(dict.fromkeys(id for id in (reply.section, *passages) if id))


def conversation_of(session: Session, desk: Desk, conversation_id: str) -> Conversation | None:
    """The conversation's row as it is now, held until the transaction ends; none once its person is erased."""
    wanted = select(Conversation).where(Conversation.pack == desk.pack, Conversation.id == conversation_id)
    return session.exec(wanted.with_for_update().execution_options(populate_existing=True)).first()

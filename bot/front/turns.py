"""A kept message is answered: thought about under a lease, and then everything it does in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlmodel import Session

from bot import metrics
from bot.assistant import Replied
from bot.front import acts
from bot.front.failing import give_up
from bot.front.lines import Where, as_chosen, conversation_of, where_it_stands, write_lines
from bot.front.office import Office, act
from bot.keeping import Waiting, reply_to_text, standing_to_text, waiting_from_text
from bot.messages import Reply
from bot.steps.edges import with_an_officer
from bot.turn import Turn
from handoff import inbox
from handoff.bookings.open_slots import next_surgeries
from handoff.bookings.when import meeting_of
from handoff.cases import family_wrote
from handoff.conversations import keep_state
from handoff.database import UNAVAILABLE, reading
from handoff.inbox import MOST_ATTEMPTS, Lease
from handoff.models import Conversation
from handoff.switches import Part

WITH_AN_OFFICER = "with_an_officer"
MOST_DATES = 3
# After these the dialogue stands where it stood.
QUIET = frozenset({WITH_AN_OFFICER, "switched_off"})


class LeaseLostError(Exception):
    """Another worker has the message: nothing of this turn is written."""


@dataclass(frozen=True)
class Answered:
    """What became of one message: whether it is settled, its reply when one is stored, and the next to answer."""

    settled: bool
    reply: Reply | None = None
    following: Lease | None = None


def work(office: Office, conversation_id: str, first: Lease | None = None) -> dict[str, Reply | None]:
    """Answer what waits in the conversation, oldest first: the messages settled here, by id, with the stored replies.

    `first` is a lease the caller has already. Stops at a message another worker holds. Raises what the database raises
    while it is away.
    """
    settled: dict[str, Reply | None] = {}
    lease = first or _taken(office, conversation_id)
    while lease:
        answered = answer(office, lease)
        if answered.settled:
            settled[lease.message.id] = answered.reply
        lease = answered.following if answered.reply else _taken(office, conversation_id)
    return settled


def answer(office: Office, lease: Lease) -> Answered:
    """Answer one message, or hand it back for another try."""
    if lease.attempt > MOST_ATTEMPTS:
        # Each try before ended with the process: nobody was left to count them.
        return Answered(give_up(office, lease, "crashed"))
    try:
        waiting = waiting_from_text(lease.text)
        replied = think(office, lease, waiting)
        answered = act(office, lambda session: _settled(session, office, lease, waiting, replied))
    except UNAVAILABLE:
        raise
    except LeaseLostError:
        return Answered(settled=False)
    except Exception as error:
        # The name of the fault and no more: its words could be the family's.
        return Answered(give_up(office, lease, type(error).__name__))
    waited = office.desk.now() - lease.message.received_at
    metrics.replied(replied.reply.outcome.value, waited.total_seconds())
    return answered


def _taken(office: Office, conversation_id: str) -> Lease | None:
    return act(office, lambda session: inbox.take(session, office.desk, conversation_id))


def _settled(session: Session, office: Office, lease: Lease, waiting: Waiting, replied: Replied) -> Answered:
    reply = settle(session, office, lease, waiting, replied)
    # The next message is taken in the same commit: a turn of its own for that would cost as much as a small answer.
    following = inbox.take(session, office.desk, lease.message.conversation_id) if reply else None
    return Answered(settled=True, reply=reply, following=following)


def think(office: Office, lease: Lease, waiting: Waiting) -> Replied:
    """The reply to the message where the dialogue stands. Writes nothing and holds no lock."""
    with reading(office.engine) as session:
        conversation = session.get_one(Conversation, (office.desk.pack, lease.message.conversation_id))
        where = where_it_stands(session, office, conversation, waiting)
        dates = tuple(map(meeting_of, next_surgeries(session, office.desk, MOST_DATES)))
    said, past = as_chosen(waiting, where.standing), where.standing.past
    if where.case_id:
        replied = office.assistant.reply_in_need(said, past, _with_an_officer)
    else:
        asked = replace(said, answers_off=office.switches.off(Part.ANSWERING), dates=dates)
        replied = office.assistant.reply(asked, past)
    return replace(replied, past=past) if replied.reply.status in QUIET else replied


def settle(session: Session, office: Office, lease: Lease, waiting: Waiting, replied: Replied) -> Reply | None:
    """All that one turn does: the reply stored, both lines written, the state moved on. All of it, once, or none.

    The reply as it is stored; none when the turn erased the person, or they were erased meanwhile. Raises
    `LeaseLostError`.
    """
    desk = office.desk
    conversation = conversation_of(session, desk, lease.message.conversation_id)
    if conversation is None:
        # The person was erased meanwhile: there is no message to settle any more, and nowhere to write a line.
        return None
    where = where_it_stands(session, office, conversation, waiting)
    replied = _not_over_an_officer(office, where, replied)
    reply = acts.carried_out(session, office, conversation, lease.message, waiting.incoming, replied.reply)
    if reply is None:
        return None
    if not inbox.finish(session, desk, lease, reply_to_text(reply)):
        raise LeaseLostError
    text, case_id = waiting.incoming.text, where.case_id if reply.status == WITH_AN_OFFICER else None
    if case_id:
        family_wrote(session, desk, case_id)
        # What an officer is written is kept as typed: "[name]" would be no answer to who it is about.
        text = inbox.original_of(desk, lease.message) or text
    write_lines(session, office, lease.message, conversation, text, reply, case_id)
    kept = replace(where.standing, past=replied.past, chosen=waiting.chosen.over(where.standing.chosen))
    keep_state(session, desk, conversation, standing_to_text(kept), reply.language)
    return reply


def _with_an_officer(turn: Turn) -> Reply:
    return with_an_officer(turn.pack, turn.language)


def _not_over_an_officer(office: Office, where: Where, replied: Replied) -> Replied:
    """`replied`, unless an officer took the case while it was thought about: Askwell does not talk over them."""
    said = replied.reply
    if where.case_id is None or said.status == WITH_AN_OFFICER or said.act is not None:
        return replied
    quiet = with_an_officer(office.assistant.engine.pack, said.language)
    return Replied(replace(quiet, above=said.above), where.standing.past)

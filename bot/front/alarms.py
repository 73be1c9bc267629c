"""Someone may be at risk: help is said at once, and the message reaches its queue whatever the database does.

The message is on the disk, sealed, before anything else is tried; the database has a moment to take it up, and
otherwise the sweep does. Taking it up twice is taking it up once: its id and the case's key see to that.
"""

from __future__ import annotations

from concurrent.futures import Executor
from concurrent.futures import TimeoutError as StillWaitingError
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import structlog
from sqlmodel import Session

from bot.assistant import NOTHING_YET
from bot.front.arriving import as_typed, hidden
from bot.front.lines import write_lines
from bot.front.office import Kept, Office, act, language_of, message_key
from bot.keeping import Waiting, reply_from_text, reply_to_text, waiting_to_text
from bot.messages import Arrived, Incoming, Reply, Role
from bot.steps.urgent import help_now
from handoff import inbox
from handoff.cases import Handover, open_case
from handoff.conversations import conversation_for
from handoff.database import UNAVAILABLE
from handoff.inbox import Arrival, Lease
from handoff.people import address_for
from handoff.spool import Spooled
from knowledge.routing import SAFEGUARDING

log = structlog.get_logger("askwell.alarms")


def raise_alarm(office: Office, crew: Executor, arrived: Arrived, waiting: Waiting) -> Kept:
    """The help to give now. Never raises: the message waits on the disk, and a thread of `crew` opens its case."""
    kind = waiting.incoming.urgent
    assert kind is not None, "only a message about someone at risk comes here"
    path = _spooled(office, arrived, kind)
    with suppress(StillWaitingError, Exception):
        return crew.submit(take_up, office, path, as_spooled(office, arrived, kind)).result(office.soon)
    reply = help_for(office, arrived, waiting)
    return Kept("", "", new=True, language=reply.language, reply=_passed_on(office, reply) if path else reply)


def sweep(office: Office) -> int:
    """Take up every message that waits on the disk; how many were. Raises what the database raises while it is away."""
    return sum(_taken_up(office, path, message) for path, message in office.spool.waiting())


def take_up(office: Office, path: Path | None, message: Spooled) -> Kept:
    """Keep the message, open its case and store its reply in one transaction, and then let go of the file."""
    arrived = arrived_again(message)
    waiting = hidden(office, arrived)
    waiting = replace(waiting, incoming=replace(waiting.incoming, urgent=message.kind))
    reply = _passed_on(office, help_for(office, arrived, waiting))
    kept = act(office, lambda session: _opened(session, office, message, arrived, waiting, reply))
    if path is not None:
        path.unlink(missing_ok=True)
    return kept


def help_for(office: Office, arrived: Arrived, waiting: Waiting) -> Reply:
    """The fixed reply for this kind of risk. A fault in the rest of the assistant does not stop it."""
    try:
        return office.assistant.reply(waiting.incoming, NOTHING_YET).reply
    except Exception as error:
        log.error("help_said_in_english", fault=type(error).__name__)
        return help_now(office.assistant.engine.pack, str(waiting.incoming.urgent), language_of(arrived))


def as_spooled(office: Office, arrived: Arrived, kind: str) -> Spooled:
    """The message as it waits on the disk, in the words it was typed in."""
    said = arrived.incoming
    return Spooled(
        channel=arrived.channel,
        address=arrived.address,
        message_id=arrived.message_id,
        text=as_typed(arrived),
        kind=kind,
        role=(arrived.choices.role or said.role).value,
        language=language_of(arrived) if arrived.choices.language else "",
        at=office.desk.now().isoformat(),
    )


def arrived_again(message: Spooled) -> Arrived:
    """The message as it stood at the door."""
    incoming = Incoming(message.text, Role(message.role), message.language or None, urgent=message.kind)
    return Arrived(message.channel, message.address, message.message_id, incoming)


def _taken_up(office: Office, path: Path, message: Spooled) -> bool:
    try:
        return take_up(office, path, message).new
    except UNAVAILABLE:
        raise
    except Exception as error:
        # One that cannot be taken up must not keep the next ones from their queue. It stays, and is seen to stay.
        log.critical("alarm_stays_on_disk", fault=type(error).__name__)
        return False


def _spooled(office: Office, arrived: Arrived, kind: str) -> Path | None:
    try:
        return office.spool.put(as_spooled(office, arrived, kind))
    except OSError as error:
        # The disk is full or gone. The database may still take the message up.
        log.critical("not_spooled", fault=type(error).__name__)
        return None


def _passed_on(office: Office, reply: Reply) -> Reply:
    said = office.say("safeguarding_passed_on", reply.language)
    return replace(reply, closing=(*reply.closing, said))


def _opened(
    session: Session, office: Office, message: Spooled, arrived: Arrived, waiting: Waiting, reply: Reply
) -> Kept:
    desk = office.desk
    address = address_for(session, desk, arrived.channel, arrived.address, reply.language)
    conversation = conversation_for(session, desk, address)
    id = message_key(address, arrived.message_id)
    arrival = Arrival(arrived.channel, id, waiting_to_text(waiting), waiting.incoming.redacted, message.kind)
    row, new = inbox.receive(session, desk, conversation, arrival)
    if not new and row.urgent:
        stored = inbox.reply_of(desk, row)
        return Kept(id, row.conversation_id, False, reply.language, reply_from_text(stored) if stored else reply)
    # It overtakes what waits before it: help does not queue. So the dialogue's state is left as it stands.
    # One that was taken for an ordinary message before (by an index still in the making) keeps its first reply.
    if new and inbox.finish(session, desk, Lease(row, "", row.attempts), reply_to_text(reply)):
        write_lines(session, office, row, conversation, waiting.incoming.text, reply)
    row.urgent = message.kind
    session.add(row)
    open_case(
        session,
        desk,
        Handover(
            person_id=address.person_id,
            conversation_id=conversation.id,
            queue=SAFEGUARDING,
            topic=message.kind,
            summary=message.text,
            shared=(),
            door=arrived.channel,
            role=message.role,
            language=reply.language,
            needs="",
            contact=None,
            urgent=message.kind,
            key=id,
        ),
    )
    return Kept(id, conversation.id, True, reply.language, reply)

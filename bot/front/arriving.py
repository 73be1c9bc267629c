"""A message arrives: personal data is hidden in memory, and what is left is committed before anybody is told so."""

from __future__ import annotations

from dataclasses import replace

import structlog
from sqlmodel import Session

from bot.front.office import Kept, Office, act, language_of, message_key, not_now
from bot.keeping import Waiting, reply_from_text, standing_from_text, standing_to_text, waiting_to_text
from bot.messages import Arrived, Chosen
from bot.steps.urgent import kind_of_risk
from bot.taken_out import without_taken_out
from handoff import inbox
from handoff.cases.talking import answered_by
from handoff.conversations import Line, conversation_for, keep_state, latest_at, recent, state_of
from handoff.database import UNAVAILABLE
from handoff.inbox import Arrival
from handoff.models import InboxMessage
from handoff.people import address_for, known_address

log = structlog.get_logger("askwell.front_desk")


def keep(office: Office, arrived: Arrived, waiting: Waiting, *, taken: bool = False) -> Kept:
    """Keep the message, once however often it comes. Raises `NotNowError` when it could not be kept.

    `taken`: the caller answers it at once, so the lease is had in the same commit, when it is this message's turn.
    """
    try:
        return act(office, lambda session: _kept(session, office, arrived, waiting, taken=taken))
    except UNAVAILABLE as error:
        raise not_now(office, language_of(arrived), kept=False) from error


def choose(office: Office, channel: str, address: str, chosen: Chosen) -> None:
    """Remember what the person chose at this door, without a message."""

    def chosen_now(session: Session) -> None:
        door = address_for(session, office.desk, channel, address, chosen.language or "en")
        conversation = conversation_for(session, office.desk, door)
        standing = standing_from_text(state_of(office.desk, conversation))
        kept = replace(standing, chosen=chosen.over(standing.chosen))
        language = chosen.language or conversation.language
        keep_state(session, office.desk, conversation, standing_to_text(kept), language)

    act(office, chosen_now)


def lines(session: Session, office: Office, channel: str, address: str, limit: int) -> tuple[Line, ...]:
    """The last lines of the conversation at this door; none when there is no conversation."""
    door = known_address(session, office.desk, channel, address)
    conversation = latest_at(session, office.desk, door) if door else None
    return recent(session, office.desk, conversation.id, limit) if conversation else ()


def hidden(office: Office, arrived: Arrived) -> Waiting:
    """The message as it may be stored: the risk judged on the words as typed, and then those words replaced."""
    said = arrived.incoming
    typed = as_typed(arrived)
    redacted = office.assistant.hide(typed)
    urgent, in_doubt = judged(office, typed)
    hidden = replace(
        said,
        text=redacted.text,
        urgent=said.urgent or urgent,
        in_doubt=said.in_doubt or in_doubt,
        redacted=bool(redacted.found) or said.redacted,
    )
    return Waiting(hidden, arrived.choices)


def as_typed(arrived: Arrived) -> str:
    """The words as they came, as text that can be stored."""
    return arrived.incoming.text.encode("utf-8", "replace").decode()


def judged(office: Office, typed: str) -> tuple[str | None, bool]:
    """The kind of risk in the words as typed, and whether there might be one. The rules stand if the model falls."""
    try:
        kind = office.assistant.urgency(typed)
        # Where help comes first there is nothing left to doubt, and no model to wait for.
        return kind, kind is None and office.assistant.in_doubt(typed)
    except Exception as error:
        log.error("risk_judged_by_rules_alone", fault=type(error).__name__)
        return kind_of_risk(office.assistant.engine.pack, typed, lambda _: None), False


def as_kept(office: Office, row: InboxMessage, language: str, *, new: bool) -> Kept:
    """What is known of a message that is safe."""
    stored = inbox.reply_of(office.desk, row)
    pack = office.assistant.engine.pack
    reply = without_taken_out(reply_from_text(stored), pack.gone, pack.phrases) if stored is not None else None
    return Kept(row.id, row.conversation_id, new, language, reply)


def _kept(session: Session, office: Office, arrived: Arrived, waiting: Waiting, *, taken: bool) -> Kept:
    language = language_of(arrived)
    address = address_for(session, office.desk, arrived.channel, arrived.address, language)
    conversation = conversation_for(session, office.desk, address)
    arrival = Arrival(
        channel=arrived.channel,
        message_id=message_key(address, arrived.message_id),
        text=waiting_to_text(waiting),
        redacted=waiting.incoming.redacted,
        # What is written to the officer who answers is an accepted handover: it waits sealed, in the words as typed.
        original=as_typed(arrived) if answered_by(session, office.desk, conversation.id) else None,
    )
    row, new = inbox.receive(session, office.desk, conversation, arrival)
    kept = as_kept(office, row, arrived.choices.language or conversation.language, new=new)
    return replace(kept, lease=inbox.take(session, office.desk, conversation.id)) if taken and new else kept

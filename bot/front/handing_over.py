"""From the assistant to a person: what is handed over, to which team, by when it replies, told before and after."""

from __future__ import annotations

import json
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlmodel import Session, col, update

from bot.front.alarms import raise_alarm
from bot.front.arriving import hidden
from bot.front.failing import fallback_queue
from bot.front.lines import as_chosen, where_it_stands
from bot.front.office import Office, act, not_now
from bot.keeping import Waiting
from bot.messages import Arrived, Chosen, Incoming, Reply
from handoff import receipts
from handoff.cases import Contact, Handover, open_case
from handoff.cases.naming import status_path
from handoff.cases.talking import leave_contact
from handoff.conversations import Line, conversation_for, latest_at, recent
from handoff.database import UNAVAILABLE, reading
from handoff.desk import Desk
from handoff.models import Address, Case, Conversation, SafeContact, Who
from handoff.people import address_for, known_address
from handoff.promises import reply_by_for
from knowledge.routing import SAFEGUARDING, Queue

MOST_LINES = 50


@dataclass(frozen=True)
class Offer:
    """What a person sees before they ask for one: the likely team, by when it replies, what they could share.

    `lines` are theirs and the assistant's, oldest first, redacted; `question` is their last one.
    """

    queue: str
    team: str
    reply_by: datetime
    lines: tuple[Line, ...]
    question: str


@dataclass(frozen=True)
class HandOver:
    """What a person sends to a team. `lines` are the ids of the lines they ticked: no other goes to the case. The id of
    a message in the inbox stands for the person's own line.

    `message` is in their own words, and reaches that team as typed. `key` is the form's: pressed again, the same case.
    `safe` says what may be sent to the door they are at; `contact` is a way to reach them for this case alone.
    """

    channel: str
    address: str
    key: str
    queue: str
    message: str
    lines: tuple[str, ...] = ()
    topic: str = ""
    needs: str = ""
    age_band: str = ""
    contact: Contact | None = None
    safe: SafeContact | None = None
    chosen: Chosen = field(default_factory=Chosen)
    data_complaint: bool = False


@dataclass(frozen=True)
class HandedOver:
    """What a person is told after: the reference, the team, by when it replies and where to look.

    When the message says that someone may be at risk it is with the children's team instead: `help` is what to show,
    and there is no reference and no page, because they might lie open on a shared screen.
    """

    reference: str = ""
    team: str = ""
    reply_by: datetime | None = None
    path: str = ""
    language: str = "en"
    help: Reply | None = None


def offer(office: Office, channel: str, address: str, queue: str | None = None) -> Offer:
    """What to show before sending. Raises `UnknownQueueError`, and `NotNowError` while the database is away."""
    try:
        with reading(office.engine) as session:
            door = known_address(session, office.desk, channel, address)
            conversation = latest_at(session, office.desk, door) if door else None
            lines = recent(session, office.desk, conversation.id, MOST_LINES) if conversation else ()
    except UNAVAILABLE as error:
        raise not_now(office, "en", kept=False) from error
    # What was written to an officer is with that case already.
    lines = tuple(line for line in lines if line.case_id is None)
    likely = queue or likely_queue(office, lines)
    asked = [line.text for line in lines if line.who is Who.PERSON]
    by = reply_by_for(office.desk, likely, office.desk.now())
    return Offer(likely, office.desk.queues[likely].name, by, lines, asked[-1] if asked else "")


def queues_to_ask(desk: Desk) -> tuple[Queue, ...]:
    """The teams a family can write to. One that is not the council's says whom to ask instead, and is not here."""
    asked = (one for one in desk.queues.values() if one.id != SAFEGUARDING and (one.contact or not one.says))
    queues = (one for one in asked if not one.cases_to)
    return tuple(sorted(queues, key=lambda one: (one.order, one.name)))


def likely_queue(office: Office, lines: tuple[Line, ...]) -> str:
    """The team of the section that was quoted last; the one for anything else when none was."""
    sections = office.assistant.engine.pack.sections
    for line in reversed(lines):
        for id in line.sections:
            if id in sections and sections[id].queue in office.desk.queues:
                return sections[id].queue
    return fallback_queue(office.desk)


def hand_over(office: Office, crew: Executor, wanted: HandOver) -> HandedOver:
    """Open the case, once however often it is asked for under the same key.

    Raises `UnknownQueueError`, `KeyReusedError` for the key with another request, and `NotNowError` while the database
    is away; a message about someone at risk raises nothing.
    """
    arrived = Arrived(
        wanted.channel, wanted.address, f"hand-over:{wanted.key}", Incoming(wanted.message), wanted.chosen
    )
    waiting = hidden(office, arrived)
    if waiting.incoming.urgent:
        return _alarmed(office, crew, wanted, arrived, waiting)
    try:
        return act(office, lambda session: _opened(session, office, wanted, waiting))
    except UNAVAILABLE as error:
        raise not_now(office, wanted.chosen.language or "en", kept=False) from error


def reach_me(office: Office, channel: str, address: str, contact: Contact) -> bool:
    """Add a way to reach the person to their newest open case; False when they have none. Raises `NotNowError`."""
    try:
        return act(office, lambda session: _left(session, office, channel, address, contact))
    except UNAVAILABLE as error:
        raise not_now(office, "en", kept=False) from error


def _opened(session: Session, office: Office, wanted: HandOver, waiting: Waiting) -> HandedOver:
    desk = office.desk
    door = address_for(session, desk, wanted.channel, wanted.address, wanted.chosen.language or "en")
    key, request = f"hand-over:{door.id}:{wanted.key}", json.dumps(asdict(wanted), sort_keys=True)
    known = receipts.earlier(session, desk, key, request)
    if known:
        return _told(office, session.get_one(Case, (desk.pack, known)))
    conversation = conversation_for(session, desk, door)
    case = open_case(session, desk, _handover(session, office, wanted, waiting, conversation))
    if wanted.safe is not None:
        mine = (col(Address.pack) == desk.pack, col(Address.id) == door.id)
        session.execute(update(Address).where(*mine).values(safe=wanted.safe))
    receipts.keep(session, desk, key, request, case.id)
    return _told(office, case)


def _handover(
    session: Session, office: Office, wanted: HandOver, waiting: Waiting, conversation: Conversation
) -> Handover:
    where = where_it_stands(session, office, conversation, waiting)
    lines = recent(session, office.desk, conversation.id, conversation.said)
    ticked = [line.text for line in lines if line.case_id is None and _is_ticked(line, wanted.lines)]
    typed, redacted = wanted.message.encode("utf-8", "replace").decode(), waiting.incoming.text
    return Handover(
        person_id=conversation.person_id,
        conversation_id=conversation.id,
        queue=wanted.queue,
        topic=wanted.topic,
        summary=redacted,
        # The officer answers the words as typed; lists show the summary, in which nobody is named.
        shared=(*(() if typed == redacted else (typed,)), *ticked),
        door=wanted.channel,
        role=as_chosen(waiting, where.standing).role.value,
        language=where.language,
        needs=wanted.needs,
        age_band=wanted.age_band,
        contact=wanted.contact,
        urgent=None,
        key=f"hand-over:{wanted.key}",
        data_complaint=wanted.data_complaint,
    )


def _is_ticked(line: Line, ticked: tuple[str, ...]) -> bool:
    return line.id in ticked or (line.who is Who.PERSON and line.answers_id in ticked)


def _told(office: Office, case: Case) -> HandedOver:
    team = office.desk.queues[case.queue].name
    return HandedOver(case.reference, team, case.reply_by, status_path(office.desk, case.id), case.language)


def _alarmed(office: Office, crew: Executor, wanted: HandOver, arrived: Arrived, waiting: Waiting) -> HandedOver:
    kept = raise_alarm(office, crew, arrived, waiting)
    if wanted.contact is not None and kept.conversation_id:
        reach_me(office, wanted.channel, wanted.address, wanted.contact)
    return HandedOver(language=kept.language, help=kept.reply)


def _left(session: Session, office: Office, channel: str, address: str, contact: Contact) -> bool:
    door = known_address(session, office.desk, channel, address)
    conversation = latest_at(session, office.desk, door) if door else None
    return conversation is not None and leave_contact(session, office.desk, conversation.id, contact)

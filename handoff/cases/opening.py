"""Opening a case: what is handed over, to which queue, under which reference, promised for when."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select, update

from handoff import receipts
from handoff.cases.alerting import alert
from handoff.cases.events import FAMILY, note_event
from handoff.cases.naming import kept_token, reference_from, status_token
from handoff.cases.sealed import CONTACT, SHARED, SUMMARY
from handoff.cases.telling import Contact, say_about, write
from handoff.desk import Desk
from handoff.models import Act, Case, Conversation, Priority
from handoff.promises import data_complaint_by, reply_by_for, takes_cases
from knowledge.priorities import pressing
from knowledge.routing import SAFEGUARDING

MOST_REFERENCES = 20
# What a family can ask for, as codes: they stand in the open, so that a queue can be read without a key.
FAMILY_NEEDS = ("interpreter", "bsl", "large_print", "phone_call")
# About how old the child or young person is, as far as a family says: bands, and no birthday.
AGE_BANDS = ("under_5", "5_to_10", "11_to_15", "16_to_18", "19_to_25")


class NoReferenceError(Exception):
    """No free reference was found in many tries: the random ids are not random."""


@dataclass(frozen=True)
class Handover:
    """What goes to a person. `summary` and `shared` are redacted, unless `urgent` (the kind of risk) is given.

    `shared` holds the lines the family chose to share; `key` makes a second press open the same case.
    """

    person_id: str
    conversation_id: str
    queue: str
    topic: str
    summary: str
    shared: tuple[str, ...]
    door: str
    role: str
    language: str
    needs: str
    contact: Contact | None
    urgent: str | None
    key: str
    data_complaint: bool = False
    age_band: str = ""


def open_case(session: Session, desk: Desk, handover: Handover) -> Case:
    """The case for this handover, opened once however often it is asked for under the same key.

    A message about someone at risk goes to the safeguarding queue whatever queue was named, and needs no contact.
    Raises `UnknownQueueError`, `handoff.receipts.KeyReusedError` for the same key with another handover, and
    `ValueError` for needs that are not in `FAMILY_NEEDS` and an age that is none of `AGE_BANDS`: what a family writes
    in words is sealed, these are not.
    """
    if handover.age_band and handover.age_band not in AGE_BANDS:
        raise ValueError(f"The age is one of these, or not said: {', '.join(AGE_BANDS)}")
    if strangers := set(handover.needs.split()) - set(FAMILY_NEEDS):
        raise ValueError(f"{len(strangers)} of the needs are not known: {', '.join(FAMILY_NEEDS)}")
    key, request = f"case:{handover.person_id}:{handover.key}", json.dumps(asdict(handover), sort_keys=True)
    known = receipts.earlier(session, desk, key, request)
    if known:
        return session.get_one(Case, (desk.pack, known))
    queue = SAFEGUARDING if handover.urgent else takes_cases(desk, handover.queue).id
    reason = None if handover.urgent else pressing(desk.priorities, handover.topic, _words(handover))
    case = _named(session, desk, _new_case(desk, handover, queue, _priority(queue, reason)))
    receipts.keep(session, desk, key, request, case.id)
    mine = (col(Conversation.pack) == desk.pack, col(Conversation.id) == handover.conversation_id)
    session.execute(update(Conversation).where(*mine).values(case_id=case.id))
    note_event(session, desk, case, Act.OPENED, by=None, detail=_detail(handover, queue, reason), actor=FAMILY)
    if handover.urgent:
        alert(session, desk, case, "staff_alert")
    else:
        # The door it came through shows this itself. What may lie open on a shared screen is sent by nobody's order.
        write(session, desk, case, "case_opened", say_about(desk, case, "case_opened"), doors=False)
    return case


def _new_case(desk: Desk, handover: Handover, queue: str, priority: Priority) -> Case:
    person, now = handover.person_id, desk.now()
    by = data_complaint_by(now) if handover.data_complaint else reply_by_for(desk, queue, now)
    contact = json.dumps(asdict(handover.contact)) if handover.contact else None
    return Case(
        pack=desk.pack,
        id=desk.new_id(),
        reference="",
        status_token="",
        person_id=person,
        conversation_id=handover.conversation_id,
        queue=queue,
        topic=handover.topic[:64],
        priority=priority,
        door=handover.door,
        role=handover.role,
        language=handover.language,
        needs=" ".join(need for need in FAMILY_NEEDS if need in handover.needs.split()),
        age_band=handover.age_band,
        sealed_summary=desk.seal(person, handover.summary, SUMMARY),
        sealed_shared=desk.seal(person, json.dumps(handover.shared), SHARED),
        sealed_contact=None if contact is None else desk.seal(person, contact, CONTACT),
        data_complaint=handover.data_complaint,
        events=0,
        opened_at=now,
        reply_by=by,
        promised_by=by,
    )


def _priority(queue: str, reason: str | None) -> Priority:
    if queue == SAFEGUARDING:
        return Priority.SAFEGUARDING
    return Priority.HIGH if reason else Priority.NORMAL


def _words(handover: Handover) -> str:
    return "\n".join((handover.summary, *handover.shared))


def _detail(handover: Handover, queue: str, reason: str | None) -> str:
    """Codes for the event: the queue, and why the case is looked at first."""
    return ";".join(code for code in (queue, reason, handover.urgent) if code)


def _named(session: Session, desk: Desk, case: Case) -> Case:
    """The case with a reference of its own. A reference that is taken is drawn again."""
    case.status_token = kept_token(status_token(desk, case.id))
    for _ in range(MOST_REFERENCES):
        case.reference = reference_from(desk, desk.new_id())
        taken = select(Case.id).where(Case.pack == desk.pack, Case.reference == case.reference)
        if session.exec(taken).first():
            continue
        try:
            with session.begin_nested():
                session.add(case)
                session.flush()
            return case
        except IntegrityError:
            if not session.exec(taken).first():
                raise
    raise NoReferenceError("No free reference was found. The random ids are not random: look at the machine.")

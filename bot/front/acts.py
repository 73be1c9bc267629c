"""What a reply asks for beyond its words, carried out in the turn's own transaction (`bot.steps.privacy`)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from bot.front.office import Office
from bot.messages import Act, Incoming, Outcome, Paragraph, Reply, Said
from handoff import receipts
from handoff.cases import Handover, open_case
from handoff.erasure import erase
from handoff.models import Conversation, InboxMessage
from handoff.people import join_link
from knowledge.dates_in_words import day_words, local_day

MY_DATA = "/my-data"
PRIVACY_QUEUE = "privacy"


def erased(session: Session, office: Office, message: InboxMessage, reply: Reply) -> Reply | None:
    """Erase the person who wrote `message`; none then, because the message is gone too (see `told_of_erasure`).

    While a legal hold stops it, the reply that says so: it is kept like any other.
    """
    receipt = erase(session, office.desk, message.person_id)
    if not receipt.done:
        return replace(reply, heading=office.say("forget_held", reply.language, receipt=receipt.number))
    if told_of_erasure(session, office, message.id) is None:
        kept = [[one.reference, one.why] for one in receipt.kept]
        told = {"number": receipt.number, "language": reply.language, "kept": kept}
        receipts.keep(session, office.desk, _key(message.id), "", json.dumps(told))
    return None


def told_of_erasure(session: Session, office: Office, message_id: str) -> Reply | None:
    """What the person who asked in this message is told; none when it asked for nothing of the kind."""
    kept = receipts.earlier(session, office.desk, _key(message_id), "")
    return _receipt_reply(office, json.loads(kept)) if kept else None


def carried_out(
    session: Session, office: Office, conversation: Conversation, message: InboxMessage, said: Incoming, reply: Reply
) -> Reply | None:
    """`reply` with what came of its act: a link to the person's data, or a complaint opened as a request.

    None when the person was erased, and this message with them.
    """
    if reply.act is Act.ERASE:
        return erased(session, office, message, reply)
    if reply.act is Act.SHOW_DATA:
        return _where_the_data_is(session, office, conversation, reply)
    if reply.act is Act.COMPLAIN and PRIVACY_QUEUE in office.desk.queues:
        return _complained(session, office, conversation, message, said, reply)
    return reply


def _where_the_data_is(session: Session, office: Office, conversation: Conversation, reply: Reply) -> Reply:
    desk = office.desk
    path = MY_DATA
    if conversation.channel != "web":
        # At another door the page does not know who asks: a link that is good once makes it theirs.
        path = f"/join/{join_link(session, desk, conversation.person_id)}?next={MY_DATA}"
    link = desk.link(path) or (path if conversation.channel == "web" else "")
    if link:
        return replace(reply, heading=office.say("mydata_here", reply.language, link=link))
    contacts = office.assistant.engine.pack.contacts
    contact = contacts.get("privacy") or contacts["local_offer"]
    who = f"{contact.name}, {contact.says('contact')}"
    return replace(reply, heading=office.say("mydata_ask_council", reply.language, contact=who))


def _complained(
    session: Session, office: Office, conversation: Conversation, message: InboxMessage, said: Incoming, reply: Reply
) -> Reply:
    desk = office.desk
    case = open_case(
        session,
        desk,
        Handover(
            person_id=conversation.person_id,
            conversation_id=conversation.id,
            queue=PRIVACY_QUEUE,
            topic="data_complaint",
            summary=said.text,
            shared=(),
            door=conversation.channel,
            role=said.role.value,
            language=reply.language,
            needs="",
            contact=None,
            urgent=None,
            key=f"complaint:{message.id}",
            data_complaint=True,
        ),
    )
    told = office.say(
        "case_opened",
        reply.language,
        team=desk.queues[case.queue].name,
        date=day_words(local_day(case.reply_by), reply.language),
        reference=case.reference,
    )
    return replace(reply, heading=told)


def _receipt_reply(office: Office, told: dict[str, Any]) -> Reply:
    language, number, pairs = told["language"], told["number"], told["kept"]
    key = "forget_kept" if pairs else "forget_done"
    kept = (office.say(f"kept_{why}", language, reference=reference) for reference, why in pairs)
    return Reply(
        outcome=Outcome.CLARIFY,
        status="erased",
        language=language,
        heading=office.say(key, language, receipt=number),
        body=tuple(Paragraph((Said(line),), is_item=True) for line in kept),
        act=Act.ERASE,
    )


def _key(message_id: str) -> str:
    return f"erased:{message_id}"

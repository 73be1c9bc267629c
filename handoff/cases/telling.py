"""What a family is told about its case: a line in the conversation and a letter to each door, with the act itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from handoff import outbox
from handoff.cases.naming import status_path
from handoff.cases.sealed import CONTACT
from handoff.conversations import Said, record
from handoff.desk import Desk
from handoff.letters import Letter
from handoff.models import Case, CaseReply, Conversation, SafeContact, Who
from handoff.promises import REOPEN_DAYS, queue_of
from knowledge.dates_in_words import day_words, local_day

# A telephone number is for the officer to ring: nothing is sent to it.
LETTERS_GO_TO = frozenset({"email"})


@dataclass(frozen=True)
class Contact:
    """How the family would like to be reached for this case alone, and what may be sent there."""

    channel: str
    to: str
    safe: SafeContact = SafeContact.NEUTRAL


def contact_of(desk: Desk, case: Case) -> Contact | None:
    """The contact given for this case alone; none when none was."""
    if case.sealed_contact is None:
        return None
    given = json.loads(desk.open(case.person_id, case.sealed_contact, CONTACT))
    return Contact(given["channel"], given["to"], SafeContact(given["safe"]))


def say_about(desk: Desk, case: Case, phrase: str, **values: str) -> str:
    """A sentence of the pack about this case, in the family's language."""
    given = {
        "team": queue_of(desk, case.queue).name,
        "reference": case.reference,
        "date": day_words(local_day(case.reply_by), case.language),
        "days": str(REOPEN_DAYS),
    }
    return desk.say(phrase, case.language, **{**given, **values})


def tell(session: Session, desk: Desk, case: Case, phrase: str, **values: str) -> None:
    """Tell the family what became of its case, in the pack's words: on the page, and by letter to its doors."""
    text = say_about(desk, case, phrase, **values)
    _say(session, desk, case, Said(Who.ASSISTANT, text, status=phrase, language=case.language, case_id=case.id))
    write(session, desk, case, phrase, text)


def tell_reply(session: Session, desk: Desk, case: Case, reply: CaseReply, text: str) -> None:
    """Tell the family what the officer wrote: the words on the page, and in a letter only where all may be sent."""
    heading = say_about(desk, case, "case_replied")
    said = Said(Who.OFFICER, text, status="case_replied", officer_id=reply.officer_id, case_id=case.id)
    _say(session, desk, case, said)
    write(session, desk, case, "case_replied", f"{heading}\n\n{text}")


def write(session: Session, desk: Desk, case: Case, kind: str, text: str, *, doors: bool = True) -> None:
    """The letters of one telling: to the person's doors, and to the contact given for this case.

    Each act has its own version of the case, which makes the key.
    """
    key = f"case:{case.id}:{case.version}:{kind}"
    words: dict[str, Any] = {
        "line": case.conversation_id,
        "kind": kind,
        "subject": say_about(desk, case, "case_subject"),
        "text": text,
        "neutral": desk.say("letter_neutral", case.language),
        "link": desk.link(status_path(desk, case.id)),
        "language": case.language,
    }
    if doors:
        outbox.tell(session, desk, case.person_id, key=key, **words)
    contact = contact_of(desk, case)
    if contact and contact.channel in LETTERS_GO_TO and contact.safe is not SafeContact.NOTHING:
        letter = Letter(
            key=f"{key}:contact",
            person_id=case.person_id,
            channel=contact.channel,
            address_id=None,
            to=contact.to,
            safe=contact.safe,
            **words,
        )
        outbox.put(session, desk, letter)


def _say(session: Session, desk: Desk, case: Case, said: Said) -> None:
    conversation = session.get_one(Conversation, (desk.pack, case.conversation_id))
    record(session, desk, conversation, said)

"""P5: nothing of a family's case leaves through Telegram. What is kept about them is compared with all that was sent."""

from __future__ import annotations

import json

from sqlmodel import select

from bot.front_desk import FrontDesk
from bot.telegram.loopback.server import Loopback
from handoff.bookings.needs import NEEDS
from handoff.bookings.visit import TOPICS, open_visit
from handoff.cases.telling import contact_of
from handoff.database import reading
from handoff.models import Booking, Case, CaseReply, Message, Who

SHORTEST = 6
# A menu names every need or topic there is; naming one or two says what somebody chose.
WHOLE_MENU = 4


def special_words(front: FrontDesk) -> set[str]:
    """What families wrote to officers, what officers wrote to them, and how to reach them."""
    desk, found = front.office.desk, set[str]()
    with reading(front.office.engine) as session:
        for case in session.exec(select(Case)):
            found.add(desk.open(case.person_id, case.sealed_summary, "case.sealed_summary"))
            found |= set(json.loads(desk.open(case.person_id, case.sealed_shared, "case.sealed_shared")))
            contact = contact_of(desk, case)
            found |= {contact.to} if contact else set()
        for reply in session.exec(select(CaseReply)):
            found.add(desk.open(reply.person_id, reply.sealed_text, "case_reply.sealed_text"))
        for line in session.exec(select(Message).where(Message.who == Who.PERSON)):
            found.add(desk.open(line.person_id, line.sealed_text, "message.sealed_text"))
        for booking in session.exec(select(Booking)):
            visit = open_visit(desk, booking.person_id, booking.sealed_visit, "booking")
            found |= {visit.other_need, visit.to, *visit.questions}
    return {" ".join(text.split()) for text in found if len(text.split()) > 3 or "@" in text}


def leaks(api: Loopback, front: FrontDesk) -> list[str]:
    """Every payload in which something of somebody's case stands, or a single need or topic."""
    words = special_words(front)
    say = front.office.assistant.engine.pack.phrases.say
    needs = [say(f"booking_need_{code}") for code in NEEDS if code != "other"]
    topics = [say(f"booking_topic_{code}") for code in TOPICS if code != "something_else"]
    found = []
    for call in api.state.calls:
        if call.method == "getUpdates":
            continue
        sent = " ".join(json.dumps(call.params, ensure_ascii=False, default=str).replace("\\n", " ").split())
        found += [f"{call.method}: {word[:40]}" for word in words if word in sent]
        for kind in (needs, topics):
            named = [label for label in kind if label in sent]
            if 0 < len(named) < WHOLE_MENU:
                found.append(f"{call.method}: {named}")
    return found

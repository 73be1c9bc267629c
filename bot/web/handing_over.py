"""What a family fills in to reach a person (ux.md W7), checked, and what the front desk is asked for then."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.front.handing_over import queues_to_ask as teams_to_ask
from bot.front_desk import HandOver
from bot.messages import LONGEST, Chosen, Role
from bot.web.forms import Form
from bot.web.site import Site
from bot.web.transcript import CHANNEL, Transcript
from handoff.cases import AGE_BANDS, FAMILY_NEEDS, Contact
from handoff.models import SafeContact
from handoff.promises import reply_by_for
from knowledge.dates_in_words import day_words, local_day
from knowledge.routing import Queue

HERE, EMAIL, PHONE = "here", "email", "phone"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = re.compile(r"\+?[\d ()-]{9,20}")
FIELDS = ("queue", "message", "how", "email", "phone", "safe", "language", "message_id", "role", "age")


@dataclass(frozen=True)
class Draft:
    """A request as it is being written. `share` holds the numbers of the earlier questions that were ticked."""

    queue: str = ""
    message: str = ""
    how: str = HERE
    email: str = ""
    phone: str = ""
    safe: str = ""
    language: str = "en"
    needs: tuple[str, ...] = ()
    share: tuple[str, ...] = ()
    role: str = Role.FAMILY
    age: str = ""
    message_id: str = ""

    def fields(self) -> list[tuple[str, str]]:
        """All of it as hidden fields."""
        one = [(name, str(getattr(self, name))) for name in FIELDS]
        return [*one, *(("needs", need) for need in self.needs), *(("share", number) for number in self.share)]


def queues_to_ask(site: Site) -> tuple[Queue, ...]:
    """The teams a family can write to."""
    return teams_to_ask(site.desk)


def first_draft(site: Site, transcript: Transcript, line: str) -> Draft:
    """A request about question `line`, or the last one: its words, its team, and it alone ticked to be shared."""
    asked = [turn for turn in transcript.turns if not turn.officer and turn.text]
    chosen = next((turn for turn in asked if str(turn.number) == line), asked[-1] if asked else None)
    if chosen is None:
        return Draft(message_id=site.new_id())
    section = site.pack.sections.get(chosen.reply.section or "") if chosen.reply else None
    known = {queue.id for queue in queues_to_ask(site)}
    queue = section.queue if section and section.queue in known else ""
    language = chosen.reply.language if chosen.reply else "en"
    share = (str(chosen.number),)
    return Draft(queue=queue, message=chosen.text, language=language, share=share, message_id=site.new_id())


def draft_of(form: Form) -> Draft:
    """The request a form holds."""
    one = {name: form.get(name) for name in FIELDS}
    role = one["role"] if one["role"] in list(Role) else Role.FAMILY
    age = one["age"] if one["age"] in AGE_BANDS else ""
    needs = tuple(need for need in form.all("needs") if need in FAMILY_NEEDS)
    return Draft(
        **{**one, "role": role, "how": one["how"] or HERE, "age": age}, needs=needs, share=form.all("share")[:40]
    )


def problems_of(site: Site, draft: Draft) -> dict[str, str]:
    """What is missing, as (field, phrase)."""
    wrong = {}
    if draft.queue not in {queue.id for queue in queues_to_ask(site)}:
        wrong["queue"] = "person_no_queue"
    if not draft.message.strip():
        wrong["message"] = "person_no_message"
    elif len(draft.message) > LONGEST:
        wrong["message"] = "person_long"
    if draft.how == EMAIL and not _EMAIL.fullmatch(draft.email.strip()):
        wrong["email"] = "person_no_email"
    if draft.how == PHONE and not _PHONE.fullmatch(draft.phone.strip()):
        wrong["phone"] = "person_no_phone"
    return wrong


def shared_lines(transcript: Transcript, draft: Draft) -> tuple[str, ...]:
    """The earlier questions that were ticked, as they were kept: nothing else leaves the conversation (F14)."""
    return tuple(
        turn.text for turn in transcript.turns if str(turn.number) in draft.share and turn.text and not turn.officer
    )


def wanted_of(site: Site, session: str, transcript: Transcript, draft: Draft) -> HandOver:
    """What the draft asks the front desk for: the message as it was typed, and the lines that were ticked."""
    asked = (turn for turn in transcript.turns if str(turn.number) in draft.share and not turn.officer)
    language = draft.language if draft.language in site.pack.languages else "en"
    return HandOver(
        channel=CHANNEL,
        address=session,
        key=draft.message_id,
        queue=draft.queue,
        message=draft.message,
        lines=tuple(turn.message_id for turn in asked if turn.message_id),
        topic=draft.queue,
        needs=" ".join(draft.needs),
        age_band=draft.age,
        contact=contact_of(draft),
        chosen=Chosen(Role(draft.role), language),
    )


def contact_of(draft: Draft) -> Contact | None:
    """How to reach the family for this request; none when it reads the reply on the page."""
    safe = SafeContact.FULL if draft.safe == "yes" else SafeContact.NEUTRAL
    if draft.how == EMAIL:
        return Contact("email", draft.email.strip(), safe)
    if draft.how == PHONE:
        return Contact("phone", draft.phone.strip(), safe)
    return None


def reply_day(site: Site, queue: str, language: str) -> str:
    """The day by which this team replies to a message sent now, as both sides see it."""
    return day_words(local_day(reply_by_for(site.desk, queue, site.now())), language)

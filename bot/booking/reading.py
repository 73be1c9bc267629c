"""Reading what was answered on a page: the answers with it, or what is wrong and what to do. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from bot.booking.answers import Answers
from bot.booking.page import Fault
from handoff.bookings.needs import INTERPRETER, NEEDS, OTHER
from handoff.bookings.open_slots import OpenSlot, OpenSurgery
from handoff.bookings.visit import COMING, TOPICS, Reach
from knowledge.phrases import Voice

Given = Mapping[str, tuple[str, ...]]
Read = tuple[Answers, tuple[Fault, ...]]
Hide = Callable[[str], str]
_EMAIL = re.compile(r"[^@\s<>\"',;:()\[\]\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_MOBILE = re.compile(r"(?:\+44|0)7\d{9}")


def read_dates(say: Voice, answers: Answers, given: Given, shown: tuple[OpenSurgery, ...]) -> Read:
    """The session chosen, by its id."""
    chosen = _only(given, "surgery")
    if chosen not in {one.surgery.id for one in shown}:
        return answers, (Fault("surgery", say("book_fault_date")),)
    other = chosen != answers.surgery_id
    return answers.but(surgery_id=chosen, slot_ids=() if other else answers.slot_ids, waiting=False), ()


def read_times(say: Voice, answers: Answers, given: Given, surgery: OpenSurgery, *, together: int = 1) -> Read:
    """The times chosen: as many as are wanted together, from the one that was picked on; or the waiting list."""
    if not surgery.slots:
        return answers.but(waiting=True, slot_ids=()), ()
    chosen = _only(given, "slot")
    places = {"1": 1, "2": 2}.get(_only(given, "places"), together)
    start = next((number for number, slot in enumerate(surgery.slots) if slot.id == chosen), None)
    if start is None:
        return answers, (Fault("slot", say("book_fault_time")),)
    slot_ids = together_from(surgery.slots[start:], places)
    if not slot_ids:
        return answers, (Fault("slot", say("book_fault_together")),)
    return answers.but(slot_ids=slot_ids, waiting=False), ()


def together_from(slots: tuple[OpenSlot, ...], places: int) -> tuple[str, ...]:
    """`places` places at the first of these times, or at it and those right after it; nothing when too few are left."""
    if slots and slots[0].left >= places:
        return (slots[0].id,) * places
    chosen: list[OpenSlot] = []
    for slot in slots:
        if not chosen or slot.starts_at == chosen[-1].ends_at:
            chosen.append(slot)
    return tuple(slot.id for slot in chosen[:places]) if len(chosen) >= places else ()


def read_visit(say: Voice, answers: Answers, given: Given) -> Read:
    """What it is about, and who is coming."""
    topic, coming = _only(given, "topic"), _only(given, "coming")
    faults = []
    if topic not in TOPICS:
        faults.append(Fault("topic", say("book_fault_topic")))
    if coming not in COMING:
        faults.append(Fault("coming", say("book_fault_coming")))
    return answers.but(topic=topic if topic in TOPICS else "", coming=coming if coming in COMING else ""), tuple(faults)


def read_needs(say: Voice, answers: Answers, given: Given, hide: Hide) -> Read:
    """The needs, the language of an interpreter, and other words with personal details taken out."""
    needs = tuple(code for code in NEEDS if code in given.get("needs", ()))
    language, other = _words(given, INTERPRETER, 40), hide(_words(given, OTHER, 200))
    # Who wrote a language or another need has said that they need it.
    needs = tuple(
        code for code in NEEDS if code in needs or (code == INTERPRETER and language) or (code == OTHER and other)
    )
    answers = answers.but(needs=needs, interpreter=language, other_need=other, needs_asked=True)
    faults = []
    if INTERPRETER in needs and not language:
        faults.append(Fault(INTERPRETER, say("book_fault_language")))
    if OTHER in needs and not other:
        faults.append(Fault(OTHER, say("book_fault_other")))
    return answers, tuple(faults)


def read_contact(say: Voice, answers: Answers, given: Given, reaches: tuple[Reach, ...]) -> Read:
    """What to call them, and where to write."""
    name, way = _words(given, "first_name", 40), _only(given, "reach")
    to = _words(given, "to", 254).replace(" ", "")
    faults = []
    if not name:
        faults.append(Fault("first_name", say("book_fault_name")))
    if way not in {reach.value for reach in reaches}:
        faults.append(Fault("reach", say("book_fault_reach")))
    elif wrong := address_fault(say, way, to):
        faults.append(wrong)
    if way == Reach.NONE:
        to = ""
    reminders = bool(given.get("reminders")) and way != Reach.NONE
    return answers.but(first_name=name, reach=way, to=to, reminders=reminders), tuple(faults)


def address_fault(say: Voice, way: str, to: str) -> Fault | None:
    """What is wrong with an address for this way of writing, if anything."""
    if way == Reach.EMAIL and not _EMAIL.fullmatch(to):
        return Fault("to", say("book_fault_email"))
    if way == Reach.MOBILE and not _MOBILE.fullmatch(to.replace("-", "")):
        return Fault("to", say("book_fault_mobile"))
    return None


def read_questions(answers: Answers, given: Given, lines: tuple[str, ...]) -> Read:
    """The messages they let the officers read."""
    picked = {number for number in given.get("questions", ()) if number.isdigit() and int(number) < len(lines)}
    chosen = tuple(line for number, line in enumerate(lines) if str(number) in picked)
    return answers.but(questions=chosen, questions_asked=True), ()


def _only(given: Given, name: str) -> str:
    values = given.get(name, ())
    return values[0].strip() if values else ""


def _words(given: Given, name: str, longest: int) -> str:
    return " ".join(_only(given, name).split())[:longest]

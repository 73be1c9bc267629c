"""What each page asks. Pure: answers so far and what the desk has to offer go in, a page comes out."""

from __future__ import annotations

from bot.booking.answers import Answers
from bot.booking.page import At, Choice, Fault, Field, Kind, Page
from bot.booking.wording import surgery_choice, topic_words
from handoff.bookings.needs import INTERPRETER, NEEDS, OTHER
from handoff.bookings.open_slots import OpenSlot, OpenSurgery
from handoff.bookings.visit import COMING, TOPICS, Reach
from handoff.models import SurgeryKind
from knowledge.dates_in_words import clock_words, day_words, local_day
from knowledge.phrases import Voice

MOST_TOGETHER = 2


def dates_page(say: Voice, answers: Answers, shown: tuple[OpenSurgery, ...], faults: tuple[Fault, ...] = ()) -> Page:
    """B1: a plain list of dates, soonest first."""
    choices = tuple(surgery_choice(say, one) for one in shown)
    return Page(
        At.DATES,
        say("book_dates_title"),
        say("book_continue"),
        lead=(say("book_dates_lead"),),
        fields=(Field("surgery", Kind.ONE, say("book_which_date"), choices=choices, given=_one(answers.surgery_id)),),
        faults=faults,
        notice=_example(say, shown),
        after=(say("book_tell_me_instead"),),
    )


def times_page(
    say: Voice,
    answers: Answers,
    surgery: OpenSurgery,
    faults: tuple[Fault, ...] = (),
    notice: tuple[str, ...] = (),
) -> Page:
    """B2: the times that are free, how many are wanted together; or that nobody needs to book, or the waiting list."""
    one = surgery.surgery
    facts = (f"{day_words(local_day(one.starts_at), say.language)}, {one.venue}",)
    if one.kind is SurgeryKind.DROP_IN:
        until = say("book_drop_in_before", time=clock_words(one.drop_in_until or one.ends_at, say.language))
        return Page(At.TIMES, say("book_drop_in_title"), lead=(*facts, until), notice=notice)
    if not surgery.slots:
        return Page(
            At.TIMES, say("book_full_title"), say("book_join_list"), lead=(*facts, say("book_list_rule")), notice=notice
        )
    times = tuple(_time(say, slot, several=one.kind is SurgeryKind.MIXED) for slot in surgery.slots)
    fields = [Field("slot", Kind.ONE, say("book_which_time"), choices=times, given=answers.slot_ids[:1])]
    if not answers.moving and surgery.left > 1:
        party = (Choice("1", say("book_one_place")), Choice("2", say("book_two_places")))
        given = (str(len(answers.slot_ids) or 1),)
        hint = say("book_together_hint")
        fields.append(Field("places", Kind.ONE, say("book_how_many"), hint=hint, choices=party, given=given))
    lead = (*facts, say("book_kept"))
    return Page(
        At.TIMES,
        say("book_times_title"),
        say("book_continue"),
        lead=lead,
        fields=tuple(fields),
        faults=faults,
        notice=notice,
    )


def visit_page(say: Voice, answers: Answers, faults: tuple[Fault, ...] = ()) -> Page:
    """B3: what it is about and who is coming. No child's name."""
    topics = tuple(Choice(code, topic_words(say, code)) for code in TOPICS)
    coming = tuple(Choice(code, say(f"booking_coming_{code}")) for code in COMING)
    fields = (
        Field("topic", Kind.ONE, say("book_topic"), choices=topics, given=_one(answers.topic)),
        Field("coming", Kind.ONE, say("book_coming"), choices=coming, given=_one(answers.coming)),
    )
    lead = (say("book_no_child_name"),)
    return Page(At.VISIT, say("book_visit_title"), say("book_continue"), lead=lead, fields=fields, faults=faults)


def needs_page(say: Voice, answers: Answers, faults: tuple[Fault, ...] = ()) -> Page:
    """B4: what they need to take part. Nothing has to be chosen."""
    needs = tuple(Choice(code, say(f"booking_need_{code}")) for code in NEEDS)
    fields = (
        Field("needs", Kind.SOME, say("book_needs"), say("book_needs_hint"), choices=needs, given=answers.needs),
        Field(INTERPRETER, Kind.WORDS, say("book_interpreter"), given=_one(answers.interpreter), longest=40),
        Field(
            OTHER, Kind.WORDS, say("book_other_need"), say("book_no_names"), given=_one(answers.other_need), longest=200
        ),
    )
    return Page(At.NEEDS, say("book_needs_title"), say("book_continue"), fields=fields, faults=faults)


def contact_page(say: Voice, answers: Answers, reaches: tuple[Reach, ...], faults: tuple[Fault, ...] = ()) -> Page:
    """B5: what to call them, and how to tell them when something changes; or not at all, and what that means."""
    ways = tuple(Choice(reach.value, say(f"book_reach_{reach.name.lower()}")) for reach in reaches)
    name = Field(
        "first_name",
        Kind.WORDS,
        say("book_first_name"),
        say("book_first_name_hint"),
        given=_one(answers.first_name),
        autofill="given-name",
        longest=40,
    )
    reach = Field("reach", Kind.ONE, say("book_reach"), choices=ways, given=_one(answers.reach))
    to = Field("to", Kind.WORDS, say("book_to"), given=_one(answers.to), autofill="email", longest=254)
    remind = Field("reminders", Kind.YES, say("book_reminders"), given=("yes",) if answers.reminders else ())
    return Page(
        At.CONTACT, say("book_contact_title"), say("book_continue"), fields=(name, reach, to, remind), faults=faults
    )


def questions_page(say: Voice, answers: Answers, lines: tuple[str, ...], faults: tuple[Fault, ...] = ()) -> Page:
    """B6: which of their own messages the officers may read beforehand, line by line. None is fine."""
    choices = tuple(Choice(str(number), line) for number, line in enumerate(lines))
    given = tuple(str(number) for number, line in enumerate(lines) if line in answers.questions)
    field = Field("questions", Kind.SOME, say("book_questions"), say("book_questions_hint"), choices, given)
    return Page(At.QUESTIONS, say("book_questions_title"), say("book_continue"), fields=(field,), faults=faults)


def tell_me_page(
    say: Voice, answers: Answers, reaches: tuple[Reach, ...], route: str, faults: tuple[Fault, ...] = ()
) -> Page:
    """No session is published: say so, say who to ask, and offer to write once dates are out."""
    can = tuple(reach for reach in reaches if reach is not Reach.NONE)
    lead = (say("booking_none"), route)
    if not can:
        return Page(At.TELL_ME, say("book_none_title"), lead=lead)
    to = Field("to", Kind.WORDS, say("book_to"), given=_one(answers.to), autofill="email", longest=254)
    return Page(
        At.TELL_ME,
        say("book_none_title"),
        say("book_tell_me"),
        lead=(*lead, say("book_tell_me_lead")),
        fields=(to,),
        faults=faults,
    )


def _time(say: Voice, slot: OpenSlot, *, several: bool) -> Choice:
    minutes = str(int((slot.ends_at - slot.starts_at).total_seconds()) // 60)
    label = say("book_time", time=clock_words(slot.starts_at, say.language), minutes=minutes)
    who = say("book_time_with", who=slot.who) if slot.who else ""
    return Choice(slot.id, label, who)


def _example(say: Voice, shown: tuple[OpenSurgery, ...]) -> tuple[str, ...]:
    return (say("book_example"),) if any(one.surgery.example for one in shown) else ()


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()

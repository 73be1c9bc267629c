"""Sentences the flow puts together: a date, a place, who is there, what was answered."""

from __future__ import annotations

from bot.booking.answers import Answers
from bot.booking.page import At, Choice, Fact
from handoff.bookings.needs import INTERPRETER, OTHER, unmet
from handoff.bookings.open_slots import OpenSurgery
from handoff.bookings.visit import Reach
from handoff.bookings.when import meeting_of, meeting_words
from handoff.models import Slot, Surgery, SurgeryKind
from knowledge.dates_in_words import clock_words, moment_words
from knowledge.phrases import Voice


def surgery_choice(say: Voice, one: OpenSurgery) -> Choice:
    """ "Tuesday 8 December 2026, 9:30am to 12:30pm, Feltham Library", with what is left and who is there below."""
    surgery = one.surgery
    parts = [feature_words(say, surgery), left_words(say, one), people_words(say, one.teams)]
    return Choice(
        surgery.id, meeting_words(meeting_of(surgery), say.language), " ".join(part for part in parts if part)
    )


def left_words(say: Voice, one: OpenSurgery) -> str:
    """How many times are left; or when to come, where nobody books; or that there is a waiting list."""
    if one.surgery.kind is SurgeryKind.DROP_IN:
        return say(
            "book_drop_in_before", time=clock_words(one.surgery.drop_in_until or one.surgery.ends_at, say.language)
        )
    if one.is_full:
        return say("book_full")
    left = say("book_left_one") if one.left == 1 else say("book_left", count=str(one.left))
    mixed = one.surgery.kind is SurgeryKind.MIXED
    return f"{left} {say('book_mixed')}" if mixed else left


def feature_words(say: Voice, surgery: Surgery) -> str:
    """What the place offers, one short sentence each."""
    return " ".join(say(f"book_has_{code}") for code in surgery.features.split())


def people_words(say: Voice, teams: tuple[str, ...]) -> str:
    """Who will be there; nothing where officers named nobody."""
    return say("book_people", teams=", ".join(teams)) if teams else ""


def topic_words(say: Voice, code: str) -> str:
    """The topic as a family reads it."""
    return say(f"booking_topic_{code}")


def needs_words(say: Voice, answers: Answers) -> str:
    """The needs chosen, with the language and the words given."""
    said = []
    for code in answers.needs:
        label = say(f"booking_need_{code}")
        more = {INTERPRETER: answers.interpreter, OTHER: answers.other_need}.get(code, "")
        said.append(f"{label}: {more}" if more else label)
    return "; ".join(said) or say("book_no_needs")


def missing_words(say: Voice, answers: Answers, surgery: Surgery) -> tuple[str, ...]:
    """The needs this session does not have yet, said before they book."""
    missing = unmet(" ".join(answers.needs), surgery.features, online=surgery.online)
    return tuple(say("book_need_missing", need=say(f"booking_need_{code}")) for code in missing)


def reach_words(say: Voice, answers: Answers) -> str:
    """How they are told of changes."""
    return say("book_reach_none_short") if answers.reach == Reach.NONE else answers.to


def times_words(say: Voice, slots: tuple[Slot, ...]) -> str:
    """The times chosen."""
    between = " and " if say.language == "en" else "; "
    return between.join(dict.fromkeys(moment_words(slot.starts_at, say.language) for slot in slots))


def summary(say: Voice, answers: Answers, surgery: Surgery, slots: tuple[Slot, ...]) -> tuple[Fact, ...]:
    """What will be booked, line by line, each with the page that changes it."""
    moving = bool(answers.moving)

    def change(at: At) -> At | None:
        return None if moving else at

    facts = [
        Fact(say("book_fact_when"), times_words(say, slots) if slots else say("book_fact_list"), At.DATES),
        Fact(say("book_fact_where"), surgery.venue, At.DATES),
    ]
    if len(slots) > 1:
        facts.append(Fact(say("book_fact_places"), str(len(slots)), change(At.TIMES)))
    facts += [
        Fact(say("book_fact_topic"), topic_words(say, answers.topic), change(At.VISIT)),
        Fact(say("book_fact_coming"), say(f"booking_coming_{answers.coming}"), change(At.VISIT)),
        Fact(say("book_fact_needs"), needs_words(say, answers), change(At.NEEDS)),
        Fact(say("book_fact_name"), answers.first_name, change(At.CONTACT)),
        Fact(say("book_fact_reach"), reach_words(say, answers), change(At.CONTACT)),
    ]
    if answers.questions:
        facts.append(Fact(say("book_fact_questions"), " · ".join(answers.questions), change(At.QUESTIONS)))
    return tuple(facts)

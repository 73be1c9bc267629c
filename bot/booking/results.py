"""What a family sees once something is done: booked, changed, cancelled, waiting, offered. Pure."""

from __future__ import annotations

from datetime import datetime

from bot.booking.answers import Answers
from bot.booking.page import At, Fact, Page
from bot.booking.wording import missing_words, needs_words, times_words, topic_words
from handoff.bookings.coming import said_coming
from handoff.bookings.found import Booked, Waiting
from handoff.bookings.visit import Reach
from handoff.models import BookingState, WaitingState
from knowledge.dates_in_words import until_words
from knowledge.phrases import Voice

TITLES = {
    BookingState.CANCELLED: "book_cancelled_title",
    BookingState.WITHDRAWN: "book_withdrawn_title",
    BookingState.ARRIVED: "book_passed_title",
    BookingState.NO_SHOW: "book_passed_title",
    BookingState.PASSED: "book_passed_title",
}


def booked_page(say: Voice, booked: Booked, *, fresh: bool = False) -> Page:
    """B8, and the page behind the link: when, where, who is there, what to bring, and what may be done."""
    booking, surgery, visit = booked.booking, booked.surgery, booked.visit
    title = say(TITLES.get(booking.state, "book_your_title"))
    if fresh and booked.is_open:
        title = say("book_changed_title" if booking.sequence else "book_booked_title")
    if not booked.is_open:
        return Page(At.BOOKED, title, facts=(Fact(say("book_fact_reference"), booking.reference),))
    answers = Answers(needs=visit.needs, interpreter=visit.interpreter, other_need=visit.other_need)
    lines = (
        ("book_fact_reference", booking.reference),
        ("book_fact_when", times_words(say, booked.slots)),
        ("book_fact_where", surgery.venue),
        ("book_fact_address", surgery.address),
        ("book_fact_travel", surgery.travel),
        ("book_fact_bring", surgery.bring),
        ("book_fact_people", ", ".join(booked.teams)),
        ("book_fact_topic", topic_words(say, booking.topic)),
        ("book_fact_needs", needs_words(say, answers)),
    )
    said = (say("book_coming_said"),) if said_coming(booking) else ()
    late = (say("book_late", number=surgery.late_call),) if surgery.late_call else ()
    notice = (say("book_example"),) if surgery.example else ()
    return Page(
        At.BOOKED,
        title,
        facts=tuple(Fact(say(key), value) for key, value in lines if value),
        notice=(*said, *notice, *missing_words(say, answers, surgery)),
        after=(*late, say("book_calendar_again")),
    )


def waiting_page(say: Voice, waiting: Waiting, now: datetime) -> Page:
    """The place on the list: waiting, offered until a stated time, or over; and the rule, in words."""
    if waiting.entry.state not in (WaitingState.WAITING, WaitingState.OFFERED):
        return Page(At.WAITING, say("book_left_title"))
    if waiting.until is not None and waiting.surgery is not None:
        facts = (
            Fact(say("book_fact_when"), times_words(say, waiting.offered)),
            Fact(say("book_fact_where"), waiting.surgery.venue),
        )
        lead = (say("book_offer_until", until=until_words(waiting.until, now, say.language)),)
        return Page(At.WAITING, say("book_offer_title"), say("book_offer_yes"), lead=lead, facts=facts)
    told = "book_waiting_link_only" if waiting.visit.reach is Reach.NONE else "book_waiting_lead"
    return Page(At.WAITING, say("book_waiting_title"), lead=(say(told), say("book_list_rule")))


def cancel_page(say: Voice, booked: Booked) -> Page:
    """B9: asked once more before the place goes."""
    facts = (
        Fact(say("book_fact_when"), times_words(say, booked.slots)),
        Fact(say("book_fact_where"), booked.surgery.venue),
    )
    return Page(
        At.CANCEL, say("book_cancel_title"), say("book_cancel_yes"), lead=(say("book_cancel_lead"),), facts=facts
    )

"""The flow at a real desk: pages filled with what is free now, and the effects carried out, each with its key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from bot.booking import asking, reading
from bot.booking.answers import Answers
from bot.booking.flow import Effect, effect_of, next_page
from bot.booking.page import At, Choice, Fault, Field, Kind, Page
from bot.booking.reading import Given
from bot.booking.wording import missing_words, summary
from handoff.bookings.booking import book, move
from handoff.bookings.claim import claim
from handoff.bookings.errors import BookingError, HoldGoneError, NotOpenError, SlotTakenError
from handoff.bookings.found import Booked, Waiting, find
from handoff.bookings.holds import WARN_MINUTES, Held, extend, held, hold
from handoff.bookings.needs import coded
from handoff.bookings.open_slots import ALL, Filters, OpenSurgery, nearest, open_surgeries, slot_of
from handoff.bookings.sweep import sweep
from handoff.bookings.visit import Reach
from handoff.bookings.waiting import Wish, join
from handoff.database import reading as looking
from handoff.desk import Desk
from handoff.models import Slot, SurgeryState
from handoff.receipts import KeyReusedError
from knowledge.dates_in_words import clock_words, moment_words
from knowledge.phrases import Voice


@dataclass(frozen=True)
class Visitor:
    """Somebody at the desk. `reaches` are the ways that can really be used; `lines` their own messages, redacted.

    `route` says who to ask when nothing is published; `hide` takes personal details out of words.
    """

    engine: Engine
    desk: Desk
    person_id: str
    say: Voice
    hide: Callable[[str], str]
    reaches: tuple[Reach, ...] = (Reach.EMAIL, Reach.NONE)
    lines: tuple[str, ...] = ()
    route: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Turned:
    """Where a person is after a page: the page to show, and a link once something is done. `taken` for a clash."""

    page: Page
    answers: Answers
    token: str = ""
    taken: bool = False


def show(visitor: Visitor, answers: Answers, at: At | None = None, filters: Filters = ALL) -> Turned:
    """The page `at`, or the first that still needs an answer, with what is free now."""
    sweep(visitor.engine, visitor.desk)
    return _page(visitor, answers, at or next_page(answers, lines=bool(visitor.lines)), filters=filters)


def answer(visitor: Visitor, answers: Answers, at: At, given: Given, key: str) -> Turned:
    """What follows an answered page: the same page with its faults, or the effect carried out and the next page.

    A place that went meanwhile is said on the page of times, with the three nearest; nothing is typed again.
    """
    read = answers
    try:
        read, faults = _read(visitor, answers, at, given)
        if faults:
            # The page shows what was typed; what is wrong does not count as answered.
            return replace(_page(visitor, read, at, faults=faults), answers=answers)
        return _carry_out(visitor, effect_of(at, read), read, key)
    except BookingError as error:
        return clash(visitor, read, error)
    except KeyReusedError:
        return _page(visitor, read.but(hold_id="", slot_ids=()), notice=(visitor.say("booking_pressed_before"),))


def keep_longer(visitor: Visitor, answers: Answers) -> Turned:
    """One press: fifteen more minutes, on the page they were on."""

    def longer(session: Session) -> Held:
        return extend(session, visitor.desk, _person(visitor, answers), answers.hold_id)

    try:
        kept = claim(visitor.engine, longer)
    except BookingError as error:
        return clash(visitor, answers, error)
    return _page(visitor, answers.but(until=kept.until.isoformat()))


def clash(visitor: Visitor, answers: Answers, error: BookingError) -> Turned:
    """B10: what happened, and the nearest free times as choices. All answers stay."""
    say, kept = visitor.say, answers.but(hold_id="", slot_ids=())
    near = error.alternatives
    what = say(error.key, **error.values)
    if not near:
        at = At.DATES if isinstance(error, NotOpenError) else None
        return replace(_page(visitor, kept, at, notice=(what,)), taken=True)
    choices = tuple(
        Choice(slot.id, f"{moment_words(slot.starts_at, say.language)}, {slot.venue}", slot.who) for slot in near
    )
    field = Field("slot", Kind.ONE, say("booking_near"), choices=choices)
    page = Page(At.TIMES, what, say("book_continue"), lead=(say("book_kept"),), fields=(field,))
    return Turned(page, kept.but(surgery_id=near[0].surgery_id), taken=True)


def minutes_left(answers: Answers, now: datetime) -> int | None:
    """Whole minutes until the hold ends; none without a hold."""
    if not answers.hold_id or not answers.until:
        return None
    return max(0, int((datetime.fromisoformat(answers.until) - now) / timedelta(minutes=1)))


def _page(
    visitor: Visitor,
    answers: Answers,
    at: At | None = None,
    faults: tuple[Fault, ...] = (),
    notice: tuple[str, ...] = (),
    filters: Filters = ALL,
) -> Turned:
    say, at = visitor.say, at or next_page(answers, lines=bool(visitor.lines))
    if at in (At.DATES, At.TIMES, At.TELL_ME):
        page = _choosing(visitor, answers, at, faults, notice, filters)
        return Turned(page, answers)
    if at is At.CHECK:
        return _check(visitor, answers, notice)
    pages = {
        At.VISIT: lambda: asking.visit_page(say, answers, faults),
        At.NEEDS: lambda: asking.needs_page(say, answers, faults),
        At.CONTACT: lambda: asking.contact_page(say, answers, visitor.reaches, faults),
        At.QUESTIONS: lambda: asking.questions_page(say, answers, visitor.lines, faults),
    }
    page = pages[at]()
    return Turned(replace(page, notice=(*notice, *_clock(visitor, answers))), answers)


def _choosing(
    visitor: Visitor, answers: Answers, at: At, faults: tuple[Fault, ...], notice: tuple[str, ...], filters: Filters
) -> Page:
    say, every = visitor.say, _open(visitor)
    shown = _open(visitor, filters) or every
    if not every or at is At.TELL_ME:
        return replace(
            asking.tell_me_page(say, answers, visitor.reaches, visitor.route if not every else "", faults),
            notice=notice,
        )
    one = next((one for one in every if one.surgery.id == answers.surgery_id), None)
    if at is At.TIMES and one is not None:
        return asking.times_page(say, answers, one, faults, notice)
    page = asking.dates_page(say, answers, shown, faults if at is At.DATES else ())
    return replace(page, notice=(*page.notice, *notice))


def _check(visitor: Visitor, answers: Answers, notice: tuple[str, ...]) -> Turned:
    say = visitor.say
    one = next((one for one in _open(visitor) if one.surgery.id == answers.surgery_id), None)
    if one is None:
        return clash(visitor, answers.but(surgery_id=""), NotOpenError())
    slots: tuple[Slot, ...] = ()
    if not answers.waiting:
        try:
            with looking(visitor.engine) as session:
                slots = held(session, visitor.desk, _person(visitor, answers), answers.hold_id).slots
        except HoldGoneError as error:
            return clash(visitor, answers, error)
    shown = _moving(visitor, answers)
    button = "book_join_list" if answers.waiting else "book_move_here" if answers.moving else "book_this_time"
    page = Page(
        At.CHECK,
        say("book_check_title"),
        say(button),
        lead=(say("book_check_lead"),),
        facts=summary(say, shown, one.surgery, slots),
        notice=(*notice, *_clock(visitor, answers), *missing_words(say, shown, one.surgery)),
    )
    return Turned(page, answers)


def _moving(visitor: Visitor, answers: Answers) -> Answers:
    """The answers to show: those of the booking that is being changed, when there is one."""
    if not answers.moving:
        return answers
    with looking(visitor.engine) as session:
        was = find(session, visitor.desk, answers.moving)
    visit = was.visit
    return answers.but(
        topic=visit.topic,
        coming=visit.coming,
        needs=visit.needs,
        interpreter=visit.interpreter,
        other_need=visit.other_need,
        first_name=visit.first_name,
        reach=visit.reach.value,
        to=visit.to,
        questions=visit.questions,
    )


def _read(visitor: Visitor, answers: Answers, at: At, given: Given) -> reading.Read:
    say = visitor.say
    readers: dict[At, Callable[[], reading.Read]] = {
        At.DATES: lambda: reading.read_dates(say, answers, given, _open(visitor)),
        At.TIMES: lambda: _read_times(visitor, answers, given),
        At.VISIT: lambda: reading.read_visit(say, answers, given),
        At.NEEDS: lambda: reading.read_needs(say, answers, given, visitor.hide),
        At.CONTACT: lambda: reading.read_contact(say, answers, given, visitor.reaches),
        At.QUESTIONS: lambda: reading.read_questions(answers, given, visitor.lines),
    }
    return readers[at]() if at in readers else (answers, ())


def _read_times(visitor: Visitor, answers: Answers, given: Given) -> reading.Read:
    """The time picked, in whichever session it is: the nearest free times may be in another.

    Raises `SlotTakenError` for a time that was free when the page was made.
    """
    slot = (given.get("slot") or ("",))[0]
    every = _open(visitor)
    home = next((one for one in every if any(free.id == slot for free in one.slots)), None)
    if home is None and slot:
        _check_known(visitor, slot)
    one = home or next((one for one in every if one.surgery.id == answers.surgery_id), None)
    if one is None:
        return answers.but(surgery_id=""), (Fault("surgery", visitor.say("book_fault_date")),)
    together = _places_of(visitor, answers)
    read, faults = reading.read_times(visitor.say, answers, given, one, together=together)
    return read.but(surgery_id=one.surgery.id), faults


def _check_known(visitor: Visitor, slot_id: str) -> None:
    with looking(visitor.engine) as session:
        known = slot_of(session, visitor.desk, slot_id)
        if known and known[1].state is SurgeryState.PUBLISHED:
            raise SlotTakenError(nearest(session, visitor.desk, known[0].starts_at))


def _places_of(visitor: Visitor, answers: Answers) -> int:
    """How many places a booking that is being changed has: they move together."""
    if not answers.moving:
        return 1
    with looking(visitor.engine) as session:
        was = find(session, visitor.desk, answers.moving)
    return max(1, len(was.slots)) if isinstance(was, Booked) else 1


def _carry_out(visitor: Visitor, effect: Effect, answers: Answers, key: str) -> Turned:
    engine, desk, person = visitor.engine, visitor.desk, _person(visitor, answers)
    if effect is Effect.HOLD:
        kept: Held = claim(engine, lambda session: hold(session, desk, person, answers.slot_ids, coded(answers.needs)))
        return _page(visitor, answers.but(hold_id=kept.id, until=kept.until.isoformat()))
    if effect is Effect.NOTHING:
        return _page(visitor, answers)
    done = claim(engine, lambda session: _finish(session, visitor, effect, answers, key))
    return Turned(Page(At.BOOKED, ""), answers, token=done.token)


def _finish(session: Session, visitor: Visitor, effect: Effect, answers: Answers, key: str) -> Booked | Waiting:
    desk, person = visitor.desk, visitor.person_id
    if effect is Effect.MOVE:
        return move(session, desk, answers.moving, answers.hold_id, key=key)
    visit = answers.but(language=visitor.language).visit()
    if effect is Effect.JOIN:
        return join(session, desk, person, Wish(visit, answers.surgery_id), key=key)
    return book(session, desk, person, answers.hold_id, visit, key=key)


def _person(visitor: Visitor, answers: Answers) -> str:
    """Who keeps the place: the visitor, or the person of the booking whose link they came by."""
    if not answers.moving:
        return visitor.person_id
    with looking(visitor.engine) as session:
        was = find(session, visitor.desk, answers.moving)
    return was.booking.person_id if isinstance(was, Booked) else visitor.person_id


def _clock(visitor: Visitor, answers: Answers) -> tuple[str, ...]:
    """Until when the time is kept; from three minutes before, that it will soon go and can be kept longer."""
    left = minutes_left(answers, visitor.desk.now())
    if left is None:
        return ()
    if left < WARN_MINUTES:
        return (visitor.say("book_hold_soon", minutes=str(left)),)
    until = clock_words(datetime.fromisoformat(answers.until), visitor.language)
    return (visitor.say("book_hold_until", time=until),)


def _open(visitor: Visitor, filters: Filters = ALL) -> tuple[OpenSurgery, ...]:
    with looking(visitor.engine) as session:
        return open_surgeries(session, visitor.desk, filters, person_id=visitor.person_id)

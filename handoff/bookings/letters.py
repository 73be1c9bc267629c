"""What families are told about places: written in the transaction of the act, safe on a lock screen, each once.

Texts are those of ux.md part B. They name a time and a place and never SEND, a child or a need.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlmodel import Session, col, update

from handoff import outbox
from handoff.bookings.open_slots import OpenSlot
from handoff.bookings.visit import Reach, Visit
from handoff.desk import Desk
from handoff.letters import Letter
from handoff.models import Booking, OutboxMessage, OutboxState, SafeContact, Surgery
from knowledge.dates_in_words import clock_words, moment_words
from knowledge.working_hours import LONDON

REMINDER_AT = time(10, 0)
REMINDER, ABOUT = "reminder", "booking"


@dataclass(frozen=True)
class Note:
    """One thing to say: `about` makes its key, `line` keeps order with others about the same matter."""

    about: str
    line: str
    kind: str
    phrase: str
    values: dict[str, str]
    link: str = ""
    due_at: datetime | None = None
    stale_at: datetime | None = None


def send(session: Session, desk: Desk, person_id: str, visit: Visit, note: Note) -> None:
    """Put `note` in the outbox: to the address the person gave for this visit, or else to each door they have open."""
    text = desk.say(note.phrase, visit.language, **note.values)
    if visit.reach is Reach.NONE:
        outbox.tell(
            session,
            desk,
            person_id,
            key=note.about,
            line=note.line,
            kind=note.kind,
            subject=text,
            text=text,
            neutral=text,
            link=desk.link(note.link),
            language=visit.language,
            due_at=note.due_at,
            stale_at=note.stale_at,
        )
        return
    letter = Letter(
        key=note.about,
        person_id=person_id,
        channel=visit.reach.value,
        address_id=None,
        to=visit.to,
        line=note.line,
        kind=note.kind,
        subject=desk.say("booking_subject", visit.language),
        text=text,
        neutral=text,
        link=desk.link(note.link),
        language=visit.language,
        due_at=note.due_at,
        stale_at=note.stale_at,
        safe=SafeContact.FULL,
    )
    outbox.put(session, desk, letter)


def tell_booked(session: Session, desk: Desk, booking: Booking, visit: Visit, surgery: Surgery, token: str) -> None:
    """The confirmation, again after each change, and the reminder of the day before when they asked for one."""
    phrase = "letter_booked" if booking.sequence == 0 else "letter_changed"
    _about_booking(session, desk, booking, visit, surgery, token, phrase)
    _remind(session, desk, booking, visit, surgery, token)


def tell_cancelled(session: Session, desk: Desk, booking: Booking, visit: Visit, surgery: Surgery, token: str) -> None:
    """That the place was given back, as the person asked."""
    _about_booking(session, desk, booking, visit, surgery, token, "letter_cancelled")
    forget_reminder(session, desk, booking)


def tell_withdrawn(
    session: Session,
    desk: Desk,
    booking: Booking,
    visit: Visit,
    surgery: Surgery,
    token: str,
    near: tuple[OpenSlot, ...],
) -> None:
    """That the council called the session off, and the nearest times that are free instead."""
    _about_booking(session, desk, booking, visit, surgery, token, "letter_withdrawn", near)
    forget_reminder(session, desk, booking)


def tell_moved(
    session: Session,
    desk: Desk,
    booking: Booking,
    visit: Visit,
    surgery: Surgery,
    token: str,
    near: tuple[OpenSlot, ...],
) -> None:
    """That the council moved the session: the new time and place, which is kept, and the nearest other free times."""
    _about_booking(session, desk, booking, visit, surgery, token, "letter_moved", near)
    _remind(session, desk, booking, visit, surgery, token)


def forget_reminder(session: Session, desk: Desk, booking: Booking) -> None:
    """A reminder of a time that is no longer the booking's is not sent."""
    waiting = update(OutboxMessage).where(
        col(OutboxMessage.pack) == desk.pack,
        col(OutboxMessage.person_id) == booking.person_id,
        col(OutboxMessage.line) == _line(booking),
        col(OutboxMessage.kind) == REMINDER,
        col(OutboxMessage.state) == OutboxState.WAITING,
    )
    session.execute(waiting.values(state=OutboxState.DROPPED).execution_options(synchronize_session=False))


def reminded_of(key: str) -> str:
    """The booking that a reminder with this key is about, by its id."""
    return key.removeprefix(f"{ABOUT}:").partition(":")[0]


def near_words(desk: Desk, language: str, near: tuple[OpenSlot, ...]) -> str:
    """The nearest free times as one sentence, or that there is none."""
    if not near:
        return desk.say("letter_none_near", language)
    times = "; ".join(f"{moment_words(slot.starts_at, language)}, {slot.venue}" for slot in near)
    return desk.say("letter_near", language, times=times)


def place(surgery: Surgery) -> str:
    """Where the session is, in a few words."""
    return surgery.venue


def link_of(token: str) -> str:
    """Where a booking or a place on the list is looked at and changed: a path on Askwell's own page."""
    return f"/booking/{token}"


def _about_booking(
    session: Session,
    desk: Desk,
    booking: Booking,
    visit: Visit,
    surgery: Surgery,
    token: str,
    phrase: str,
    near: tuple[OpenSlot, ...] | None = None,
) -> None:
    values = {
        "when": moment_words(booking.starts_at, visit.language),
        "place": place(surgery),
        "reference": booking.reference,
    }
    if near is not None:
        values["near"] = near_words(desk, visit.language, near)
    kind = phrase.removeprefix("letter_")
    note = Note(
        about=f"{ABOUT}:{booking.id}:{booking.sequence}:{kind}",
        line=_line(booking),
        kind=kind,
        phrase=phrase,
        values=values,
        link=link_of(token),
    )
    send(session, desk, booking.person_id, visit, note)


def _remind(session: Session, desk: Desk, booking: Booking, visit: Visit, surgery: Surgery, token: str) -> None:
    """The reminder of the day before, when they asked for one, in the place of any there was."""
    forget_reminder(session, desk, booking)
    due = _day_before(booking.starts_at)
    if not visit.reminders or due <= desk.now():
        return
    note = Note(
        about=f"{ABOUT}:{booking.id}:{booking.sequence}:day_before",
        line=_line(booking),
        kind=REMINDER,
        phrase="letter_day_before",
        values={"time": clock_words(booking.starts_at, visit.language), "place": place(surgery)},
        link=link_of(token),
        due_at=due,
        stale_at=booking.starts_at,
    )
    send(session, desk, booking.person_id, visit, note)


def _line(booking: Booking) -> str:
    return f"b:{booking.id}"


def _day_before(starts_at: datetime) -> datetime:
    day = starts_at.astimezone(LONDON).date() - timedelta(days=1)
    return datetime.combine(day, REMINDER_AT, LONDON)

"""Appointments there are (ux.md T10): each in a line with when and where, and what can be pressed."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import Session, col, select

from bot.booking.results import booked_page, waiting_page
from bot.telegram.buttons import press, short_id
from bot.telegram.caller import Caller
from bot.telegram.markup import bold, escape
from bot.telegram.parts import File, Parts, Row, Say
from handoff.bookings.calendar_entry import calendar_entry
from handoff.bookings.coming import asks_if_coming
from handoff.bookings.found import Booked, Waiting, find, opened_entry, own_bookings
from handoff.bookings.sweep import sweep
from handoff.bookings.waiting import WAITS
from handoff.database import reading
from handoff.models import WaitingListEntry
from knowledge.dates_in_words import moment_words, until_words

# What of an appointment may stand in a chat.
SHOWN = ("book_fact_reference", "book_fact_when", "book_fact_where", "book_fact_address", "book_fact_travel")
MOST_SHOWN = 2


def booking_lines(caller: Caller) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """Each appointment and each place on the list in a line, and what can be done with the next of them."""
    booked, waiting = found_for(caller)
    lines = [_booked_line(caller, one) for one in booked]
    lines += [_waiting_line(caller, one) for one in waiting]
    rows: list[Row] = []
    for one in booked[:MOST_SHOWN]:
        coming = asks_if_coming(one.booking, caller.house.desk.now())
        rows.extend(appointment_rows(caller.plain, one.booking.id, coming=coming))
    for entry in waiting[:1]:
        id = short_id(entry.entry.id)
        leaving = press(caller.plain("tg_leave_list"), "appt", id, "leave")
        yes = (press(caller.plain("book_offer_yes"), "appt", id, "yes"),) if entry.until is not None else ()
        rows.append((*yes, leaving))
    return tuple(lines), tuple(rows)


def appointment_rows(plain: Callable[[str], str], booking_id: str, *, coming: bool) -> tuple[Row, ...]:
    """What can be pressed about an appointment: "I am coming" while it is asked, and always change and cancel."""
    id = short_id(booking_id)
    comes = ((press(plain("book_coming"), "appt", id, "coming"),),) if coming else ()
    changes = press(plain("tg_change_time"), "appt", id, "change")
    return (*comes, (changes, press(plain("tg_cancel_time"), "appt", id, "cancel")))


def found_for(caller: Caller) -> tuple[tuple[Booked, ...], tuple[Waiting, ...]]:
    """The person's own, as they are now."""
    office = caller.house.front.office
    sweep(office.engine, office.desk)
    with reading(office.engine) as session:
        return own_bookings(session, office.desk, caller.person_id), _entries(session, caller)


def booked_parts(caller: Caller, token: str) -> Parts:
    """What was booked, with the calendar entry; or the place on the list."""
    office = caller.house.front.office
    with reading(office.engine) as session:
        found = find(session, office.desk, token)
    rows = ((press(caller.plain("tg_status"), "status"),), *caller.way_back())
    if isinstance(found, Waiting):
        shown = waiting_page(caller.voice, found, office.desk.now())
        return (Say("\n".join([bold(shown.title), caller.html("tg_waiting"), *map(escape, shown.lead[1:])]), rows),)
    shown = booked_page(caller.voice, found, fresh=True)
    labels = [caller.plain(key) for key in SHOWN]
    facts = [escape(f"{fact.label}: {fact.value}") for fact in shown.facts if fact.label in labels]
    example = [escape(caller.plain("book_example"))] if found.surgery.example else []
    text = "\n".join([bold(shown.title), *example, *facts, *(escape(text) for text in shown.after)])
    # Without an address: the link in it would open the appointment to whoever reads the chat.
    calendar = calendar_entry(office.desk, found).decode()
    return (Say(text, rows), File("appointment.ics", calendar))


def _booked_line(caller: Caller, one: Booked) -> str:
    when = moment_words(one.booking.starts_at, caller.language)
    return f"{when}, {one.surgery.venue}. {one.booking.reference}"


def _waiting_line(caller: Caller, waiting: Waiting) -> str:
    if waiting.until is None or waiting.surgery is None:
        return caller.plain("book_waiting_title")
    when = " ".join(moment_words(slot.starts_at, caller.language) for slot in waiting.offered[:1])
    until = until_words(waiting.until, caller.house.desk.now(), caller.language)
    until = caller.plain("book_offer_until", until=until)
    return f"{caller.plain('book_offer_title')}: {when}, {waiting.surgery.venue}. {until}"


def _entries(session: Session, caller: Caller) -> tuple[Waiting, ...]:
    desk = caller.house.desk
    mine = (
        select(WaitingListEntry)
        .where(WaitingListEntry.pack == desk.pack, WaitingListEntry.person_id == caller.person_id)
        .where(col(WaitingListEntry.state).in_(WAITS))
        .order_by(col(WaitingListEntry.joined_at))
    )
    return tuple(opened_entry(session, desk, row) for row in session.exec(mine).all())

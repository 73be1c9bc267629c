"""What may be done with an appointment (ux.md T14, B9): say "I am coming", change, cancel, leave the list, say yes."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.telegram.buttons import Pressed, press, short_id
from bot.telegram.caller import Caller, Told, told
from bot.telegram.markup import bold, escape
from bot.telegram.screens import surgery
from bot.telegram.screens.bookings import booked_parts, found_for
from bot.telegram.screens.pressed import Press
from handoff.bookings.booking import cancel
from handoff.bookings.claim import claim
from handoff.bookings.coming import say_coming
from handoff.bookings.errors import BookingError
from handoff.bookings.found import Booked, Waiting
from handoff.bookings.waiting import accept, leave
from knowledge.dates_in_words import moment_words

router = Router(name="appointments")


@router.callback_query(Press("appt"))
def appointment(query: CallbackQuery, pressed: Pressed, caller: Caller) -> Told:
    """Change, cancel (asked once more), leave the list, or take an offered place."""
    booked, waiting = found_for(caller)
    booking = next((one for one in booked if short_id(one.booking.id) == pressed.id), None)
    entry = next((one for one in waiting if short_id(one.entry.id) == pressed.id), None)
    try:
        if booking is not None:
            return _about_booking(caller, pressed, booking)
        if entry is not None:
            return _about_entry(caller, pressed, entry)
    except BookingError as error:
        return told(caller.screen(escape(caller.plain(error.key, **error.values))))
    return told(*caller.toast("tg_old_button"))


def _about_booking(caller: Caller, pressed: Pressed, booked: Booked) -> Told:
    desk = caller.house.desk
    if pressed.arg == "change":
        return surgery.begin(caller, moving=booked.token, topic=booked.visit.topic)
    if pressed.arg == "cancel":
        yes = press(caller.plain("book_cancel_yes"), "appt", pressed.id, "sure")
        keep = press(caller.plain("book_keep"), "status")
        what = escape(f"{moment_words(booked.booking.starts_at, caller.language)}, {booked.surgery.venue}")
        lead = f"{bold(caller.plain('book_cancel_title'))}\n{what}\n{caller.html('book_cancel_lead')}"
        return told(caller.screen(lead, ((yes,), (keep,))))
    if pressed.arg == "sure":
        claim(
            caller.house.front.office.engine,
            lambda session: cancel(session, desk, booked.token, key=caller.key),
        )
        return told(caller.screen(bold(caller.plain("book_cancelled_title"))))
    if pressed.arg == "coming":
        claim(caller.house.front.office.engine, lambda session: say_coming(session, desk, booked.token))
        return told(caller.screen(escape(caller.plain("book_coming_said"))))
    return told(*caller.toast("tg_old_button"))


def _about_entry(caller: Caller, pressed: Pressed, waiting: Waiting) -> Told:
    engine, desk = caller.house.front.office.engine, caller.house.desk
    if pressed.arg == "yes":
        booked = claim(engine, lambda session: accept(session, desk, waiting.token, key=caller.key))
        return told(*booked_parts(caller, booked.token))
    if pressed.arg == "leave":
        claim(engine, lambda session: leave(session, desk, waiting.token, key=caller.key))
        return told(caller.screen(bold(caller.plain("book_left_title"))))
    return told(*caller.toast("tg_old_button"))

"""A booking for the family's own calendar. It names a place and a time, and nothing an onlooker could make use of."""

from __future__ import annotations

from handoff.bookings.found import Booked
from handoff.bookings.letters import link_of, place
from handoff.desk import Desk
from knowledge.ics import Appointment, appointment_calendar


def calendar_entry(desk: Desk, booked: Booked, *, site: str = "", organizer: str = "") -> bytes:
    """The booking as an iCalendar file: opened again after a change it updates the entry, cancelled it removes it.

    `site` is the address of Askwell's pages, without a slash at the end; `organizer` the council's email address.
    """
    booking, surgery, language = booked.booking, booked.surgery, booked.visit.language
    where = surgery.venue if surgery.online or not surgery.address else f"{surgery.venue}, {surgery.address}"
    url = f"{site}{link_of(booked.token)}" if site else None
    return appointment_calendar(
        Appointment(
            uid=f"{booking.id}@askwell",
            sequence=booking.sequence,
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            summary=desk.say("calendar_summary", language, place=place(surgery)),
            location=where,
            description=desk.say("calendar_description", language, reference=booking.reference),
            changed_at=booking.changed_at,
            organizer=organizer,
            url=url,
            cancelled=not booked.is_open,
        )
    )

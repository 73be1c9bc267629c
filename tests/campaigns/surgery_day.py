"""Surgeries in a day at the office: families keep a time, book it and cancel it, and what they were told holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import time, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, select

from campaigns.commands import Command, Ledger
from handoff.bookings.booking import book, cancel
from handoff.bookings.errors import BookingError
from handoff.bookings.holds import hold
from handoff.bookings.open_slots import nearest
from handoff.bookings.visit import Reach, Visit, open_visit
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import Booking, BookingState, OutboxMessage, SurgeryKind
from handoff.people import address_for
from handoff.surgeries.planned import Planned, times
from handoff.surgeries.planning import plan, publish
from handoff.surgeries.rights import at_the_terminal
from knowledge.calendar import WorkingCalendar

KINDS = ("hold", "book", "cancel")
REFUSED = "refused "
SESSIONS = 12


def open_sessions(engine: Engine, desk: Desk) -> None:
    """Sessions enough for a long day, published."""
    calendar = WorkingCalendar()
    for number in range(SESSIONS):
        code, day = f"session{number}", desk.now().date() + timedelta(days=7 + number)
        if calendar.closed_because(day):
            continue
        planned = Planned(
            code=code,
            day=day,
            starts=time(9),
            ends=time(16),
            venue="Feltham Library",
            area="Feltham",
            kind=SurgeryKind.BOOKABLE,
            slots=times(time(9), time(16), 20, 2),
        )
        with transaction(engine) as session:
            plan(session, desk, at_the_terminal(), planned, calendar)
        with transaction(engine) as session:
            publish(session, desk, at_the_terminal(), code)


def perform(engine: Engine, desk: Desk, kind: str, who: str, given: str, key: str) -> str:
    """Do it, and give what the page would carry on with: the hold, the link, or why not."""
    try:
        with transaction(engine) as session:
            if kind == "cancel":
                return cancel(session, desk, given, key=key).booking.reference
            person = address_for(session, desk, "web", who).person_id
            if kind == "book":
                visit = Visit("ehc_plan", first_name=key, reach=Reach.EMAIL, to=f"{who}@example.org")
                return book(session, desk, person, given, visit, key=key).token
            return _hold(session, desk, person)
    except BookingError as error:
        return f"{REFUSED}{type(error).__name__}"


def _hold(session: Session, desk: Desk, person: str) -> str:
    free = nearest(session, desk, desk.now())
    return hold(session, desk, person, [free[0].id]).id if free else f"{REFUSED}nothing is free"


def kept(engine: Engine, desk: Desk, ledger: Ledger) -> list[str]:
    """Every booking or cancelling that was told and is not so, and every one that was done twice."""
    with reading(engine) as session:
        bookings = session.exec(select(Booking).where(Booking.pack == desk.pack)).all()
        states = {_key(desk, booking): booking.state for booking in bookings}
        times_made = Counter(_key(desk, booking) for booking in bookings)
        told = Counter(session.exec(select(OutboxMessage.person_id)).all())
    found = [f"book {key}: {times} times" for key, times in times_made.items() if times > 1]
    found += [f"booking of {_key(desk, one)} has no letter" for one in bookings if not told[one.person_id]]
    pressed = {command.of for command in [*ledger.done, *ledger.open] if command.kind == "cancel"}
    for command, answer in ledger.done.items():
        found += _broken(command, answer, states, pressed)
    return found


def _broken(command: Command, answer: str, states: Mapping[str, BookingState], pressed: set[str]) -> list[str]:
    refused = answer.startswith(REFUSED)
    if command.kind == "book" and (command.key in states) == refused:
        return [f"book {command.key}: told {'no' if refused else 'yes'}, and it is otherwise"]
    if command.kind == "book" and not refused and command.key not in pressed:
        return [] if states[command.key] is BookingState.BOOKED else [f"book {command.key} is lost"]
    if command.kind == "cancel" and not refused and states.get(command.of) is not BookingState.CANCELLED:
        return [f"cancel {command.key}: told it is done, and it is {states.get(command.of)}"]
    return []


def _key(desk: Desk, booking: Booking) -> str:
    return open_visit(desk, booking.person_id, booking.sealed_visit, "booking").first_name

"""O10: the surgery sessions. The list, one session, and the buttons that publish, withdraw and move it."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated

from fastapi import APIRouter, Form
from sqlmodel import Session
from starlette.responses import Response

from handoff.bookings.needs import NEEDS
from handoff.console.fence import ConsoleRoute
from handoff.console.runner import Runner, RunnerPress, SurgeryId, inside, opened
from handoff.console.session_form import hour
from handoff.console.visitor import Visitor, to
from handoff.desk import Desk
from handoff.surgeries.changing import move, withdraw
from handoff.surgeries.plan_file import FaultError, day_of, time_of
from handoff.surgeries.planning import PlanError, named, publish
from handoff.surgeries.reading import Opened, surgeries, waiting_for_any
from knowledge.dates_in_words import local_day

router = APIRouter(route_class=ConsoleRoute)
Version = Annotated[int, Form(ge=0, le=2**31 - 1)]
Short = Annotated[str, Form(max_length=400)]
DONE = {
    "published": "Families can see this session now. Whoever waits is offered a time first.",
    "withdrawn": "The session is withdrawn. Everybody booked was told, with the nearest other times.",
    "moved": "The session is moved. Everybody booked keeps their place and was told.",
    "planned": "The session is kept as a draft. Families see it when you publish it.",
}
STALE = "A colleague changed this session meanwhile. It is shown as it is now."


@router.get("/officers/bookings")
def sessions(here: Runner, past: str = "") -> Response:
    """Every session to come, soonest first; those that are over too when the address says so."""
    office = here.office
    rows, waiting = inside(
        here,
        lambda session: (
            surgeries(session, office.desk, here.acting, past=past == "yes"),
            waiting_for_any(session, office.desk, here.acting),
        ),
    )
    return here.page("bookings.html", here="Bookings", rows=rows, waiting=waiting, past=past == "yes")


@router.get("/officers/bookings/{id}")
def one_session(here: Runner, id: SurgeryId, done: str = "") -> Response:
    """One session: its facts, teams and times, how many are booked and wait, and needs it does not meet."""
    return session_page(here, opened(here, id), done=DONE.get(done, ""))


def session_page(here: Visitor, one: Opened, *, done: str = "", problem: str = "", status: int = 200) -> Response:
    """The session as it is now, with what was done to it or why it was not."""
    missing = [(need_words(here.office.desk, code), number) for code, number in one.missing.items()]
    return here.page(
        "session.html",
        here="Bookings",
        status=status,
        one=one,
        missing=missing,
        features=[need_words(here.office.desk, code) for code in one.surgery.features.split()],
        done=done,
        problem=problem,
        begun=one.surgery.starts_at <= here.office.desk.now(),
    )


@router.post("/officers/bookings/{id}/publish")
def publish_it(here: RunnerPress, id: SurgeryId) -> Response:
    """Let families see the session."""
    one, desk = opened(here, id), here.office.desk
    try:
        inside(here, lambda session: publish(session, desk, here.acting, one.surgery.code))
    except PlanError as error:
        return session_page(here, one, problem=str(error), status=422)
    return to(f"/officers/bookings/{id}?done=published")


@router.get("/officers/bookings/{id}/withdraw")
def really_withdraw(here: Runner, id: SurgeryId) -> Response:
    """Whom withdrawing reaches, before it is done."""
    return here.page("withdraw.html", here="Bookings", one=opened(here, id))


@router.post("/officers/bookings/{id}/withdraw")
def withdraw_it(here: RunnerPress, id: SurgeryId, version: Version = 0) -> Response:
    """Call the session off; everybody booked is told."""
    one, desk = opened(here, id), here.office.desk

    def act(session: Session) -> int:
        _unchanged(session, desk, one.surgery.code, version)
        return withdraw(session, desk, here.acting, one.surgery.code)

    try:
        inside(here, act)
    except PlanError as error:
        return session_page(here, opened(here, id), problem=str(error), status=409)
    return to(f"/officers/bookings/{id}?done=withdrawn")


@router.get("/officers/bookings/{id}/move")
def where_to(here: Runner, id: SurgeryId) -> Response:
    """Another day, hour or place."""
    one = opened(here, id)
    at = one.surgery.starts_at
    given = {"date": f"{local_day(at):%d/%m/%Y}", "start": hour(at)}
    given |= {"venue": one.surgery.venue, "address": one.surgery.address}
    return here.page("move.html", here="Bookings", one=one, given=given)


@router.post("/officers/bookings/{id}/move")
def move_it(
    here: RunnerPress,
    id: SurgeryId,
    version: Version = 0,
    date: Short = "",
    start: Short = "",
    venue: Short = "",
    address: Short = "",
) -> Response:
    """Put the session elsewhere; everybody booked moves along and is told."""
    one, desk, calendar = opened(here, id), here.office.desk, here.office.calendar
    try:
        day, begins = _when(date, start)

        def act(session: Session) -> int:
            _unchanged(session, desk, one.surgery.code, version)
            return move(
                session,
                desk,
                here.acting,
                one.surgery.code,
                calendar,
                day=day,
                starts=begins,
                venue=" ".join(venue.split())[:120],
                address=" ".join(address.split())[:240],
            )

        inside(here, act)
    except (PlanError, FaultError) as error:
        given = {"date": date, "start": start, "venue": venue, "address": address}
        fresh = opened(here, id)
        return here.page("move.html", here="Bookings", status=422, one=fresh, given=given, problem=str(error))
    return to(f"/officers/bookings/{id}?done=moved")


def _when(day: str, start: str) -> tuple[date, time]:
    return day_of(day), time_of({"start": start}, "start")


def _unchanged(session: Session, desk: Desk, code: str, version: int) -> None:
    """Two presses, or two officers, move one session once. Raises `PlanError`."""
    if named(session, desk, code).version != version:
        raise PlanError(STALE)


def need_words(desk: Desk, code: str) -> str:
    """A need or a feature, in the words families choose it by."""
    return desk.say(f"booking_need_{code}") if code in NEEDS else code

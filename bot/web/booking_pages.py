"""Booking a SEND Surgery on the page (ux.md B1 to B7, B10): one form a page, and no script needed.

The answers so far travel with each page, so that nothing is kept before somebody books and a restart loses nothing.
"""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.booking.answers import NOTHING_YET, Answers, SoFarError, packed, unpacked
from bot.booking.desk_side import Turned, Visitor, answer, clash, keep_longer, minutes_left, show
from bot.booking.page import At, Kind, Page
from bot.booking.reading import address_fault
from bot.booking.ways import reaches_of, route_of
from bot.web.cookies import keep_session, new_session, session_of
from bot.web.forms import Form, read_form
from bot.web.layout import go_to, page
from bot.web.limiting import or_wait
from bot.web.site import Site, site_of
from bot.web.transcript import CHANNEL, transcript_of
from bot.web.view import View, view_of
from handoff.bookings.errors import BookingError, LinkError
from handoff.bookings.found import Booked, find
from handoff.bookings.holds import WARN_MINUTES
from handoff.bookings.open_slots import Filters, areas
from handoff.bookings.subscriptions import subscribe
from handoff.bookings.visit import Reach
from handoff.database import reading, transaction
from handoff.people import address_for

router = APIRouter(include_in_schema=False)
MOST_LINES = 6
# What a form carries besides its answers.
OURS = ("token", "lang", "at", "so_far", "key", "act")


@router.get("/booking")
async def dates(request: Request, area: str = "", online: str = "", evening: str = "", at: str = "") -> Response:
    """B1: the dates, or that there are none and what to do."""
    filters = Filters(area=area[:64], online=online == "yes", evening=evening == "yes")
    start = At.TELL_ME if at == At.TELL_ME else At.DATES
    view, site = view_of(request), site_of(request)
    visitor = await run_in_threadpool(visitor_of, site, view, None)
    turned = await run_in_threadpool(show, visitor, NOTHING_YET, start, filters)
    return await shown(request, view, turned, filters)


@router.post("/booking")
async def turn(request: Request) -> Response:
    """What follows an answered page."""
    form = await read_form(request)
    session = session_of(request) or new_session()
    await or_wait(request, "", session)
    view, site = view_of(request, form.get("lang"), session), site_of(request)
    turned = await run_in_threadpool(_turn, site, view, session, form)
    if turned.token:
        response = go_to(view.to(f"/booking/{turned.token}", done="yes"))
    else:
        response = await shown(request, view, turned)
    keep_session(request, response, session)
    return response


@router.post("/booking/tell-me")
async def tell_me(request: Request) -> Response:
    """Remember somebody who wants to hear when dates are out."""
    form = await read_form(request)
    session = session_of(request) or new_session()
    await or_wait(request, "", session)
    view, site = view_of(request, form.get("lang"), session), site_of(request)
    to = form.get("to").strip()
    fault = address_fault(view.voice, Reach.EMAIL, to)
    if fault or Reach.EMAIL not in reaches_of(site.settings):
        visitor = await run_in_threadpool(visitor_of, site, view, session)
        turned = await run_in_threadpool(show, visitor, NOTHING_YET.but(to=to), At.TELL_ME)
        faults = (fault,) if fault else ()
        response = await shown(request, view, replace(turned, page=replace(turned.page, faults=faults)))
    else:
        await run_in_threadpool(_subscribe, site, session, to, view.language)
        done = Page(At.TELL_ME, view.plain("book_told_title"), lead=(view.plain("book_told_lead"),))
        response = await shown(request, view, Turned(done, NOTHING_YET))
    keep_session(request, response, session)
    return response


def visitor_of(site: Site, view: View, session: str | None) -> Visitor:
    """The person behind this browser, and what the flow may do for them here. No session, nobody yet."""
    office = site.front.office
    person = ""
    lines: tuple[str, ...] = ()
    if session is not None:
        with transaction(office.engine) as db:
            person = address_for(db, office.desk, CHANNEL, session, view.language).person_id
        asked = (one.text for one in transcript_of(site, session).turns if not one.officer)
        lines = tuple(dict.fromkeys(asked))[-MOST_LINES:]
    return Visitor(
        engine=office.engine,
        desk=office.desk,
        person_id=person,
        say=view.voice,
        hide=lambda text: office.assistant.hide(text).text,
        reaches=reaches_of(site.settings),
        lines=lines,
        route=route_of(site.pack),
        language=view.language,
    )


def _turn(site: Site, view: View, session: str, form: Form) -> Turned:
    visitor = visitor_of(site, view, session)
    try:
        answers, at = unpacked(form.get("so_far")), At(form.get("at"))
    except (SoFarError, ValueError):
        return _again(visitor)
    act = form.get("act")
    try:
        if act == "longer":
            return keep_longer(visitor, answers)
        if act in set(At):
            return show(visitor, _reopened(answers, At(act)), At(act))
        given = {name: form.all(name) for name in {name for name, _ in form.without(*OURS)}}
        return answer(visitor, answers, at, given, form.get("key")[:64])
    except LinkError:
        return _again(visitor)
    except BookingError as error:
        return clash(visitor, answers, error)


def _again(visitor: Visitor) -> Turned:
    """The first page, and why they are on it."""
    turned = show(visitor, NOTHING_YET, At.DATES)
    return replace(turned, page=replace(turned.page, notice=(visitor.say("booking_again"), *turned.page.notice)))


def _reopened(answers: Answers, at: At) -> Answers:
    """The answers with the one to be changed asked again; the rest, and the time that is kept, stay."""
    return answers.but(questions_asked=False) if at is At.QUESTIONS else answers


def _subscribe(site: Site, session: str, to: str, language: str) -> None:
    office = site.front.office
    with transaction(office.engine) as db:
        person = address_for(db, office.desk, CHANNEL, session, language).person_id
        subscribe(db, office.desk, person, Reach.EMAIL, to, language)


async def shown(request: Request, view: View, turned: Turned, filters: Filters | None = None) -> Response:
    """The page of the flow with its one form."""
    site, asked = site_of(request), turned.page
    left = minutes_left(turned.answers, site.desk.now())
    where: tuple[str, ...] = ()
    if filters is not None and asked.at is At.DATES:
        where = await run_in_threadpool(_areas, site)
    return page(
        request,
        "booking.html",
        status=409 if turned.taken else 422 if asked.faults else 200,
        view=view,
        title=asked.title,
        problems={fault.field: fault.text for fault in asked.faults},
        p=asked,
        so_far=packed(turned.answers),
        key=site.new_id(),
        kinds=Kind,
        target="/booking/tell-me" if asked.at is At.TELL_ME else "/booking",
        may_wait=left is not None and left < WARN_MINUTES,
        areas=where,
        filters=filters or Filters(),
        tell_me=view.to("/booking", at=At.TELL_ME.value) if asked.at is At.DATES else "",
    )


def _areas(site: Site) -> tuple[str, ...]:
    with reading(site.front.office.engine) as db:
        return areas(db, site.desk)


def moving_from(site: Site, token: str) -> Answers:
    """Answers with which somebody begins to change a booking. Raises `LinkError`."""
    with reading(site.front.office.engine) as db:
        found = find(db, site.desk, token)
    if not isinstance(found, Booked):
        raise LinkError
    return NOTHING_YET.but(moving=token, topic=found.visit.topic, needs=found.visit.needs)

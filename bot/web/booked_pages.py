"""What is behind a booking's link (ux.md B8, B9): look, add to a calendar, change, cancel, say yes. No account."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.booking.desk_side import show
from bot.booking.page import At
from bot.booking.results import booked_page, cancel_page, waiting_page
from bot.web.booking_pages import moving_from, visitor_of
from bot.web.booking_pages import shown as shown_page
from bot.web.cookies import keep_session, new_session, session_of
from bot.web.forms import read_form
from bot.web.layout import go_to, page
from bot.web.limiting import or_wait
from bot.web.site import Site, site_of
from bot.web.view import View, view_of
from handoff.bookings.booking import cancel
from handoff.bookings.calendar_entry import calendar_entry
from handoff.bookings.claim import claim
from handoff.bookings.coming import asks_if_coming, say_coming
from handoff.bookings.errors import BookingError, LinkError
from handoff.bookings.found import Booked, Waiting, find
from handoff.bookings.letters import link_of
from handoff.bookings.sweep import sweep
from handoff.bookings.waiting import accept, leave
from handoff.database import reading
from handoff.models import BookingState

router = APIRouter(include_in_schema=False)
Found = Booked | Waiting


@router.get("/booking/{token}")
async def look(request: Request, token: str, done: str = "") -> Response:
    """The booking or the place on the list, as it is now."""
    found = await run_in_threadpool(_found, site_of(request), token)
    return _page(request, view_of(request), found, fresh=done == "yes")


@router.get("/booking/{token}/calendar.ics")
async def calendar(request: Request, token: str) -> Response:
    """The booking for the family's own calendar; cancelled, it takes itself out."""
    site = site_of(request)
    found = await run_in_threadpool(_found, site, token)
    if isinstance(found, Waiting):
        raise HTTPException(404)
    offer = site.pack.contacts.get("local_offer")
    made = calendar_entry(
        site.desk, found, site=site.settings.address.rstrip("/"), organizer=(offer.email if offer else None) or ""
    )
    named = {"Content-Disposition": 'attachment; filename="appointment.ics"', "Cache-Control": "no-store"}
    return Response(made, media_type="text/calendar; charset=utf-8", headers=named)


@router.get("/booking/{token}/change")
async def change(request: Request, token: str) -> Response:
    """Choose another time: the same pages, with nothing to answer again."""
    site, view, session = site_of(request), view_of(request), session_of(request) or new_session()
    try:
        answers = await run_in_threadpool(moving_from, site, token)
    except LinkError:
        raise HTTPException(404) from None
    visitor = await run_in_threadpool(visitor_of, site, view, session)
    turned = await run_in_threadpool(show, visitor, answers, At.DATES)
    response = await shown_page(request, view_of(request, None, session), turned)
    keep_session(request, response, session)
    return response


@router.get("/booking/{token}/cancel")
async def ask_cancel(request: Request, token: str) -> Response:
    """Asked once more before the place goes."""
    found = await run_in_threadpool(_found, site_of(request), token)
    view = view_of(request)
    if isinstance(found, Waiting) or not found.is_open:
        return go_to(view.to(link_of(token)))
    shown, now = cancel_page(view.voice, found), site_of(request).desk.now()
    return page(
        request, "booked.html", view=view, title=shown.title, p=shown, links={}, presses=_presses(found, shown.at, now)
    )


@router.post("/booking/{token}/cancel")
async def do_cancel(request: Request, token: str) -> Response:
    """Give the place back at once."""
    return await _act(request, token, lambda db, site, key: cancel(db, site.desk, token, key=key))


@router.post("/booking/{token}/coming")
async def do_come(request: Request, token: str) -> Response:
    """They are coming: the team sees it at the door."""
    return await _act(request, token, lambda db, site, _key: say_coming(db, site.desk, token))


@router.post("/booking/{token}/yes")
async def do_accept(request: Request, token: str) -> Response:
    """Take the offered place."""
    return await _act(request, token, lambda db, site, key: accept(db, site.desk, token, key=key))


@router.post("/booking/{token}/leave")
async def do_leave(request: Request, token: str) -> Response:
    """Off the waiting list; what was offered goes to the next person."""
    return await _act(request, token, lambda db, site, key: leave(db, site.desk, token, key=key))


async def _act(request: Request, token: str, act: Callable[[Session, Site, str], Found]) -> Response:
    """Do it once for this press, and show what came of it; what could not be done is said on the same page."""
    form = await read_form(request)
    await or_wait(request, "", session_of(request))
    site, view = site_of(request), view_of(request, form.get("lang"))
    key = form.get("key")[:64] or site.new_id()
    try:
        await run_in_threadpool(claim, site.front.office.engine, lambda db: act(db, site, key))
    except LinkError:
        raise HTTPException(404) from None
    except BookingError as error:
        found = await run_in_threadpool(_found, site, token)
        return _page(request, view, found, said=view.plain(error.key, **error.values), status=409)
    return go_to(view.to(link_of(token), done="yes"))


def _found(site: Site, token: str) -> Found:
    office = site.front.office
    sweep(office.engine, office.desk)
    try:
        with reading(office.engine) as db:
            return find(db, office.desk, token)
    except LinkError:
        raise HTTPException(404) from None


def _page(
    request: Request, view: View, found: Found, *, fresh: bool = False, said: str = "", status: int = 200
) -> Response:
    now = site_of(request).desk.now()
    if isinstance(found, Waiting):
        shown = waiting_page(view.voice, found, now)
    else:
        shown = booked_page(view.voice, found, fresh=fresh)
    response = page(
        request,
        "booked.html",
        view=view,
        status=status,
        title=shown.title,
        p=shown,
        said=said,
        here=f"{site_of(request).settings.address.rstrip('/')}{link_of(found.token)}",
        links=_links(view, found),
        presses=_presses(found, shown.at, now),
        key=site_of(request).new_id(),
    )
    # The link is the key to this page: nothing keeps a copy, and no other site learns of it. Our own must: without
    # any referrer a browser says of this page's own forms that they come from nowhere, and they are refused.
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _links(view: View, found: Found) -> dict[str, str]:
    """What can be looked at from here: the phrase of each, and its address."""
    base = link_of(found.token)
    if isinstance(found, Waiting):
        return {}
    if found.is_open:
        return {
            "book_calendar": view.to(f"{base}/calendar.ics"),
            "book_change_time": view.to(f"{base}/change"),
            "book_cancel": view.to(f"{base}/cancel"),
        }
    if found.booking.state in (BookingState.CANCELLED, BookingState.WITHDRAWN):
        calendar = {"book_calendar_remove": view.to(f"{base}/calendar.ics")}
        anew = f"{base}/change" if found.booking.state is BookingState.WITHDRAWN else "/booking"
        return {"book_again": view.to(anew), **calendar}
    return {}


def _presses(found: Found, at: At, now: datetime) -> dict[str, str]:
    """What can be done from here with one press: the phrase of each button, and where it goes."""
    base = link_of(found.token)
    if at is At.CANCEL:
        return {"book_cancel_yes": f"{base}/cancel"}
    if isinstance(found, Booked):
        return {"book_coming": f"{base}/coming"} if asks_if_coming(found.booking, now) else {}
    if found.until is not None:
        return {"book_offer_yes": f"{base}/yes", "book_offer_no": f"{base}/leave"}
    return {"book_leave_list": f"{base}/leave"} if found.entry.state == "waiting" else {}

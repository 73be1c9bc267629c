"""How a school comes in: a link by email, a press of a button, and out again. Nothing tells who may come in."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.web.cookies import cookie_name, keep_other
from bot.web.forms import read_form
from bot.web.layout import go_to, message_page, page
from bot.web.limiting import WaitError, or_wait
from bot.web.site import Site, site_of
from bot.web.view import view_of
from handoff.database import reading, transaction
from handoff.models import SchoolAccess
from handoff.schools import SIGNED_IN_FOR, SchoolError, enter, leave, school_of, send_link

router = APIRouter(include_in_schema=False)
COOKIE = "askwell-school"


@router.get("/schools")
async def sign_in(request: Request) -> Response:
    """Ask for a sign-in link with the school's own email."""
    return page(request, "senco/sign_in.html", title="school_title")


@router.post("/schools")
async def ask_for_link(request: Request) -> Response:
    """Send a link if this address may come in; say the same whether or not it may."""
    form = await read_form(request)
    try:
        await or_wait(request, "", None)
    except WaitError as error:
        wait = {"email": view_of(request).plain("wait_body", seconds=error.seconds)}
        return page(request, "senco/sign_in.html", status=429, title="school_title", problems=wait)
    await run_in_threadpool(_send, site_of(request), form.get("email")[:254])
    return message_page(request, "school_sent", status=200)


@router.get("/schools/enter/{token}")
async def open_link(request: Request, token: str) -> Response:
    """A button, so that a mail scanner that opens the link does not use it up."""
    return page(request, "senco/enter.html", title="school_enter_title", link=token[:64])


@router.post("/schools/enter/{token}")
async def use_link(request: Request, token: str) -> Response:
    """Sign this browser in."""
    form = await read_form(request)
    try:
        cookie = await run_in_threadpool(_enter, site_of(request), token[:64])
    except SchoolError:
        return message_page(request, "school_link_over", status=422)
    response = go_to(view_of(request, form.get("lang")).to("/directory"))
    keep_other(request, response, COOKIE, cookie, int(SIGNED_IN_FOR.total_seconds()))
    return response


@router.post("/schools/leave")
async def sign_out(request: Request) -> Response:
    """Sign this browser out."""
    form = await read_form(request)
    await run_in_threadpool(_leave, site_of(request), _cookie(request))
    response = go_to(view_of(request, form.get("lang")).to("/schools"))
    keep_other(request, response, COOKIE, "", 0)
    return response


async def signed_in(request: Request) -> SchoolAccess | None:
    """The school that is signed in with this browser."""
    return await run_in_threadpool(_school, site_of(request), _cookie(request))


def _cookie(request: Request) -> str:
    return request.cookies.get(cookie_name(request, COOKIE), "")[:100]


def _school(site: Site, cookie: str) -> SchoolAccess | None:
    if not cookie:
        return None
    with reading(site.front.office.engine) as session:
        return school_of(session, site.desk, cookie)


def _send(site: Site, email: str) -> None:
    with transaction(site.front.office.engine) as session:
        send_link(session, site.desk, email=email, link_to=f"{site.settings.address.rstrip('/')}/schools/enter/")


def _enter(site: Site, token: str) -> str:
    with transaction(site.front.office.engine) as session:
        return enter(session, site.desk, token)


def _leave(site: Site, cookie: str) -> None:
    with transaction(site.front.office.engine) as session:
        leave(session, site.desk, cookie)

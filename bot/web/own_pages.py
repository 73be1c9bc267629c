"""The menu and what a person may do with their own conversation (ux.md W11): start again, leave quickly, come back."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.web.cookies import drop_session, mark_left, session_of, unmark_left
from bot.web.forms import read_form
from bot.web.layout import go_to, page
from bot.web.site import Site, site_of
from bot.web.transcript import CHANNEL
from bot.web.view import view_of
from handoff.conversations import start_again
from handoff.database import transaction
from handoff.people import known_address

router = APIRouter(include_in_schema=False)


@router.get("/menu")
async def menu(request: Request) -> Response:
    """What else there is."""
    return page(request, "menu.html", title="menu_title", days=site_of(request).desk.rules["conversation"].days)


@router.post("/start-again")
async def again(request: Request) -> Response:
    """An empty page and a new conversation. What was said before stays where the person can see and delete it."""
    form = await read_form(request)
    session = session_of(request)
    if session is not None:
        await run_in_threadpool(_start_again, site_of(request), session)
    return go_to(view_of(request, form.get("lang")).to("/"))


@router.post("/leave")
async def leave(request: Request) -> Response:
    """To a neutral page at once; the browser forgets the conversation, and Back shows nothing of it (F22)."""
    await read_form(request)
    response = go_to(site_of(request).settings.exit_to)
    drop_session(request, response)
    mark_left(request, response)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@router.post("/come-back")
async def come_back(request: Request) -> Response:
    """Show again what was hidden when the person left."""
    form = await read_form(request)
    response = go_to(view_of(request, form.get("lang")).to("/"))
    unmark_left(request, response)
    return response


def _start_again(site: Site, session: str) -> None:
    with transaction(site.front.office.engine) as db:
        address = known_address(db, site.desk, CHANNEL, session)
        if address is not None:
            start_again(db, site.desk, address)

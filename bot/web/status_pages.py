"""A request's own page (ux.md W8 and W9), found by the token in its path: no sign-in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fastapi import APIRouter
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.messages import LONGEST, Arrived, Incoming
from bot.web.ask_pages import help_first, message_left
from bot.web.cookies import has_left
from bot.web.events import stream_for
from bot.web.forms import read_form, session_for
from bot.web.layout import go_to, page
from bot.web.limiting import or_wait
from bot.web.site import Site, site_of
from bot.web.transcript import CHANNEL
from bot.web.view import View, view_of
from handoff.cases import NotNowError, add, close_by_token, status_of
from handoff.cases.status import FamilyView, case_by_token
from handoff.database import reading, transaction
from handoff.receipts import KeyReusedError

router = APIRouter(include_in_schema=False)
Result = TypeVar("Result")


@router.get("/status/{token}")
async def status(request: Request, token: str, sent: str = "") -> Response:
    """What the family may see of its request."""
    if has_left(request):
        return message_left(request)
    shown = await run_in_threadpool(_view, site_of(request), token)
    return _page(request, view_of(request), token, shown, sent=sent == "yes")


@router.get("/status/{token}/events")
async def news(request: Request, token: str) -> Response:
    """News of this request as server-sent events."""
    site = site_of(request)
    conversation = await run_in_threadpool(_conversation, site, token)
    return stream_for(site, conversation)


@router.post("/status/{token}/add")
async def add_more(request: Request, token: str) -> Response:
    """Something more for the officer."""
    form = await read_form(request)
    site, view = site_of(request), view_of(request, form.get("lang"))
    text = form.get("more")
    wrong = "person_no_message" if not text.strip() else "person_long" if len(text) > LONGEST else ""
    if wrong:
        shown = await run_in_threadpool(_view, site, token)
        return _page(request, view, token, shown, draft=text, problem=view.plain(wrong, limit=f"{LONGEST:,}"))
    await or_wait(request, text, token, "handover")
    # As typed: it is for the officer of this request, to whom "[name]" would say nothing.
    try:
        heard = await run_in_threadpool(
            _written, site, lambda db: add(db, site.desk, token, text, form.get("message_id")[:64])
        )
    except (KeyReusedError, NotNowError):
        heard = None
    if heard is None:
        raise HTTPException(404)
    if await run_in_threadpool(site.front.office.assistant.urgency, text):
        # The officer may not look before tomorrow: help is said now, and the children's team is told as well.
        arrived = Arrived(CHANNEL, session_for(request, form), form.get("message_id")[:64], Incoming(text))
        return await help_first(request, view, arrived)
    return go_to(view.to(f"/status/{token}#messages"))


@router.post("/status/{token}/close")
async def close(request: Request, token: str) -> Response:
    """The family is done."""
    form = await read_form(request)
    site = site_of(request)
    try:
        closed = await run_in_threadpool(_written, site, lambda db: close_by_token(db, site.desk, token))
    except NotNowError:
        closed = None
    if closed is None:
        raise HTTPException(404)
    return go_to(view_of(request, form.get("lang")).to(f"/status/{token}"))


def _page(
    request: Request,
    view: View,
    token: str,
    shown: FamilyView,
    *,
    sent: bool = False,
    draft: str = "",
    problem: str = "",
) -> Response:
    return page(
        request,
        "status.html",
        status=422 if problem else 200,
        view=view,
        title="status_title",
        case=shown,
        token=token,
        path=f"/status/{token}",
        sent=sent,
        draft=draft,
        longest=LONGEST,
        day=view.day(shown.reply_by) if shown.reply_by else "",
        opened=view.moment(shown.opened_at),
        problems={"more": problem} if problem else {},
    )


def _view(site: Site, token: str) -> FamilyView:
    with reading(site.front.office.engine) as db:
        shown = status_of(db, site.desk, token)
    if shown is None:
        raise HTTPException(404)
    return shown


def _conversation(site: Site, token: str) -> str:
    with reading(site.front.office.engine) as db:
        case = case_by_token(db, site.desk, token)
    if case is None:
        raise HTTPException(404)
    return case.conversation_id


def _written(site: Site, act: Callable[[Session], Result]) -> Result:
    with transaction(site.front.office.engine) as db:
        return act(db)

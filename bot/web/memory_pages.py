"""What is remembered about a browser's person, a copy of it, and forgetting it (ux.md W11, features.md F16)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.web.cookies import drop_session, keep_session, session_of
from bot.web.forms import read_form, session_for
from bot.web.layout import go_to, message_page, page
from bot.web.site import Site, site_of
from bot.web.transcript import CHANNEL, Transcript, transcript_of
from bot.web.view import view_of
from handoff.cases.naming import status_path
from handoff.database import reading, transaction
from handoff.erasure import ErasureReceipt, UnknownPersonError, forget
from handoff.export import NobodyError, as_file, export_person
from handoff.models import Case
from handoff.people import JoinError, address_for, join

router = APIRouter(include_in_schema=False)
# Where a link that joins a device may lead, and nowhere else.
MAY_FOLLOW = frozenset({"/", "/my-data", "/memory", "/person", "/booking", "/dates"})
_CODES = re.compile(r"[a-z_]{1,20}=[a-z0-9_]{1,64}")


@dataclass(frozen=True)
class MyRequest:
    """A request to a person, and where its page is."""

    reference: str
    path: str
    opened_at: datetime


@router.get("/memory")
async def memory(request: Request) -> Response:
    """Everything this browser could show again, until when it is kept, and the way to delete it."""
    site, view = site_of(request), view_of(request)
    transcript = await run_in_threadpool(transcript_of, site, session_of(request))
    requests = await run_in_threadpool(_requests, site, transcript)
    days = timedelta(days=site.desk.rules["conversation"].days)
    until = transcript.turns[-1].at + days if transcript.turns else None
    return page(
        request,
        "memory.html",
        view=view,
        title="memory_title",
        turns=transcript.turns,
        known=transcript.person_id is not None,
        requests=requests,
        until=view.day(until) if until else "",
    )


@router.get("/my-data")
async def my_data(request: Request) -> Response:
    """The address the chat names for what is remembered."""
    return RedirectResponse(view_of(request).to("/memory"), status_code=307)


@router.get("/my-data.json")
async def my_copy(request: Request) -> Response:
    """A copy of everything held about the person, as JSON to save."""
    site = site_of(request)
    transcript = await run_in_threadpool(transcript_of, site, session_of(request))
    copy = await run_in_threadpool(_copy, site, transcript.person_id)
    if copy is None:
        return message_page(request, "not_here", status=404)
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"'}
    return Response(copy, media_type="application/json", headers=headers)


@router.get("/forget")
async def forget_page(request: Request) -> Response:
    """What forgetting does, before it is done."""
    return page(request, "forget.html", title="forget_title")


@router.post("/forget")
async def forget_now(request: Request) -> Response:
    """Erase the person of this browser, and say under which number that was done."""
    form = await read_form(request)
    site, view = site_of(request), view_of(request, form.get("lang"))
    transcript = await run_in_threadpool(transcript_of, site, session_of(request))
    receipt = await run_in_threadpool(_forget, site, transcript.person_id)
    if receipt is None:
        return go_to(view.to("/memory"))
    kept = ", ".join(one.reference for one in receipt.kept if one.reference)
    shown = page(request, "forgotten.html", view=view, title="forgotten_title", receipt=receipt, kept=kept)
    if receipt.done:
        drop_session(request, shown)
        shown.headers["Clear-Site-Data"] = '"storage"'
    return shown


@router.get("/join/{token}")
async def join_page(request: Request, token: str, next: str = "/") -> Response:
    """A link from another door: pressing the button joins this browser to the same person."""
    return page(request, "join.html", title="join_title", token=token, next=may_follow(next))


@router.post("/join/{token}")
async def join_now(request: Request, token: str) -> Response:
    """Join this browser, once."""
    form = await read_form(request)
    site, view = site_of(request), view_of(request, form.get("lang"))
    session = session_for(request, form)
    try:
        await run_in_threadpool(_join, site, token, session)
    except JoinError:
        return message_page(request, "join_used", status=410, view=view)
    path, _, codes = may_follow(form.get("next")).partition("?")
    response = go_to(view.to(path, **dict(code.split("=") for code in codes.split("&") if code)))
    keep_session(request, response, session)
    return response


def may_follow(path: str) -> str:
    """`path` when a link that joins a device may lead there, with codes and no words in its query; or the beginning."""
    before, _, query = path.partition("?")
    codes = query.split("&") if query else []
    return path if before in MAY_FOLLOW and all(_CODES.fullmatch(code) for code in codes) else "/"


def _requests(site: Site, transcript: Transcript) -> list[MyRequest]:
    if transcript.person_id is None:
        return []
    mine = select(Case).where(Case.pack == site.desk.pack, Case.person_id == transcript.person_id)
    with reading(site.front.office.engine) as db:
        found = db.exec(mine.order_by(col(Case.opened_at))).all()
    return [MyRequest(case.reference, status_path(site.desk, case.id), case.opened_at) for case in found]


def _copy(site: Site, person_id: str | None) -> str | None:
    if person_id is None:
        return None
    with reading(site.front.office.engine) as db:
        try:
            return as_file(export_person(db, site.desk, person_id))
        except NobodyError:
            return None


def _forget(site: Site, person_id: str | None) -> ErasureReceipt | None:
    if person_id is None:
        return None
    try:
        return forget(site.front.office.engine, site.desk, person_id)
    except UnknownPersonError:
        return None


def _join(site: Site, token: str, session: str) -> None:
    with transaction(site.front.office.engine) as db:
        join(db, site.desk, token, address_for(db, site.desk, CHANNEL, session))

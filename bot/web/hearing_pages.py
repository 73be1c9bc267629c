"""Asking to hear when a question that found no answer has one: one press under it, told of once (features.md F12)."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.web.cookies import session_of
from bot.web.forms import read_form
from bot.web.layout import go_to
from bot.web.limiting import or_wait
from bot.web.site import Site, site_of
from bot.web.transcript import transcript_of
from bot.web.view import view_of
from handoff.database import transaction
from handoff.gaps import ask_to_hear

router = APIRouter(include_in_schema=False)


@router.post("/hear")
async def hear(request: Request) -> Response:
    """Remember that this browser's person wants to hear, and show the answer again. Only their own questions count."""
    form = await read_form(request)
    site, session = site_of(request), session_of(request)
    transcript = await run_in_threadpool(transcript_of, site, session)
    turn = next((one for one in transcript.turns if one.message_id and one.message_id == form.get("answer")), None)
    if turn is None or session is None or transcript.person_id is None:
        raise HTTPException(404)
    await or_wait(request, "", session, "feedback")
    await run_in_threadpool(_kept, site, transcript.person_id, turn.message_id)
    return go_to(view_of(request, form.get("lang")).to(f"/#a{turn.number}"))


def _kept(site: Site, person_id: str, message_id: str) -> None:
    with transaction(site.front.office.engine) as db:
        ask_to_hear(db, site.desk, person_id, message_id)

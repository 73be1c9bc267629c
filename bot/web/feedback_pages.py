"""Whether an answer helped, said under it with one press and perhaps one choice more (ux.md W5)."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.door import BadInputError
from bot.web.cookies import session_of
from bot.web.forms import read_form
from bot.web.layout import go_to
from bot.web.limiting import or_wait
from bot.web.site import Site, site_of
from bot.web.transcript import CHANNEL, Turn, transcript_of
from bot.web.view import view_of
from handoff.database import transaction
from handoff.feedback import say_if_it_helped
from handoff.models import Helped, Lacking

router = APIRouter(include_in_schema=False)
Word = TypeVar("Word", bound=StrEnum)


@router.post("/feedback")
async def feedback(request: Request) -> Response:
    """Keep what was pressed, and show the answer again. Only who was given an answer says whether it helped."""
    form = await read_form(request)
    site, session = site_of(request), session_of(request)
    helped = _one_of(Helped, form.get("helped"))
    lacking = _one_of(Lacking, form.get("lacking", Lacking.NOT_SAID))
    transcript = await run_in_threadpool(transcript_of, site, session)
    turn = next((one for one in transcript.turns if one.message_id and one.message_id == form.get("answer")), None)
    if turn is None or session is None:
        raise HTTPException(404)
    await or_wait(request, "", session, "feedback")
    await run_in_threadpool(_kept, site, turn, helped, lacking)
    return go_to(view_of(request, form.get("lang")).to(f"/#a{turn.number}"))


def _kept(site: Site, turn: Turn, helped: Helped, lacking: Lacking) -> None:
    with transaction(site.front.office.engine) as db:
        say_if_it_helped(db, site.desk, CHANNEL, turn.message_id, helped, lacking)


def _one_of(family: type[Word], word: str) -> Word:
    try:
        return family(word)
    except ValueError as error:
        raise BadInputError("this is none of the answers offered") from error

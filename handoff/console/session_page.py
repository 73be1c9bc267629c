"""How long the officer is still signed in, for the warning before the end; and a press that only says "I am here".

Asking keeps nobody signed in. The answer carries the form's token, so that a page on which somebody was signed out can
still be sent once the same officer has signed in again in another tab.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import JSONResponse, Response

from handoff.console import cookies
from handoff.console.fence import ConsoleRoute
from handoff.console.live_page import looker
from handoff.console.shown import clock
from handoff.console.visitor import Press, Visitor
from handoff.sessions import LONGEST

router = APIRouter(route_class=ConsoleRoute)


@router.get("/officers/session.json")
def session(here: Annotated[Visitor, Depends(looker)]) -> Response:
    """Who is signed in, and for how many seconds yet if nothing is pressed."""
    return _standing(here, here.signed.quiet_until)


@router.post("/officers/stay")
def stay(here: Press) -> Response:
    """The officer is still here: being let in was the press."""
    return _standing(here, here.signed.ends_at)


def _standing(here: Visitor, ends_at: datetime) -> Response:
    left = (ends_at - here.office.desk.now()).total_seconds()
    return JSONResponse(
        {
            "left": max(0, int(left)),
            "until": clock(ends_at),
            "who": here.acting.officer_id,
            "token": cookies.form_token(here.token),
            # After ten hours no press helps any more.
            "more": here.signed.since + LONGEST > ends_at,
        }
    )

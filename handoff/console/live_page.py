"""Live numbers for the pages that show them. The pages are whole without: a script asks here every 20 seconds.

Asking does not keep anybody signed in: only pressing does.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlmodel import Session, col, func, select
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from handoff.console import cookies
from handoff.console.fence import ConsoleRoute, ElsewhereError
from handoff.console.listing import Filter, counted
from handoff.console.visitor import SIGN_IN, AtOffice, Visitor
from handoff.database import reading
from handoff.models import AuditEntry
from handoff.sessions import signed_in

router = APIRouter(route_class=ConsoleRoute)
NUMBERS = {
    "late": Filter(due="late"),
    "today": Filter(due="today"),
    "mine": Filter(owner="me"),
    "nobody": Filter(owner="nobody"),
}


def looker(request: Request, office: AtOffice) -> Visitor:
    """Who looks, without counting as a press. Raises `ElsewhereError` when nobody is signed in."""
    token = cookies.brought(request, cookies.SESSION)
    with reading(office.engine) as session:
        found = signed_in(session, office.desk, token)
    if found is None:
        raise ElsewhereError(f"{SIGN_IN}?next=%2Fofficers")
    return Visitor(request, office, found, token)


@router.get("/officers/live.json")
def live(here: Annotated[Visitor, Depends(looker)]) -> Response:
    """The numbers now, how many cases there are in one's queues, and a serial that only goes up."""
    with reading(here.office.engine) as session:
        return JSONResponse(snapshot(session, here))


def snapshot(session: Session, here: Visitor) -> dict[str, object]:
    """What a page shows, all of one moment. Every change of a case writes an audit entry, whose number is the serial;
    what only time changes goes by the clock.
    """
    desk, acting = here.office.desk, here.acting
    last = session.exec(select(func.max(col(AuditEntry.number))).where(AuditEntry.pack == desk.pack)).one()
    return {
        "serial": [last or 0, int(desk.now().timestamp() * 1000)],
        "numbers": {name: counted(session, desk, acting, wanted) for name, wanted in NUMBERS.items()},
        "opened": counted(session, desk, acting, Filter(status="all")),
    }

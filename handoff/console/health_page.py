"""How healthy the Local Offer is: what the law wants, stale pages, hard words, acronyms, pages that do not answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from handoff.console.csv_cells import csv_of
from handoff.console.fence import ConsoleRoute
from handoff.console.librarian import library_of, today_of
from handoff.console.visitor import Here, Visitor
from handoff.database import reading
from handoff.documents import watches
from knowledge.local_offer import HEAD, STATES, Line, checklist, health

router = APIRouter(route_class=ConsoleRoute)


@router.get("/officers/health")
def report(here: Here) -> Response:
    """The report of `askwell sources health`, a table for each part."""
    lines = _lines(here)
    parts = {part: [one for one in lines if one.part == part] for part in dict.fromkeys(one.part for one in lines)}
    counts = [(said, sum(one.state == state for one in lines)) for state, said in STATES.items()]
    return here.page(
        "health.html", here="Knowledge", parts=parts, counts=counts, states=STATES, seen=checklist()["seen"]
    )


@router.get("/officers/health.csv")
def as_csv(here: Here) -> Response:
    """The same as a file."""
    rows = [
        (one.part, one.what, STATES[one.state], one.said, "; ".join(filter(None, one.where))) for one in _lines(here)
    ]
    headers = {"Content-Disposition": f'attachment; filename="{here.office.desk.pack}-health.csv"'}
    return Response(csv_of([HEAD, *rows]), media_type="text/csv; charset=utf-8", headers=headers)


def _lines(here: Visitor) -> list[Line]:
    with reading(here.office.engine) as session:
        seen = watches(session, here.office.desk).values()
    # What the last round found: nothing is asked for while a page is being made.
    return health(
        library_of(here).pack(), today_of(here), {row.url: row.fault for row in seen if row.url and row.fault}
    )

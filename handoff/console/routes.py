"""The console as one router, made for one office. The web application includes it; every address is under /officers."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from handoff.console import (
    acts,
    audit_page,
    bookings,
    case_page,
    conflicts_page,
    documents_page,
    door,
    files_page,
    found_page,
    gaps_page,
    health_page,
    knowledge_page,
    letters_page,
    live_page,
    many,
    planning,
    queues,
    reports_page,
    session_page,
    settings_page,
    signing,
    texts_page,
    upload_page,
    writing,
)
from handoff.console.fence import ConsoleRoute
from handoff.console.ports import Office
from handoff.console.visitor import Here

SURGERIES, KNOWLEDGE = (planning, bookings, door), (knowledge_page, texts_page, gaps_page, conflicts_page)
OFFICE = (reports_page, letters_page, settings_page, files_page, audit_page)
DOCUMENTS = (upload_page, documents_page, found_page, health_page)
_rest = APIRouter(route_class=ConsoleRoute)


@_rest.get("/officers/{rest:path}")
def nothing_here(here: Here, rest: str) -> Response:
    """Any other address: not found, in the console's own words and only for officers."""
    raise HTTPException(404)


def console(office: Office) -> APIRouter:
    """Every page of the console, for this office."""

    def bring(request: Request) -> None:
        request.state.office = office

    router = APIRouter(dependencies=[Depends(bring)], include_in_schema=False)
    # The last answers whatever the others do not.
    screens = (
        signing,
        session_page,
        live_page,
        queues,
        many,
        case_page,
        acts,
        writing,
        *SURGERIES,
        *KNOWLEDGE,
        *DOCUMENTS,
        *OFFICE,
    )
    for pages in (*(screen.router for screen in screens), _rest):
        router.include_router(pages)
    return router

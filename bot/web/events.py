"""News to a page that is open: that there is something new, never what. The page then fetches it with its session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.web.arrivals import TooManyError
from bot.web.cookies import session_of
from bot.web.site import Site, site_of
from bot.web.transcript import conversation_id_of

router = APIRouter(include_in_schema=False)
KEEP_ALIVE_SECONDS = 20.0


@router.get("/events")
async def events(request: Request) -> Response:
    """A stream of server-sent events for this browser's conversation; 204 when it has none to wait for."""
    site, session = site_of(request), session_of(request)
    conversation_id = await site.lanes.opening(lambda: conversation_id_of(site, session))
    if conversation_id is None:
        return Response(status_code=204)
    return stream_for(site, conversation_id)


def stream_for(site: Site, conversation_id: str) -> Response:
    """The stream, or 503 with the time after which to try again when too many are open."""
    if site.arrivals.open >= site.arrivals.most_open:
        return Response(status_code=503, headers={"Retry-After": "30"})
    body = _news(site, conversation_id)
    return StreamingResponse(body, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _news(site: Site, conversation_id: str) -> AsyncIterator[bytes]:
    yield b"retry: 5000\n\n"
    try:
        async with site.arrivals.listen(conversation_id) as woken:
            while True:
                try:
                    await asyncio.wait_for(woken.wait(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield b": here\n\n"
                    continue
                woken.clear()
                yield b"event: reply\ndata: new\n\n"
    except TooManyError:
        yield b"event: full\ndata: later\n\n"

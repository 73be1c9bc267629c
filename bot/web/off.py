"""The pages while the council has switched the web door off: whom to ring in danger, and how to reach a person.

Officers' pages, and what watches the service, stay. Nothing else is reached, so nothing is kept either.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.messages import Paragraph
from bot.steps.urgent import help_now
from bot.web.layout import page
from bot.web.security import wants_page
from bot.web.site import site_of
from bot.web.view import view_of
from handoff.switches import Part, Switchboard

STAYS = ("/officers", "/static", "/healthz", "/readyz", "/metrics", "/widget.js", "/leave", "/come-back", "/telegram")
AGAIN_SECONDS = 300


class WebOff:
    """The middleware. `switches` says whether the web door is switched off now."""

    def __init__(self, app: ASGIApp, switches: Switchboard) -> None:
        self.app = app
        self.switches = switches

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what stays, and everything while the door is open."""
        if scope["type"] != "http" or stays(scope["path"]) or not await self.switches.off_on_loop(Part.WEB):
            return await self.app(scope, receive, send)
        return await closed(Request(scope, receive))(scope, receive, send)


def stays(path: str) -> bool:
    """Whether this address is reached also while the web door is off."""
    return any(path == kept or path.startswith(f"{kept}/") for kept in STAYS)


def closed(request: Request) -> Response:
    """The page, or the same as JSON for a program."""
    view = view_of(request)
    pack = site_of(request).pack
    reply = help_now(pack, "immediate_danger", view.language)
    person = pack.contacts["local_offer"]
    headers = {"Retry-After": str(AGAIN_SECONDS)}
    if not wants_page(request):
        lines = [paragraph.text for paragraph in reply.body]
        fault = {"error": view.plain("off_body"), "person": f"{person.name}: {person.says('contact')}"}
        return JSONResponse({**fault, "danger": [reply.heading, *lines]}, 503, headers)
    shown = page(
        request,
        "off.html",
        status=503,
        view=view,
        title="off_title",
        help=reply,
        items=_items(reply.body),
        person=person,
    )
    shown.headers["Retry-After"] = headers["Retry-After"]
    return shown


def _items(body: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
    return tuple(paragraph for paragraph in body if paragraph.is_item)

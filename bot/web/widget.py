"""The launcher that a council's editor pastes as one line, and a page that shows it (ux.md W0 and W1)."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.web.layout import page
from bot.web.static import served

router = APIRouter(include_in_schema=False)
AN_HOUR = "public, max-age=3600"


@router.get("/widget.js")
async def widget(request: Request) -> Response:
    """The launcher. It sets no cookie and fetches nothing until it is opened."""
    return served(request, "widget.js", AN_HOUR)


@router.get("/demo")
async def demo(request: Request) -> Response:
    """A council's page with the launcher on it."""
    return page(request, "demo.html", title="demo_title", origin=str(request.base_url).rstrip("/"))

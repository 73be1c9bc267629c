"""Pages from templates, and the pages that say what went wrong."""

from __future__ import annotations

from pathlib import Path

from fastapi.templating import Jinja2Templates
from jinja2 import StrictUndefined
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.web.view import View, to_ring, unbroken, view_of

TEMPLATES = Jinja2Templates(directory=Path(__file__).parent / "templates")
TEMPLATES.env.filters["unbroken"] = unbroken
TEMPLATES.env.filters["to_ring"] = to_ring
TEMPLATES.env.undefined = StrictUndefined
TEMPLATES.env.trim_blocks = True
TEMPLATES.env.lstrip_blocks = True


def page(
    request: Request, name: str, *, status: int = 200, view: View | None = None, title: str = "", **values: object
) -> Response:
    """The page `name`. `problems`, by field, go into the summary at its top."""
    shown = {"v": view or view_of(request), "title": title, "problems": {}, **values}
    return TEMPLATES.TemplateResponse(request, name, shown, status_code=status)


def message_page(
    request: Request, what: str, *, status: int, view: View | None = None, retry_after: int = 0, **values: object
) -> Response:
    """A page of a heading and a few words: the phrases `<what>_title` and `<what>_body`.

    `back` is a link to return by.
    """
    back = {"back": values.pop("back")} if "back" in values else {}
    shown = page(
        request, "message.html", status=status, view=view, title=f"{what}_title", what=what, values=values, **back
    )
    if retry_after:
        shown.headers["Retry-After"] = str(retry_after)
    return shown


def go_to(address: str) -> Response:
    """After a form was acted on, the page that shows what came of it."""
    return RedirectResponse(address, status_code=303)

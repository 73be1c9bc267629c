"""Around every page of the console: who may post to it, what its answers may do in a browser, how faults look."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlsplit

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from handoff.console.shown import fault_page
from knowledge.sources.containers import MOST_BYTES

LARGEST_FORM = 64 * 1024
# The one page that takes a whole file, and only from whoever is signed in to it.
UPLOAD = "/officers/documents/upload"
LARGEST_UPLOAD = MOST_BYTES + LARGEST_FORM
HEADERS = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class ElsewhereError(Exception):
    """The answer is another page. Raised by a page that the visitor may not have before something else is done."""

    def __init__(self, to: str) -> None:
        super().__init__(to)
        self.to = to


class PageError(Exception):
    """The answer is this page instead."""

    def __init__(self, page: Response) -> None:
        super().__init__(page.status_code)
        self.page = page


class ConsoleRoute(APIRoute):
    """A route behind the fence."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The page's own handler, with the fence around it."""
        inner = super().get_route_handler()

        async def fenced(request: Request) -> Response:
            if not hasattr(request.state, "nonce"):
                request.state.nonce = secrets.token_urlsafe(16)
            response = _turned_away(request) or await _answer(request, inner)
            ours = getattr(request.state, "scripts", False)
            response.headers["Content-Security-Policy"] = policy(request.state.nonce, scripts=ours)
            response.headers.update(HEADERS)
            return response

        return fenced


def policy(nonce: str, *, scripts: bool = False) -> str:
    """No frame and nothing from elsewhere: our own style by nonce, and for who is signed in our own two scripts."""
    script = f"script-src 'nonce-{nonce}'; connect-src 'self'; " if scripts else ""
    return (
        f"default-src 'none'; {script}style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _turned_away(request: Request) -> Response | None:
    """A page that refuses, for a form that another site sent or one too large to be ours."""
    if request.method in ("GET", "HEAD"):
        return None
    if not _from_here(request):
        return fault_page(request, 403, "This form was sent from another site", "Nothing was done. Use our own pages.")
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > largest(request.url.path):
        return fault_page(request, 413, "That is too long", "Go back, shorten it and send it again.")
    return None


def largest(path: str) -> int:
    """How many bytes may be sent to this page of the console."""
    return LARGEST_UPLOAD if path == UPLOAD else LARGEST_FORM


def _from_here(request: Request) -> bool:
    """True when the browser says that one of our own pages sent the form. Browsers say so with every post."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = urlsplit(request.headers.get("origin", ""))
    return origin.scheme in ("http", "https") and origin.netloc == request.headers.get("host", "")


async def _answer(request: Request, inner: Callable[[Request], Coroutine[Any, Any, Response]]) -> Response:
    try:
        return await inner(request)
    except ElsewhereError as way:
        return RedirectResponse(way.to, status_code=303)
    except PageError as instead:
        return instead.page
    except RequestValidationError:
        return fault_page(request, 422, "That cannot be read", "Go back and use the page's own form or links.")
    except DBAPIError:
        more = "Nothing was changed. Go back, keep a copy of what you typed, and try again in a minute."
        return fault_page(request, 503, "The records cannot be reached", more)
    except HTTPException as error:
        return fault_page(request, error.status_code, *FAULTS.get(error.status_code, FAULTS[404]))


FAULTS = {
    403: ("You do not have access to this page", "Ask your team leader, or whoever adds officers, for access."),
    404: ("This page is not here", "It may be in a queue you do not see. Ask the team that has it."),
}

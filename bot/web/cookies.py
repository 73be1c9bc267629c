"""The one cookie: a random number by which a browser's conversation is found again. None is set before it is used.

Over https it is `__Host-askwell` (Secure, this host alone), and in the panel on a council's page, where the site around
it is another one, `__Host-askwell-panel`, kept apart for each such site (CHIPS, `Partitioned`). Over plain http, which
is for development alone, browsers refuse those names, so it is `askwell` and `askwell-panel` without Secure.
"""

from __future__ import annotations

import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

from bot.web.security import in_panel

DAYS = 30
LEFT_SECONDS = 900
_SESSION = re.compile(r"[A-Za-z0-9_-]{43}")


def is_secure(request: Request) -> bool:
    """Whether the browser reached us by https, as the server or the one proxy before it says."""
    return request.url.scheme == "https" or bool(request.app.state.site.policy.secure)


def cookie_name(request: Request, what: str = "askwell") -> str:
    """The cookie's name on this page."""
    name = f"{what}-panel" if in_panel(request.url.path) else what
    return f"__Host-{name}" if is_secure(request) else name


def session_of(request: Request) -> str | None:
    """The browser's session, if it has one that we could have made."""
    given = request.cookies.get(cookie_name(request), "")
    return given if _SESSION.fullmatch(given) else None


def new_session() -> str:
    """A session nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)


def keep_session(request: Request, response: Response, session: str) -> None:
    """Let the browser bring `session` back for `DAYS` days after it was last used."""
    _set(request, response, cookie_name(request), session, DAYS * 86_400)


def drop_session(request: Request, response: Response) -> None:
    """Let the browser forget its session."""
    _set(request, response, cookie_name(request), "", 0)


def keep_other(request: Request, response: Response, what: str, value: str, seconds: int) -> None:
    """Another cookie of ours, called `what`, under the same rules; gone when `seconds` is 0."""
    _set(request, response, cookie_name(request, what), value, seconds)


def mark_left(request: Request, response: Response) -> None:
    """For a quarter of an hour, hide what this browser comes back to."""
    _set(request, response, cookie_name(request, "askwell-left"), "1", LEFT_SECONDS)


def unmark_left(request: Request, response: Response) -> None:
    """Show it again."""
    _set(request, response, cookie_name(request, "askwell-left"), "", 0)


def has_left(request: Request) -> bool:
    """Whether the person pressed "Leave this site" a moment ago."""
    return request.cookies.get(cookie_name(request, "askwell-left")) == "1"


def _set(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    parts = [f"{name}={value}", "Path=/", f"Max-Age={seconds}", "HttpOnly"]
    elsewhere = in_panel(request.url.path) and is_secure(request)
    parts.append("SameSite=None; Partitioned" if elsewhere else "SameSite=Lax")
    if is_secure(request):
        parts.append("Secure")
    response.headers.append("Set-Cookie", "; ".join(parts))

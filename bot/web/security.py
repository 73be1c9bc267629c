"""What stands before every page: who may frame it, what may run on it, and that no other site speaks for a person.

Plain ASGI, so that a stream of events passes through unbuffered. The officers' pages stand behind it too.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handoff.console.fence import LARGEST_UPLOAD, UPLOAD

log = structlog.get_logger("askwell.web")
PANEL = "/panel"
MOST_BYTES = 64 * 1024
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Anyone's page may load the launcher; nothing else of ours is for other sites.
PUBLIC = frozenset({"/widget.js"})


@dataclass(frozen=True)
class Policy:
    """What the operator decided. `frame_hosts` are the origins whose pages may show the panel in a frame.

    `hosts` are the names this service answers to, any when empty; `secure` says that families reach it by https.
    `exit_origin` is where "Leave this site" leads: browsers hold a form to its policy through the redirect too.
    """

    frame_hosts: Sequence[str] = ()
    hosts: Sequence[str] = ()
    secure: bool = False
    exit_origin: str = ""


class TooBigError(Exception):
    """The body is longer than its page takes."""


class Guard:
    """The middleware. `request.state.nonce` is this answer's own; `fault` makes the page for what nobody foresaw."""

    def __init__(self, app: ASGIApp, policy: Policy, fault: Callable[[Request], Response]) -> None:
        self.app = app
        self.policy = policy
        self.fault = fault

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is not ours, and put the headers on what is."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        headed = self._with_headers(scope, nonce, send)
        refusal = self._refusal(scope)
        if refusal is not None:
            return await refusal(scope, receive, headed)
        started = False

        async def tracked(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await headed(message)

        try:
            await self.app(scope, _limited(receive, most_bytes(scope["path"])), tracked)
        except TooBigError:
            if not started:
                await _plain("This is more than I can take at once.", 413)(scope, receive, headed)
        except Exception as error:
            # The name of the fault and no more: its words could be a family's.
            log.error("page_failed", fault=type(error).__name__, method=scope["method"])
            if not started:
                await self.fault(Request(scope))(scope, receive, headed)
        return None

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self.policy.hosts and urlsplit(f"//{host}").hostname not in self.policy.hosts:
            return _plain("This service has another name.", 421)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:12]) > most_bytes(scope["path"]):
            return _plain("This is more than I can take at once.", 413)
        if scope["method"] not in SAFE and not same_site(headers, host):
            return _plain("Another site may not do this for you. Open this service and try again.", 403)
        return None

    def _with_headers(self, scope: Scope, nonce: str, send: Send) -> Send:
        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                set_headers(MutableHeaders(scope=message), scope["path"], nonce, self.policy)
            await send(message)

        return headed


def same_site(headers: Headers, host: str) -> bool:
    """Whether a request that changes something came from our own page, by what the browser itself says of it.

    A request with neither header comes from no browser of the last years; it still needs the page's token.
    """
    fetch = headers.get("sec-fetch-site")
    if fetch is not None and fetch not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or (urlsplit(origin).netloc == host and bool(host))


def set_headers(headers: MutableHeaders, path: str, nonce: str, policy: Policy) -> None:
    """The headers of one answer (ASVS 5.0 V3). What a page said of itself stands: the officers' pages say more."""
    headers.setdefault("Content-Security-Policy", content_policy(path, nonce, policy))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), browsing-topics=()")
    headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if path in PUBLIC else "same-origin")
    if not in_panel(path):
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("X-Frame-Options", "DENY")
    if policy.secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    headers.setdefault("Cache-Control", "no-store")


def content_policy(path: str, nonce: str, policy: Policy) -> str:
    """Our own script and style by this answer's nonce, and nothing from elsewhere."""
    frames = " ".join(["'self'", *policy.frame_hosts]) if in_panel(path) else "'none'"
    shown = "'self'" if path == "/demo" else "'none'"
    to = " ".join(one for one in ("'self'", policy.exit_origin) if one)
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; img-src 'self' data:; "
        f"connect-src 'self'; form-action {to}; base-uri 'none'; frame-src {shown}; frame-ancestors {frames}; "
        "require-trusted-types-for 'script'; trusted-types askwell"
    )


def in_panel(path: str) -> bool:
    """Whether this is a page of the panel that other sites may frame."""
    return path == PANEL or path.startswith(f"{PANEL}/")


def wants_page(request: Request) -> bool:
    """Whether a person looks at the answer: a browser that asks for a page."""
    return "text/html" in request.headers.get("accept", "")


def most_bytes(path: str) -> int:
    """How much may be sent to `path` at once: a form's worth, save where an editor sends a file."""
    return LARGEST_UPLOAD if path == UPLOAD else MOST_BYTES


def _limited(receive: Receive, most: int) -> Receive:
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise TooBigError
        return message

    return limited


def _plain(words: str, status: int) -> Response:
    return JSONResponse({"error": words}, status_code=status)

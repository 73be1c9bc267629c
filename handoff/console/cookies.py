"""The console's three cookies, and the token that a form must bring back.

Every cookie is `__Host-`: sent over https alone, to this host alone, from this site's own pages alone. Browsers count
http://localhost and http://127.0.0.1 as safe, so the console can be tried there without a certificate (Chromium and
Firefox; Safari cannot). Anywhere else it needs https.
"""

from __future__ import annotations

import hashlib
import hmac

from starlette.requests import Request
from starlette.responses import Response

SESSION, VISIT, DEVICE = "__Host-askwell-officer", "__Host-askwell-visit", "__Host-askwell-device"
DEVICE_DAYS = 90


def brought(request: Request, cookie: str) -> str:
    """What the browser brought; empty when nothing."""
    return request.cookies.get(cookie, "")


def give(response: Response, cookie: str, value: str) -> None:
    """Keep `value` in the browser until it closes; a device's mark stays longer."""
    days = DEVICE_DAYS * 24 * 3600 if cookie == DEVICE else None
    response.set_cookie(cookie, value, max_age=days, path="/", secure=True, httponly=True, samesite="strict")


def take_back(response: Response, cookie: str) -> None:
    """Remove the cookie from the browser."""
    response.delete_cookie(cookie, path="/", secure=True, httponly=True, samesite="strict")


def form_token(secret: str) -> str:
    """What a form carries to show that this browser was given it. Worked out from a cookie, kept nowhere."""
    return hashlib.sha256(f"form:{secret}".encode("utf-8", "replace")).hexdigest()


def form_is_ours(secret: str, given: str) -> bool:
    """True when the form was given to the browser that holds `secret`."""
    return bool(secret) and given.isascii() and hmac.compare_digest(form_token(secret), given)

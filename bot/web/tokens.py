"""The token of a form: proof that our own page was open in this browser before the form was sent."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

LIFE = timedelta(hours=12)
Signer = Callable[[str], str]


def make_token(sign: Signer, session: str | None, now: datetime) -> str:
    """A token for the forms of this session, good for `LIFE`."""
    issued = f"{int(now.timestamp()):x}"
    return f"{issued}.{_mac(sign, session, issued)}"


def holds(sign: Signer, session: str | None, token: str, now: datetime) -> bool:
    """Whether `token` was made for this session, and not long ago."""
    issued, _, mac = token.partition(".")
    if len(issued) > 12 or not all(digit in "0123456789abcdef" for digit in issued) or not issued:
        return False
    age = now.timestamp() - int(issued, 16)
    return -60 <= age <= LIFE.total_seconds() and hmac.compare_digest(
        mac.encode(), _mac(sign, session, issued).encode()
    )


def _mac(sign: Signer, session: str | None, issued: str) -> str:
    return sign(f"form:{session or '-'}:{issued}")[:32]

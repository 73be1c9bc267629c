"""The link by which a family comes back to a booking without an account, and the reference they can say aloud."""

from __future__ import annotations

import hashlib
import secrets

from handoff.cases.naming import LETTERS
from handoff.desk import Desk

# 21 letters and digits that nobody misreads (`naming.LETTERS`), five times: four million references.
REFERENCE_LENGTH = 5


def new_token() -> str:
    """192 random bits as 32 characters safe in an address."""
    return secrets.token_urlsafe(24)


def token_hash(token: str) -> str:
    """What the database keeps of a token: no use to whoever reads it there."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_reference(desk: Desk) -> str:
    """A reference such as HS-B-7Q4XK: B for a booking."""
    number = int.from_bytes(hashlib.sha256(desk.new_id().encode()).digest())
    signs = []
    for _ in range(REFERENCE_LENGTH):
        number, sign = divmod(number, len(LETTERS))
        signs.append(LETTERS[sign])
    return f"{desk.prefix}-B-{''.join(signs)}"

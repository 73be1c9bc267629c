"""Idempotency keys: what a button did the first time, stored in the transaction of the act itself.

A person presses again when no answer came; after a crash the act may be done and the answer lost. The same key with
the same request gives the first result; with another request it is a fault of the caller (Stripe's contract,
reliability.md 3.4). Results hold ids and codes only.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import text
from sqlmodel import Session, select

from handoff.desk import Desk
from handoff.models import Receipt

LONGEST_RESULT = 2000


class KeyReusedError(Exception):
    """The key was used before for another request. The message says what to do."""


def earlier(session: Session, desk: Desk, key: str, request: str) -> str | None:
    """What this key gave the first time; none when it is new, and then nobody else may use it until we commit.

    Raises `KeyReusedError` when it was used for another request.
    """
    id = _digest(f"{desk.pack}:{key}")
    if session.get_bind().dialect.name == "postgresql":
        # Two presses at once: the second waits here and then finds the first one's receipt. SQLite writers queue.
        number = int.from_bytes(bytes.fromhex(id)[:8], signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
    found = session.exec(select(Receipt).where(Receipt.pack == desk.pack, Receipt.id == id)).first()
    if found is None:
        return None
    if found.request != _digest(request):
        raise KeyReusedError("This form was sent before with other answers. Open it again and send it once more.")
    return found.result


def keep(session: Session, desk: Desk, key: str, request: str, result: str) -> None:
    """Store what the act gave. Call it in the act's transaction, after `earlier` said none."""
    if len(result) > LONGEST_RESULT:
        raise ValueError(f"A receipt's result holds ids and codes, at most {LONGEST_RESULT} characters.")
    id = _digest(f"{desk.pack}:{key}")
    session.add(Receipt(pack=desk.pack, id=id, request=_digest(request), result=result, at=desk.now()))
    session.flush()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()

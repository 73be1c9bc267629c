"""Signing in: tries are counted before anything is hashed, and an unknown account costs and counts the same.

An account has ten slots an hour. A try takes a free slot in a transaction of its own before the password is hashed, so
that no number of guesses at once gets an eleventh through; the right password gives its slot back. A browser that has
signed in to the account before carries a token and has ten slots of its own, so that a stranger who guesses all day
cannot lock an officer out (OWASP's device cookies).
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from threading import BoundedSemaphore

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, func, select

from handoff import audit
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import Officer, SignInTry
from handoff.officers import officer_by_email
from handoff.passwords import LONGEST, NOBODY, matches
from handoff.sessions import start
from handoff.two_step import code_fits

TRIES = 10
WINDOW = timedelta(hours=1)
TOO_MANY = "Too many tries. Wait an hour, or ask an administrator for a new password."
# Two at once: a flood of guesses at many accounts leaves the rest of the service its processor time.
_HASHING = BoundedSemaphore(2)


class SignInError(Exception):
    """Not signed in. The message says what to do and never which part was wrong."""


class ThrottledError(SignInError):
    """Too many tries: nothing was hashed."""


@dataclass(frozen=True)
class Try:
    """A slot taken for one try. `officer_id` is empty when there is no such account."""

    slot: str
    officer_id: str
    kept: str


@dataclass(frozen=True)
class Admitted:
    """What the browser is given: the session's token, and the token by which it is known next time."""

    token: str
    device: str
    officer_id: str


def sign_in(
    engine: Engine, desk: Desk, *, email: str, password: str, code: str = "", device: str = "", old: str = ""
) -> Admitted:
    """A new session for the officer. Raises `SignInError`, and `ThrottledError` before anything is hashed.

    `code` is the six digits of an officer who has two steps; `device` and `old` are what the browser brought along.
    """
    with reading(engine) as session:
        _refuse_when_full(session, desk, email, device)
    with transaction(engine) as session:
        taken = take_slot(session, desk, email, device)
    with _HASHING:
        fits = matches(taken.kept, password[: LONGEST + 1])
    with transaction(engine) as session:
        officer = session.get(Officer, (desk.pack, taken.officer_id)) if fits and taken.officer_id else None
        # Left, or given another password, while this one was hashed.
        still = officer is not None and officer.left_at is None and officer.password == taken.kept
        if officer is None or not still or not code_fits(session, desk, officer, code):
            raise SignInError("The email, password or code is not right. Check them and try again.")
        session.execute(delete(SignInTry).where(col(SignInTry.pack) == desk.pack, col(SignInTry.id) == taken.slot))
        token = start(session, desk, officer.id, old)
        audit.record(session, desk, actor=officer.id, act="signed_in", kind="officer", subject=officer.id)
        return Admitted(token, device_token(desk, officer), officer.id)


def take_slot(session: Session, desk: Desk, email: str, device: str = "") -> Try:
    """One of the account's ten slots of this hour. Raises `ThrottledError` when all are taken."""
    officer, account = _account(session, desk, email, device)
    mine = (col(SignInTry.pack) == desk.pack, col(SignInTry.account) == account)
    session.execute(delete(SignInTry).where(*mine, col(SignInTry.at) <= desk.now() - WINDOW))
    for _ in range(TRIES):
        taken = set(session.exec(select(SignInTry.id).where(*mine)).all())
        free = next((slot for slot in _slots(account) if slot not in taken), None)
        if free is None:
            break
        try:
            with session.begin_nested():
                session.add(SignInTry(pack=desk.pack, id=free, account=account, at=desk.now()))
        except IntegrityError:
            continue  # Another try took this slot at the same moment: look for the next.
        return Try(free, officer.id if officer else "", officer.password if officer else NOBODY)
    raise ThrottledError(TOO_MANY)


def _refuse_when_full(session: Session, desk: Desk, email: str, device: str) -> None:
    """Raises `ThrottledError` without writing anything: a flood of guesses must not keep families from the records."""
    _, account = _account(session, desk, email, device)
    mine = (col(SignInTry.pack) == desk.pack, col(SignInTry.account) == account)
    live = select(func.count()).select_from(SignInTry).where(*mine, col(SignInTry.at) > desk.now() - WINDOW)
    if session.exec(live).one() >= TRIES:
        raise ThrottledError(TOO_MANY)


def _account(session: Session, desk: Desk, email: str, device: str) -> tuple[Officer | None, str]:
    """The officer, if there is one, and the name under which tries are counted: of a known browser, its own."""
    name = email.strip().lower()[:LONGEST]
    officer = officer_by_email(session, desk, name) if "\x00" not in name else None
    nonce = _known_device(desk, officer, device)
    return officer, desk.vault.fingerprint(f"{desk.pack}:sign-in:{name}:{nonce}")


def device_token(desk: Desk, officer: Officer) -> str:
    """What marks a browser as one this officer has signed in with. Worthless after a new password, or leaving."""
    nonce = secrets.token_hex(16)
    return f"{nonce}.{_device_mark(desk, officer, nonce)}"


def _slots(account: str) -> list[str]:
    return [f"{account[:60]}-{number}" for number in range(TRIES)]


def _known_device(desk: Desk, officer: Officer | None, device: str) -> str:
    nonce, _, mark = device.partition(".")
    if officer is None or len(nonce) != 32 or not mark.isascii():
        return ""
    return nonce if hmac.compare_digest(mark, _device_mark(desk, officer, nonce)) else ""


def _device_mark(desk: Desk, officer: Officer, nonce: str) -> str:
    return desk.vault.fingerprint(f"{desk.pack}:device:{officer.id}:{officer.password}:{nonce}")

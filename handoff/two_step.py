"""Two steps: a six-digit code from an officer's phone beside the password (TOTP, RFC 6238). Each code is good once."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

import pyotp
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from handoff.desk import Desk
from handoff.models import Officer, SignInTry

ABOUT = "officer.totp"
STEP = timedelta(seconds=30)
# The phone's clock may be one step behind or ahead of ours.
DRIFT = (0, -1, 1)


def new_secret() -> str:
    """A secret for the officer's phone: 32 letters and digits."""
    return pyotp.random_base32()


def address_for_app(secret: str, email: str, council: str) -> str:
    """What an authenticator app reads: otpauth://…"""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=f"Askwell {council}")


def turn_on(session: Session, desk: Desk, officer_id: str, secret: str, code: str) -> bool:
    """Keep the secret, sealed with a key of the officer's own; False when the code is not this secret's."""
    officer = session.get(Officer, (desk.pack, officer_id))
    if officer is None or _step_of(secret, code, desk.now()) is None:
        return False
    desk.vault.make_key(officer_id)
    officer.totp = desk.seal(officer_id, secret, ABOUT)
    session.flush()
    return True


def turn_off(session: Session, desk: Desk, officer_id: str) -> None:
    """The password alone is enough again."""
    officer = session.get(Officer, (desk.pack, officer_id))
    if officer is not None:
        officer.totp = None
        session.flush()


def code_fits(session: Session, desk: Desk, officer: Officer, code: str) -> bool:
    """True when the officer has no second step, or `code` is right now and has not been used."""
    if officer.totp is None:
        return True
    step = _step_of(desk.open(officer.id, officer.totp, ABOUT), code, desk.now())
    if step is None:
        return False
    used = desk.vault.fingerprint(f"{desk.pack}:code:{officer.id}:{step}")
    try:
        with session.begin_nested():
            session.add(SignInTry(pack=desk.pack, id=used, account="used code", at=desk.now()))
    except IntegrityError:
        return False
    return True


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """Which half-minute this code belongs to, if it is one of those near `now`."""
    digits = "".join(code.split())
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return None
    app = pyotp.TOTP(secret)
    for drift in DRIFT:
        at = now + drift * STEP
        if hmac.compare_digest(app.at(at), digits):
            return app.timecode(at)
    return None

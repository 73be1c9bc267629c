"""Save and return (ux.md S11): a code of eight letters, good for 30 days, opens what was put down.

The code is kept nowhere. What it opens is sealed with a key made from it and from a key outside the database (HKDF,
RFC 5869), so that neither the table nor a backup of it can be read. No name and no date of birth is in it.
"""

from __future__ import annotations

from datetime import timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlmodel import Session, col, delete, select

from handoff.cases.naming import LETTERS, letters_from
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.key_files import key_at
from handoff.models import SavedCheck

DAYS = 30
CODE_LENGTH = 8
# One code opens one thing, so that a fixed nonce never meets two texts under one key.
NONCE = bytes(12)


def save_check(session: Session, desk: Desk, answers: str, code: str) -> SavedCheck:
    """Keep `answers` (JSON) under `code` for 30 days. The caller draws the code with `new_code` and shows it once."""
    now = desk.now()
    row = SavedCheck(
        pack=desk.pack,
        id=_found_by(desk, code),
        sealed_answers=AESGCM(_key(desk, code)).encrypt(NONCE, answers.encode(), b"saved"),
        made_at=now,
        expires_at=now + timedelta(days=DAYS),
    )
    session.add(row)
    session.flush()
    return row


def saved_check(session: Session, desk: Desk, code: str) -> str | None:
    """The answers kept under `code` as it was typed; none when there are none, or their 30 days are over."""
    wanted = select(SavedCheck).where(
        SavedCheck.pack == desk.pack, SavedCheck.id == _found_by(desk, code), SavedCheck.expires_at > desk.now()
    )
    row = session.exec(wanted).first()
    if row is None:
        return None
    try:
        return AESGCM(_key(desk, code)).decrypt(NONCE, row.sealed_answers, b"saved").decode()
    except InvalidTag:
        return None


def forget_check(session: Session, desk: Desk, code: str) -> bool:
    """Remove what is kept under `code` at once; True when there was something."""
    gone = delete(SavedCheck).where(col(SavedCheck.pack) == desk.pack, col(SavedCheck.id) == _found_by(desk, code))
    return rows_changed(session.execute(gone)) == 1


def new_code(desk: Desk) -> str:
    """A fresh code such as `4F7K-9CDT`, about 35 random bits: the doors limit how often one may be tried."""
    letters = letters_from(f"saved:{desk.new_id()}", CODE_LENGTH)
    return f"{letters[:4]}-{letters[4:]}"


def _plain(code: str) -> str:
    return "".join(char for char in code.upper() if char in LETTERS)


def _found_by(desk: Desk, code: str) -> str:
    return desk.vault.fingerprint(f"{desk.pack}:saved:{_plain(code)}")


def _key(desk: Desk, code: str) -> bytes:
    salt = key_at(desk.vault.folder / "saved")
    return HKDF(SHA256(), 32, salt, f"{desk.pack}:saved".encode()).derive(_plain(code).encode())

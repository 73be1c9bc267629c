"""Every family's words are sealed with a key of its own, kept outside the database and its backups.

Destroying the key makes every copy of the words unreadable at once, in the tables, the write-ahead log, old pages
and backups made before: deleting rows alone leaves them in the files (reliability.md section 0, finding 10).
AES-256-GCM (NIST SP 800-38D); what a text is about is bound to it, so that it opens in no other place.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from handoff.key_files import KEY_BYTES, key_at, make_key, wipe_key

NONCE_BYTES = 12


class ErasedError(Exception):
    """The key of this person is gone: what it sealed can no longer be read by anyone."""


class SealError(Exception):
    """The bytes were sealed for another person or place, or were changed."""


@dataclass(frozen=True)
class Vault:
    """The keys of one council's families: a folder with a file a person, readable by this service alone."""

    folder: Path

    def make_key(self, person_id: str) -> None:
        """A new key for `person_id`, on the disk before this returns. Does nothing when there is one."""
        make_key(self._path(person_id))

    def seal(self, person_id: str, text: str, about: str) -> bytes:
        """`text` for this person's eyes, bound to `about` (a place such as "message"). Raises `ErasedError`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._key(person_id)).encrypt(nonce, text.encode("utf-8", "replace"), about.encode())

    def open(self, person_id: str, sealed: bytes, about: str) -> str:
        """What was sealed. Raises `ErasedError` without a key, `SealError` when the place or the bytes differ."""
        key = self._key(person_id)
        try:
            plain = AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about.encode())
        except (InvalidTag, ValueError) as error:
            raise SealError(f"This text was not sealed as {about} for this person, or it was changed.") from error
        return plain.decode("utf-8")

    def destroy(self, person_id: str) -> bool:
        """Overwrite and remove the key; True when there was one. After this the person's words are gone."""
        return wipe_key(self._path(person_id))

    def holds(self, person_id: str) -> bool:
        """True while the person's words can be read."""
        return self._path(person_id).exists()

    def fingerprint(self, text: str) -> str:
        """A keyed hash by which an address is found again: 64 hex digits, of no use without this vault."""
        return hmac.new(key_at(self.folder / "pepper"), text.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def _path(self, person_id: str) -> Path:
        if not person_id.isalnum():
            raise ValueError("A person's id is letters and digits.")
        return self.folder / "people" / person_id[:2] / person_id

    def _key(self, person_id: str) -> bytes:
        try:
            key = self._path(person_id).read_bytes()
        except FileNotFoundError as error:
            raise ErasedError("This person's key is gone.") from error
        if len(key) != KEY_BYTES:
            raise SealError("This person's key file is damaged: restore it from the copy of the keys.")
        return key

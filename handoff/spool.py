"""A safeguarding message is never lost, also while the database is down or read-only: it waits on the disk, sealed."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from handoff.key_files import key_at, sync_folder, write_through
from handoff.vault import NONCE_BYTES


@dataclass(frozen=True)
class Spooled:
    """One message about someone at risk, in the words it was typed in, with the door it came through."""

    channel: str
    address: str
    message_id: str
    text: str
    kind: str
    role: str
    language: str
    at: str


@dataclass(frozen=True)
class Spool:
    """A folder of sealed messages, one file each. The key lies with the families' keys, not in the folder.

    Councils that share the folder cannot open each other's: `pack` is sealed in.
    """

    folder: Path
    keys: Path
    pack: str = ""

    def put(self, message: Spooled) -> Path:
        """Write `message` so that a power cut leaves all of it or none. The file it waits in."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = secrets.token_hex(8)
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = nonce + AESGCM(self._key()).encrypt(nonce, json.dumps(asdict(message)).encode(), self._about())
        path = self.folder / f"{message.at.replace(':', '')}-{name}.sealed"
        fresh = path.with_suffix(".part")
        write_through(fresh, sealed, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        fresh.rename(path)
        sync_folder(self.folder)
        return path

    def waiting(self) -> Iterator[tuple[Path, Spooled]]:
        """What waits, oldest first. A file that cannot be opened is left where it is, for a person to see."""
        for path in sorted(self.folder.glob("*.sealed")):
            with suppress(InvalidTag, ValueError, TypeError, FileNotFoundError):
                yield path, Spooled(**json.loads(self._opened(path.read_bytes())))

    def _opened(self, sealed: bytes) -> bytes:
        cipher, nonce, words = AESGCM(self._key()), sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, words, self._about())
        except InvalidTag:
            # It waited while the service was made newer: an older version sealed no council in.
            return cipher.decrypt(nonce, words, b"spool")

    def _about(self) -> bytes:
        return f"spool:{self.pack}".encode() if self.pack else b"spool"

    def _key(self) -> bytes:
        return key_at(self.keys / "spool")

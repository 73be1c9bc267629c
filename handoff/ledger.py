"""The erasure ledger: who asked to be erased, kept outside the database, beside the keys.

A backup made before an erasure still holds the person's rows. Their words cannot be read, because the key is gone;
the ledger lets a restore take the rows away again. It names nobody: a hash of a random id, and the receipt's number.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from handoff.desk import Desk
from handoff.key_files import sync_folder, write_through

LEDGER = "erasures.jsonl"


@dataclass(frozen=True)
class Asked:
    """One line of the ledger. `person` is a hash; `holder` is the id under which kept records go on, if any."""

    pack: str
    person: str
    receipt: str
    at: str
    holder: str = ""


@dataclass(frozen=True)
class KeptRow:
    """A row the council had to keep, sealed with its holder's key: for a backup in which only the old seal is left."""

    table: str
    key: tuple[str, ...]
    sealed: tuple[tuple[str, str], ...]


def hashed(desk: Desk, person_id: str) -> str:
    """How the ledger names a person: of no use without the id itself, which is random and erased."""
    return hashlib.sha256(f"{desk.pack}:{person_id}".encode()).hexdigest()


def write_down(desk: Desk, asked: Asked) -> None:
    """Add a line, on the disk before this returns. The same line again is harmless."""
    folder = desk.vault.folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = json.dumps(asdict(asked), ensure_ascii=True) + "\n"
    write_through(folder / LEDGER, line.encode(), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    sync_folder(folder)


def written_down(desk: Desk) -> dict[str, Asked]:
    """The last line about each person of this council, by hash. A line cut short by a crash is passed over."""
    path = desk.vault.folder / LEDGER
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else []
    return {asked.person: asked for asked in _read(lines) if asked.pack == desk.pack}


def keep_rows(desk: Desk, receipt: str, rows: tuple[KeptRow, ...]) -> None:
    """Remember the kept rows of one erasure, on the disk before this returns."""
    path = _kept_path(desk, receipt)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".part")
    body = json.dumps([asdict(row) for row in rows]).encode()
    write_through(fresh, body, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    fresh.replace(path)
    sync_folder(path.parent)


def kept_rows(desk: Desk, receipt: str) -> tuple[KeptRow, ...]:
    """The kept rows of one erasure; none when nothing had to be kept."""
    path = _kept_path(desk, receipt)
    rows = json.loads(path.read_bytes()) if path.exists() else []
    return tuple(
        KeptRow(row["table"], tuple(row["key"]), tuple((name, text) for name, text in row["sealed"])) for row in rows
    )


def as_text(sealed: bytes) -> str:
    """Sealed bytes as text for the ledger's files."""
    return base64.b64encode(sealed).decode()


def as_bytes(text: str) -> bytes:
    """Sealed bytes back from text."""
    return base64.b64decode(text)


def _kept_path(desk: Desk, receipt: str) -> Path:
    if not receipt.replace("-", "").isalnum():
        raise ValueError("A receipt's number is letters, digits and dashes.")
    return desk.vault.folder / "kept" / f"{desk.pack}-{receipt}.json"


def _read(lines: list[str]) -> Iterator[Asked]:
    for line in lines:
        try:
            yield Asked(**json.loads(line))
        except (ValueError, TypeError):
            continue

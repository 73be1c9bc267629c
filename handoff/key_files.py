"""Keys as files: made once whatever runs at the same time, on the disk before they are used, wiped before they go."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

KEY_BYTES = 32


def make_key(path: Path) -> None:
    """A new random key at `path`, readable by this service alone. Does nothing when there is one."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    write_through(fresh, secrets.token_bytes(KEY_BYTES), os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    with suppress(FileExistsError):
        # A link is made whole or not at all: of two that meet, one key stands.
        os.link(fresh, path)
    fresh.unlink()
    sync_folder(path.parent)


def key_at(path: Path) -> bytes:
    """The key at `path`, made when there is none."""
    make_key(path)
    return path.read_bytes()


def wipe_key(path: Path) -> bool:
    """Overwrite and remove the key; True when there was one."""
    try:
        write_through(path, secrets.token_bytes(KEY_BYTES), os.O_WRONLY)
        path.unlink()
    except FileNotFoundError:
        return False
    sync_folder(path.parent)
    return True


def write_through(path: Path, data: bytes, flags: int) -> None:
    """Write and wait until the disk has it."""
    descriptor = os.open(path, flags, 0o600)
    try:
        os.write(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the disk knows the folder's names: without it a power cut may lose a file just made."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Where the audit chain ended when it was last written: kept outside the database, so that a cut end shows."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from handoff.key_files import sync_folder

_LENGTH = 96
log = logging.getLogger("askwell.audit")


class HeadError(Exception):
    """The file with the chain's end cannot be read. The message says what to do."""


@dataclass(frozen=True)
class Head:
    """The number and the hash of the last entry."""

    number: int
    hash: str


def head_file(keys: Path, pack: str) -> Path:
    """Where a council's head is kept: beside the families' keys, never beside the database."""
    return keys / "audit" / f"{pack}.head"


def read_head(keys: Path, pack: str) -> Head | None:
    """The head, or none when nothing was ever written. Raises `HeadError` for a damaged file."""
    try:
        return _parse(head_file(keys, pack).read_bytes())
    except FileNotFoundError:
        return None


def advance(keys: Path, pack: str, last: Head) -> None:
    """Note that the chain now ends with `last`. The head never moves back: of two at once, the later stands.

    A head that cannot be written is behind and not wrong, so an act that is already committed does not fail for it.
    """
    try:
        with _locked(head_file(keys, pack)) as descriptor:
            present = _present(descriptor)
            if present is None or last.number > present.number:
                os.pwrite(descriptor, _line(last), 0)
    except (OSError, HeadError):
        log.error("audit_head_not_written")


def replace(keys: Path, pack: str, head: Head) -> None:
    """Set the head to `head`, whatever it was: for a restore that somebody answers for."""
    with _locked(head_file(keys, pack)) as descriptor:
        os.pwrite(descriptor, _line(head), 0)
        os.fsync(descriptor)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if fresh:
            sync_folder(path.parent)
        yield descriptor
    finally:
        os.close(descriptor)


def _present(descriptor: int) -> Head | None:
    written = os.pread(descriptor, _LENGTH, 0)
    return _parse(written) if written else None


def _line(head: Head) -> bytes:
    # One short line of one length, written over the last: a disk keeps all of it or none.
    return f"{head.number:020d} {head.hash}\n".ljust(_LENGTH).encode()


def _parse(written: bytes) -> Head | None:
    if not written:
        return None
    try:
        number, hash = written.decode().split()
        if len(hash) != 64:
            raise ValueError("a hash has 64 digits")
        return Head(int(number), hash)
    except ValueError as error:
        raise HeadError("The file with the end of the audit chain is damaged. Compare it with a copy of it.") from error

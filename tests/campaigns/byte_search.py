"""Looking for words in files as bytes, in every way a program may have written them down."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HEAD = 8
CHUNK = 1 << 22


@dataclass(frozen=True)
class Needle:
    """Bytes to look for, and what they are of."""

    bytes: bytes
    of: str


def of_words(words: Iterable[str]) -> list[Needle]:
    """Each word in UTF-8, UTF-16 of both kinds, base64 at each of its three shifts, and JSON's escapes."""
    found = []
    for word in words:
        plain = word.encode()
        shifted = (base64.b64encode(b"\0" * shift + plain)[(4 if shift else 0) : -4] for shift in range(3))
        forms = {plain, word.encode("utf-16-le"), word.encode("utf-16-be"), json.dumps(word)[1:-1].encode(), *shifted}
        found += [Needle(form.lower(), word) for form in forms if len(form) >= HEAD]
    return found


def of_bytes(named: Iterable[tuple[str, bytes]]) -> list[Needle]:
    """Keys and sealed text, as they are and as hexadecimal digits."""
    found = []
    for name, given in named:
        found += [Needle(given, name), Needle(given.hex().encode(), name)]
    return found


def search(folder: Path, needles: list[Needle], *, any_case: bool) -> dict[str, set[str]]:
    """For each file under `folder` (by its path there) with a hit, what was found in it."""
    if not needles:
        return {}
    heads: dict[int, list[Needle]] = {}
    for needle in needles:
        heads.setdefault(int.from_bytes(needle.bytes[:HEAD], "little"), []).append(needle)
    wanted = np.array(sorted(heads), dtype=np.uint64)
    first = np.zeros(65536, dtype=bool)
    first[(wanted & np.uint64(0xFFFF)).astype(np.int64)] = True
    longest = max(len(needle.bytes) for needle in needles)
    found: dict[str, set[str]] = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        hits = _in_file(file, heads, wanted, first, longest, any_case)
        if hits:
            found[str(file.relative_to(folder))] = hits
    return found


def _in_file(
    file: Path, heads: dict[int, list[Needle]], wanted: np.ndarray, first: np.ndarray, longest: int, any_case: bool
) -> set[str]:
    hits: set[str] = set()
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        # A server's file that went while the folder was listed.
        return hits
    content = content.lower() if any_case else content
    for begin in range(0, len(content), CHUNK):
        part = content[begin : begin + CHUNK + longest]
        for at in _candidates(part, wanted, first):
            head = int.from_bytes(part[at : at + HEAD], "little")
            hits |= {needle.of for needle in heads[head] if part.startswith(needle.bytes, at)}
    return hits


def _candidates(part: bytes, wanted: np.ndarray, first: np.ndarray) -> list[int]:
    data = np.frombuffer(part, dtype=np.uint8)
    if len(data) < HEAD:
        return []
    pairs = data[:-1].astype(np.int64) | (data[1:].astype(np.int64) << 8)
    places = np.nonzero(first[pairs[: len(data) - HEAD + 1]])[0]
    words = np.zeros(len(places), dtype=np.uint64)
    for offset in range(HEAD):
        words |= data[places + offset].astype(np.uint64) << np.uint64(8 * offset)
    there = np.searchsorted(wanted, words)
    there[there == len(wanted)] = 0
    return [int(place) for place in places[wanted[there] == words]]

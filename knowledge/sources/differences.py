"""What differs between a document in use and the same one read again: line by line, below its headings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from knowledge.sources.holding import Held, Tombstone


@dataclass(frozen=True)
class Difference:
    """One place: its heading, what was said there and what is said now; either may be nothing."""

    heading: str
    before: str
    after: str


def differences(before: Held | None, after: Held | Tombstone) -> list[Difference]:
    """Every place that differs, in the order of the newer document."""
    old = _lines(before) if before else []
    new = _lines(after) if isinstance(after, Held) else []
    return list(_differing(old, new))


def _lines(held: Held) -> list[tuple[str, str]]:
    return [(part.heading, piece.text) for part in held.document.parts for piece in part.pieces]


def _differing(old: list[tuple[str, str]], new: list[tuple[str, str]]) -> Iterator[Difference]:
    for kind, start, end, from_, to in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        gone, come = old[start:end], new[from_:to]
        for place in range(max(len(gone), len(come))):
            was = gone[place] if place < len(gone) else ("", "")
            now = come[place] if place < len(come) else ("", "")
            yield Difference(now[0] or was[0], was[1], now[1])

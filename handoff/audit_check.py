"""Is the audit chain whole? Every entry is checked against its own hash, the one before, and the head kept outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlmodel import Session, col, select

from handoff.audit import START, WORDS, chain_key, hash_of
from handoff.audit_head import Head, HeadError, read_head
from handoff.audit_start import start_of_chain
from handoff.desk import Desk
from handoff.models import AuditEntry

AT_ONCE = 5000
# One cut link can make every later entry look wrong: the first of them tell where to look.
MOST_FAULTS = 20


@dataclass(frozen=True)
class Checked:
    """What a check found. `last` is where the chain ends; `behind` is how many entries it has after its head.

    A head is behind after a crash between a commit and the note of it, and until the next entry: that is no fault.
    """

    entries: int
    last: Head
    head: Head | None
    behind: int
    faults: tuple[str, ...]


@dataclass
class _Walk:
    """How far the chain has been followed."""

    key: bytes
    pack: str
    start: Head
    heads: tuple[Head, ...]
    before: tuple[int, str] | None = None
    entries: int = 0
    faults: list[str] = field(default_factory=list)
    met: set[Head] = field(default_factory=set)

    @cached_property
    def watched(self) -> frozenset[int]:
        return frozenset(head.number for head in self.heads)

    def fault(self, text: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(text)


def verify(session: Session, desk: Desk, noted: Head | None = None) -> Checked:
    """Check the whole chain of this council against the head kept beside its keys.

    `noted` is a head that somebody wrote down elsewhere: what it names must still be in the chain.
    """
    try:
        head, damaged = read_head(desk.vault.folder, desk.pack), None
    except HeadError as error:
        head, damaged = None, str(error)
    checked = check_chain(session, desk, head, *((noted,) if noted else ()))
    missing = "The file with the end of the chain is missing." if head is None and checked.entries else None
    more = tuple(fault for fault in (damaged or missing,) if fault)
    return Checked(checked.entries, checked.last, head, checked.behind, (*checked.faults, *more))


def check_chain(session: Session, desk: Desk, head: Head | None, *noted: Head) -> Checked:
    """The same against any head, or none: without one, a chain whose end was cut off looks whole."""
    heads = (*((head,) if head else ()), *noted)
    walk = _Walk(chain_key(desk), desk.pack, start_of_chain(desk), heads)
    for row in _rows(session, desk):
        _step(walk, row)
    last = Head(*walk.before) if walk.before else walk.start
    for known in walk.heads:
        if known.number > last.number:
            walk.fault(
                f"The chain ends with entry {last.number}; entry {known.number} was written once. Its end was cut off."
            )
        elif known not in walk.met and known.number > walk.start.number:
            walk.fault(f"Entry {known.number} is not the one that was written: the chain was rewritten or forked.")
    behind = max(0, last.number - head.number) if head else 0
    return Checked(walk.entries, last, head, behind, tuple(walk.faults))


def _rows(session: Session, desk: Desk) -> Iterator[Sequence[Any]]:
    """Every entry in order, as number, moment, the words of `WORDS`, the hash before and its own."""
    wanted = (
        select(*(getattr(AuditEntry, name) for name in ("number", "at", *WORDS, "previous", "hash")))
        .where(AuditEntry.pack == desk.pack)
        .order_by(col(AuditEntry.number))
        .execution_options(yield_per=AT_ONCE)
    )
    yield from session.execute(wanted)


def _step(walk: _Walk, entry: Sequence[Any]) -> None:
    number, at, *words, previous, hash = entry
    _follow(walk, number, previous)
    if hash_of(walk.key, walk.pack, number, at, tuple(words), previous) != hash:
        walk.fault(f"Entry {number} was changed, or was not written by Askwell.")
    if number == walk.start.number and hash != walk.start.hash:
        walk.fault(f"Entry {number} is not the one after which the chain was shortened.")
    walk.before = (number, hash)
    walk.entries += 1
    if number in walk.watched:
        walk.met.add(Head(number, hash))


def _follow(walk: _Walk, number: int, previous: str) -> None:
    """Whether the entry goes on from the one before. The first must go on from where the chain starts."""
    if walk.before is None and 1 < number <= walk.start.number:
        # Entries that retention has passed may be there still, after a crash in its sweep: they start where they start.
        return
    start = (0, START) if number <= walk.start.number else (walk.start.number, walk.start.hash)
    last, hash = walk.before or start
    if number != last + 1:
        gap = f"{last + 1} to {number - 1}" if number > last + 1 else f"before {number}"
        walk.fault(f"Entries are missing or out of order: {gap}.")
    if previous != hash:
        walk.fault(f"Entry {number} does not follow the one before it.")

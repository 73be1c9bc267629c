"""The sources of the pack as an editor looks at them: their state, who checked them, which answers use them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from knowledge.article import Section, Source
from knowledge.conflicts import Conflict, State
from knowledge.contacts import placeholders
from knowledge.pack import Pack

SOON = timedelta(days=30)
# After a check a page is good for half a year, as the pack's own rule has it.
GOOD_FOR = timedelta(days=182)


class Standing(StrEnum):
    """How a source stands, worst first."""

    STALE = "stale"
    CONFLICT = "conflict"
    DUE = "due"
    UNCHECKED = "unchecked"
    FRESH = "fresh"


SAID = {
    Standing.STALE: "Past its review date. Sums and dates from it are held back",
    Standing.CONFLICT: "Another page says something different, and nobody has settled it",
    Standing.DUE: "To be checked within 30 days",
    Standing.UNCHECKED: "Nobody has compared it with the live page yet",
    Standing.FRESH: "Checked, and not due for another check",
}


@dataclass(frozen=True)
class Shelved:
    """One source with its standing, the sections that quote it, and the open conflicts it is in."""

    source: Source
    standing: Standing
    sections: tuple[Section, ...]
    conflicts: tuple[Conflict, ...]


def shelved(pack: Pack, today: date) -> list[Shelved]:
    """Every source, the worst first, then by the next check that is due."""
    users = users_of(pack)
    order = list(Standing)
    found = [_one(pack, source, today, users.get(source.id, ())) for source in pack.sources.values()]
    return sorted(found, key=lambda one: (order.index(one.standing), one.source.review_by, one.source.title.lower()))


def _one(pack: Pack, source: Source, today: date, sections: tuple[Section, ...]) -> Shelved:
    open_ones = tuple(
        conflict
        for conflict in pack.conflicts.by_id.values()
        if conflict.state is State.OPEN and source.id in (*conflict.older.pages, *conflict.newer.pages)
    )
    return Shelved(source, standing_of(source, today, in_conflict=bool(open_ones)), sections, open_ones)


def standing_of(source: Source, today: date, *, in_conflict: bool) -> Standing:
    """The worst that is true of the source today."""
    if source.past_review(today):
        return Standing.STALE
    if in_conflict:
        return Standing.CONFLICT
    if source.review_by - today <= SOON:
        return Standing.DUE
    return Standing.FRESH if source.checked else Standing.UNCHECKED


def users_of(pack: Pack) -> dict[str, tuple[Section, ...]]:
    """Which sections quote each source, by its id; a contact's number counts as its own source."""
    users: dict[str, dict[str, Section]] = {}
    for section in pack.sections.values():
        for claim in section.claims:
            asked = [pack.contacts[id].source_of(what) for what, id in placeholders(claim.text) if id in pack.contacts]
            for source in (*claim.sources, *asked):
                users.setdefault(source, {})[section.id] = section
    return {source: tuple(sections.values()) for source, sections in users.items()}

"""Is every conflict what its state says it is, everywhere in the pack?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from knowledge.article import Section
from knowledge.conflicts import FILE, Conflict, State
from knowledge.contacts import fill
from knowledge.facts import fact_places
from knowledge.problems import Problem

if TYPE_CHECKING:
    from knowledge.pack import Pack

_REPLACED = re.compile(r"\breplac\w+", re.IGNORECASE)
_UNSURE = re.compile(r"\bnot certain\b|\bneither\b|\bcannot (?:say|give)\b|\bdo not agree\b|\bdiffer\b", re.IGNORECASE)
_ID = re.compile(r"C\d+")
_DATED = re.compile(r"\b20\d\d\b")


def check_conflicts(pack: Pack) -> Iterator[Problem]:
    """Faults of `conflicts.yaml`, and of sections that do not say what it says; none for a pack without it."""
    for section in pack.sections.values():
        if section.conflict and section.conflict not in pack.found and pack.conflicts.open_in(section) is None:
            path = pack.articles[section.article_id].path
            yield Problem(path, section.line, f"conflict {section.conflict} is not an open one in {FILE}")
    listed = {place.fact for place in fact_places(pack) if _ID.fullmatch(place.fact)}
    for id in sorted(listed - set(pack.conflicts.by_id)):
        yield Problem(FILE, 1, f"{id} is in facts.yaml and has no row here")
    for conflict in pack.conflicts.by_id.values():
        for line, message in _conflict(pack, conflict):
            yield Problem(FILE, line, f"{conflict.id}: {message}")


def _conflict(pack: Pack, conflict: Conflict) -> Iterator[tuple[int, str]]:
    at = conflict.line
    for page in (*conflict.older.pages, *conflict.newer.pages):
        if page not in pack.sources:
            yield at, f"the page {page!r} is not in sources.yaml"
    if conflict.owner not in pack.queues:
        yield at, f"its owner {conflict.owner!r} is not a queue"
    for id in (*conflict.sections, *conflict.history):
        if id not in pack.sections:
            yield at, f"the section {id} does not exist"
    yield from {State.SETTLED: _settled, State.OPEN: _open, State.WITHDRAWN: _withdrawn}[conflict.state](pack, conflict)


def _settled(pack: Pack, conflict: Conflict) -> Iterator[tuple[int, str]]:
    stated = [pack.sections[id] for id in conflict.sections if id in pack.sections]
    if not stated:
        yield conflict.line, "a settled conflict names the sections that state what is current"
    if conflict.both_stand:
        return
    if conflict.older.words is None:
        yield conflict.line, "a settled conflict gives the words of the older statement, so that it can be looked for"
    for section in stated:
        if not _REPLACED.search(section.text):
            yield conflict.line, f"{section.id} does not say that this replaced an older page"
    for section in _saying(pack, conflict):
        if section.id not in conflict.history:
            yield conflict.line, f"{section.id} still says what was replaced"
        elif not _DATED.search(section.text):
            yield conflict.line, f"{section.id} says what was replaced and gives no date"


def _open(pack: Pack, conflict: Conflict) -> Iterator[tuple[int, str]]:
    shown = [section for section in pack.sections.values() if section.conflict == conflict.id]
    if len(shown) != 1:
        yield conflict.line, f"an open conflict has one section with `conflict: {conflict.id}`; there are {len(shown)}"
    if not conflict.which:
        yield conflict.line, "an open conflict says what is known about which is newer (`which`)"
    if not conflict.older.pages or not conflict.newer.pages:
        yield conflict.line, "each statement of an open conflict names its pages"
    for section in shown:
        if not _UNSURE.search(section.blocks[0].text):
            yield conflict.line, f"{section.id} must begin by saying that neither is certain"


def _withdrawn(pack: Pack, conflict: Conflict) -> Iterator[tuple[int, str]]:
    if conflict.older.words is None:
        yield conflict.line, "a withdrawn statement gives its words, so that it can be looked for"
        return
    for section in _saying(pack, conflict):
        yield conflict.line, f"{section.id} prints what was withdrawn"
    for contact in pack.contacts.values():
        if conflict.older.words.search(f"{contact.phone} {contact.email} {contact.address}"):
            yield conflict.line, f"the contact {contact.id} is what was withdrawn"
    for language, spoken in pack.phrases.languages.items():
        if conflict.older.words.search(" ".join(spoken.phrases.values())):
            yield conflict.line, f"the phrases in {language} print what was withdrawn"


def _saying(pack: Pack, conflict: Conflict) -> Iterator[Section]:
    """The sections in which a reader would read the older statement."""
    words = conflict.older.words
    for section in pack.sections.values():
        easy = section.easy.text if section.easy else ""
        texts = [section.heading, easy, *(claim.text for claim in section.claims)]
        if words and any(words.search(fill(text, pack.contacts)) for text in texts):
            yield section

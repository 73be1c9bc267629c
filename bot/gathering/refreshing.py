"""One round: what is followed is asked for again, what is new is found, and what changed waits or is put to use.

The work follows the change: a page its server calls unchanged is neither sent nor read, one with the same bytes is not
read, one with the same words is not drafted, and of a changed one only new passages are encoded (`bot.shelf`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta

from sqlalchemy import Engine

from bot.gathering.crawling import Seen, Walk, in_reach, look, walk
from bot.gathering.fetching import Marks, Outcome, digest_of
from bot.gathering.manners import Manners
from handoff.content import ContentError, apply_draft
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.documents import BY_RULE, in_the_pack, note, propose, waiting, watches
from handoff.models import SourceWatch
from knowledge.sources.addresses import canonical, id_of
from knowledge.sources.document import Document, Trouble
from knowledge.sources.holding import Held, Shelf, Tombstone, as_text
from knowledge.sources.manifest import Followed, Manifest, Wait
from knowledge.sources.reader import Reader
from knowledge.working_hours import LONDON

Tell = Callable[[str, int, int], None]
NEW, CHANGED = "Read for the first time", "Read again: its words changed"
# What an editor must see whatever the pack says.
ALWAYS_SEEN = frozenset({Trouble.ORDERS, Trouble.HIDDEN, Trouble.HIDDEN_SHEET, Trouble.OUTSIDE, Trouble.EMPTY})


@dataclass
class Tally:
    """What a round did, counted: nothing here depends on how fast the machine is."""

    asked: int = 0
    unchanged: int = 0
    read: int = 0
    same_words: int = 0
    new: int = 0
    changed: int = 0
    moved: int = 0
    gone: int = 0
    refused: int = 0
    later: int = 0
    waiting: int = 0
    in_use: int = 0
    faults: dict[str, str] = field(default_factory=dict)

    def line(self) -> str:
        """The figures on one line, the zeros left out."""
        told = ((one.name, getattr(self, one.name)) for one in fields(self) if one.name != "faults")
        return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in told if count) or "nothing to do"


@dataclass
class Round:
    """One round over the sites of the manifest, or over one site; or files that the officer `sent_by` sent."""

    engine: Engine
    desk: Desk
    manifest: Manifest
    own: Shelf
    manners: Manners
    reader: Reader
    tell: Tell = lambda what, done, total: None
    tally: Tally = field(default_factory=Tally)
    sent_by: str = ""
    shelf: Shelf = field(init=False)
    waits: dict[str, Held | Tombstone] = field(init=False)
    watched: dict[str, SourceWatch] = field(init=False)
    at: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        with reading(self.engine) as session:
            self.shelf = in_the_pack(session, self.desk, self.own)
            self.waits = {one.one.id: one.one for one in waiting(session, self.desk, self.shelf)}
            self.watched = watches(session, self.desk)
        known = [*self.shelf.held.values(), *self.waits.values()]
        self.at = {one.url: one.id for one in known if one.url}
        self.dead = {one.url for one in self.shelf.gone.values() if one.url}

    def refresh(self, host: str = "") -> Tally:
        """Ask for everything again. Raises what the database raises; a server can raise nothing."""
        sites = {name: site for name, site in self.manifest.sites.items() if host in ("", name)}
        done: dict[str, tuple[str, ...]] = {}
        known = [one for one in self.at.items() if (site := self.manifest.followed(one[0])) and site.site.host in sites]
        for count, (url, id) in enumerate(known, start=1):
            self.tell("Asking for what is known", count, len(known))
            done[url] = self._again(url, id)
        done |= dict.fromkeys(self.dead, ())
        for name, site in sites.items():
            for count, seen in enumerate(self._new(site, done), start=1):
                self.tell(f"Looking for new pages on {name}", count, site.reach.pages)
                self._found(site, seen)
        return self.tally

    def add(self, url: str) -> Tally:
        """Follow one address from now on, also one that was taken out before."""
        spelt = canonical(url)
        site = self.manifest.followed(spelt)
        if site is None:
            self.tally.faults[url] = "not_listed"
            return self.tally
        self.dead.discard(spelt)
        if spelt in self.at:
            self._again(spelt, self.at[spelt])
        else:
            self._found(site, look(site, spelt, self._walk({})))
        return self.tally

    def take_file(self, data: bytes, name: str, url: str = "") -> tuple[str, bool]:
        """Take in a file from a person's own machine; `url` is where families find it. Its id, and whether it is new.

        One that an officer sent waits for an editor whatever the pack says. Raises `UnreadableError`, and `ValueError`
        for an address that is none.
        """
        place = canonical(url) if url else ""
        document = self.reader.read(data, name)
        self.tally.read += 1
        id = id_of(place or f"file:///{name}")
        self._keep(id, document, place, digest_of(data), file=name)
        return id, not self.tally.same_words

    def _walk(self, done: Mapping[str, tuple[str, ...]]) -> Walk:
        return Walk(self.manners, self.reader, done)

    def _new(self, site: Followed, done: Mapping[str, tuple[str, ...]]) -> Iterator[Seen]:
        yield from walk(site, self._walk(done))

    def _again(self, url: str, id: str) -> tuple[str, ...]:
        """Ask for a known page again; the links to go on from."""
        site, row = self.manifest.followed(url), self.watched.get(id)
        held = self.waits.get(id) or self.shelf.held.get(id)
        links = held.document.links if isinstance(held, Held) else ()
        if site is None or isinstance(held, Tombstone):
            return links
        marks = Marks(row.etag, row.modified) if row else Marks()
        seen = look(site, url, self._walk({}), marks, row.sha256 if row else "")
        self.tally.asked += 1
        if seen.fetched.outcome is Outcome.UNCHANGED:
            return self._unchanged(id, seen, links)
        if seen.fetched.outcome is Outcome.GONE:
            self._gone(id, url, "The page is not there any more")
            return ()
        if seen.document is None:
            self._not_read(id, seen)
            return links
        if seen.fetched.moved:
            return self._moved(id, seen)
        self.tally.read += 1
        self._keep(id, seen.document, url, seen.fetched.digest, seen)
        return seen.document.links

    def _unchanged(self, id: str, seen: Seen, links: tuple[str, ...]) -> tuple[str, ...]:
        self.tally.unchanged += 1
        with transaction(self.engine) as session:
            now = self.desk.now()
            note(session, self.desk, id, seen.url, unchanged_at=now, missing_at=None, fault="")
        return links

    def _moved(self, id: str, seen: Seen) -> tuple[str, ...]:
        """The page has a new address for good: the same document there, unless another is there already."""
        assert seen.document is not None
        there = canonical(seen.fetched.url)
        self.tally.moved += 1
        self.tally.read += 1
        if self.at.get(there, id) != id:
            self._gone(id, seen.url, f"It is now {there}, which is held already")
            return ()
        self.at[there] = id
        self._keep(id, seen.document, there, seen.fetched.digest, seen, moved=True)
        return seen.document.links

    def _found(self, site: Followed, seen: Seen) -> None:
        """A page that was not known."""
        self.tally.asked += 1
        if seen.document is None:
            if seen.fetched.outcome is not Outcome.GONE:
                self._count_fault(seen)
            return
        self.tally.read += 1
        url = self._named(site, seen)
        if url in self.dead or url in self.at:
            return
        self._keep(id_of(url), seen.document, url, seen.fetched.digest, seen)
        self.at[url] = id_of(url)

    def _named(self, site: Followed, seen: Seen) -> str:
        """The address the page goes by: the one it claims, if that is on its site; letter case alone makes two."""
        assert seen.document is not None
        here = canonical(seen.fetched.url)
        claimed = seen.document.canonical
        if not claimed:
            return here
        try:
            there = canonical(claimed)
        except ValueError:
            return here
        if there.lower() == here.lower() or not in_reach(site, there):
            return here
        return there

    def _keep(
        self,
        id: str,
        document: Document,
        url: str,
        digest: str,
        seen: Seen | None = None,
        *,
        file: str = "",
        moved: bool = False,
    ) -> None:
        """Draft what was read where its words are new; put it to use where it need not wait."""
        before, care = self.shelf.held.get(id), self.manifest.care_for(url)
        today = self.desk.now().astimezone(LONDON).date()
        made = Held(
            id=id,
            document=document,
            read_on=today,
            review_by=today + timedelta(days=care.review_days),
            owner=care.owner,
            generation=care.generation,
            sha256=digest,
            url=url,
            file=file,
            title=before.title if before else "",
            topics=care.topics,
            audience=care.audience,
            allowed=before.allowed if before else (),
        )
        latest = self.waits.get(id) or before
        same = isinstance(latest, Held) and _words(latest) == _words(made)
        known_before = latest is None and id in self.watched and self.watched[id].sha256 == digest
        declined = known_before and not self.sent_by
        marks = seen.fetched.marks if seen else Marks()
        known = {"etag": marks.etag, "modified": marks.modified, "sha256": digest, "fault": "", "missing_at": None}
        with transaction(self.engine) as session:
            note(session, self.desk, id, url, fetched_at=self.desk.now(), **known)
            if same or declined:
                self.tally.same_words += 1
                return
            self._draft(session, made, before, "Moved" if moved else CHANGED if before else NEW)
        self.tally.changed += before is not None and not moved
        self.tally.new += before is None

    def _gone(self, id: str, url: str, why: str) -> None:
        self.tally.gone += 1
        before = self.shelf.held.get(id)
        today = self.desk.now().astimezone(LONDON).date()
        with transaction(self.engine) as session:
            row = self.watched.get(id)
            missing = row.missing_at if row and row.missing_at else self.desk.now()
            note(session, self.desk, id, url, missing_at=missing, fault="gone", etag="", modified="", sha256="")
            if before is not None and not isinstance(self.waits.get(id), Tombstone):
                self._draft(session, Tombstone(id, today, url, why), before, why)

    def _draft(self, session: object, one: Held | Tombstone, before: Held | None, why: str) -> None:
        was = as_text(before) if before else self._stone(one.id)
        row = propose(session, self.desk, one, was, why, self.sent_by or "system")  # type: ignore[arg-type]
        self.waits[one.id] = one
        if self.sent_by or must_wait(self.manifest.wait, one, before):
            self.tally.waiting += 1
            return
        try:
            apply_draft(session, self.desk, BY_RULE, row.id, was)  # type: ignore[arg-type]
            self.tally.in_use += 1
        except ContentError as error:
            self.tally.faults[one.id] = str(error)

    def _stone(self, id: str) -> str:
        stone = self.shelf.gone.get(id)
        return as_text(stone) if stone else ""

    def _not_read(self, id: str, seen: Seen) -> None:
        self._count_fault(seen)
        with transaction(self.engine) as session:
            note(session, self.desk, id, seen.url, fault=seen.fault or "unreadable")

    def _count_fault(self, seen: Seen) -> None:
        self.tally.faults[seen.url] = seen.fault
        if seen.fetched.outcome is Outcome.LATER:
            self.tally.later += 1
        else:
            self.tally.refused += 1


def must_wait(wait: Wait, one: Held | Tombstone, before: Held | None) -> bool:
    """Whether an editor must see this before it is answered from."""
    if isinstance(one, Held) and any(found.trouble in ALWAYS_SEEN for found in one.document.findings):
        return True
    return wait is Wait.ALWAYS or (wait is Wait.CHANGED and before is not None)


def _words(held: Held) -> Held:
    """The document without its days, its bytes' hash and its links: what an editor would look at."""
    plain = replace(held.document, links=(), canonical=None, updated=None)
    unchecked = replace(held, checked=None, checked_by="")
    return replace(unchecked, document=plain, read_on=date.min, review_by=date.min, sha256="")

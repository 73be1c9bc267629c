"""A pack: one council's content, read whole and held as immutable values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

from knowledge.article import Article, Generation, Section, Source
from knowledge.calendar import WorkingCalendar, read_calendar
from knowledge.conflicts import Conflicts, read_conflicts, with_cards
from knowledge.contacts import Contact
from knowledge.deadline_records import read_deadlines
from knowledge.deadlines import Deadlines
from knowledge.disagreeing.cards import Found, read_decisions, with_found
from knowledge.glossary import Glossary
from knowledge.phrases import Phrases, read_phrases
from knowledge.planner import Planner, read_planner
from knowledge.priorities import Pressing, read_priorities
from knowledge.problems import PackError, Problem
from knowledge.queue_records import read_queues
from knowledge.reading import read_article
from knowledge.records import read_contacts, read_glossary, read_sources
from knowledge.routing import Queue
from knowledge.rules.reading import read_tables
from knowledge.rules.table import Table
from knowledge.safeguarding import Safeguarding, folded, read_safeguarding
from knowledge.saved_replies import SavedReply, read_saved_replies
from knowledge.sources.holding import Held, Tombstone, read_shelf
from knowledge.sources.manifest import Manifest, read_manifest
from knowledge.sources.shelving import article_of, source_of
from knowledge.thresholds import Threshold, read_thresholds
from knowledge.yaml_files import read_mapping, read_text, strings

T = TypeVar("T")

PACKS = Path(__file__).parent / "packs"


@dataclass(frozen=True)
class Pack:
    """Everything one council's assistant knows. `frame_hosts` are the council's sites that may show the panel.

    `documents` are real pages and files that were read and approved: each is also among `articles` and `sources`.
    `gone` are those taken out. `found` is where what was read disagrees with something else.
    """

    id: str
    council: str
    folder: Path
    languages: tuple[str, ...]
    local_names: tuple[str, ...]
    other_councils: tuple[str, ...]
    laws: tuple[str, ...]
    articles: Mapping[str, Article]
    sources: Mapping[str, Source]
    generations: tuple[Generation, ...]
    contacts: Mapping[str, Contact]
    queues: Mapping[str, Queue]
    glossary: Glossary
    safeguarding: Safeguarding
    phrases: Phrases
    conflicts: Conflicts = field(default_factory=Conflicts)
    thresholds: tuple[Threshold, ...] = ()
    mip: tuple[Table, ...] = ()
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    deadlines: Deadlines = field(default_factory=Deadlines)
    planner: Planner = field(default_factory=Planner)
    prefix: str = "AW"
    priorities: Mapping[str, Pressing] = field(default_factory=dict)
    frame_hosts: tuple[str, ...] = ()
    full_name: str = ""
    following: Manifest = field(default_factory=Manifest)
    documents: Mapping[str, Held] = field(default_factory=dict)
    gone: Mapping[str, Tombstone] = field(default_factory=dict)
    found: Mapping[str, Found] = field(default_factory=dict)
    replies: tuple[SavedReply, ...] = ()
    starters: tuple[str, ...] = ()

    def section(self, id: str) -> Section:
        """The section called `article#anchor`. Raises `KeyError`."""
        return self.sections[id]

    @cached_property
    def sections(self) -> dict[str, Section]:
        return {section.id: section for article in self.articles.values() for section in article.sections}

    def started_by(self, text: str) -> str | None:
        """The section behind a question we offer to press, in whichever language it is; none for any other text."""
        return self._started.get(folded(text))

    @cached_property
    def _started(self) -> dict[str, str]:
        spoken = self.phrases.languages.values()
        named = ((f"starter_{number}", id) for number, id in enumerate(self.starters, start=1))
        return {folded(one.pages[key]): id for key, id in named for one in spoken if key in one.pages}

    def fingerprint(self) -> str:
        """Changes when any file of the pack changes."""
        digest = hashlib.sha256()
        for file in sorted(self.folder.rglob("*")):
            if file.is_file():
                digest.update(file.relative_to(self.folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
        return digest.hexdigest()


def pack_folder(name_or_path: str) -> Path:
    """The folder of a pack, given its name (`hounslow`) or a path. Raises `PackError` when there is none."""
    for folder in (PACKS / name_or_path, Path(name_or_path)):
        if (folder / "pack.yaml").is_file():
            return folder
    known = ", ".join(sorted(folder.name for folder in PACKS.iterdir() if (folder / "pack.yaml").is_file()))
    raise PackError(
        [Problem(name_or_path, 1, f"no pack here: a pack is a folder with a pack.yaml (there is: {known})")]
    )


def load_pack(folder: Path) -> Pack:
    """The pack in `folder`. Raises `PackError` with every file that cannot be read as it stands."""
    problems: list[Problem] = []
    settings = _take(read_mapping(folder, "pack.yaml"), problems)
    generations, sources = _take(read_sources(folder), problems)
    contacts = _take(read_contacts(folder), problems)
    calendar = _take(read_calendar(folder), problems)
    queues = _take(read_queues(folder, calendar), problems)
    glossary = _take(read_glossary(folder), problems)
    conflicts = _take(read_conflicts(folder), problems)
    thresholds = _take(read_thresholds(folder), problems)
    written = with_cards(_read_articles(folder, problems), conflicts, sources, queues)
    following = _take(read_manifest(folder), problems)
    shelf = _take(read_shelf(folder), problems)
    safeguarding = _take(read_safeguarding(folder), problems)
    languages = strings(settings.get("languages")) or ("en",)
    phrases = _take(read_phrases(folder, languages), problems)
    mip = _take(read_tables(folder, "mip"), problems)
    deadlines = _take(read_deadlines(folder), problems)
    planner = _take(read_planner(folder), problems)
    prefix = _prefix(settings, problems)
    priorities = _take(read_priorities(folder), problems)
    decisions = _take(read_decisions(folder), problems)
    known = {one.id: one for one in generations}
    held_back = partial(_held_back, phrases)
    articles = {**written, **{id: article_of(one, contacts, held_back) for id, one in shelf.held.items()}}
    sources = {**sources, **{id: source_of(one, known) for id, one in shelf.held.items()}}
    if not articles:
        problems.append(Problem("articles", 1, "this pack has no articles"))
    replies = _take(read_saved_replies(folder), problems)
    if problems:
        raise PackError(problems)
    pack = Pack(
        id=str(settings.get("id") or folder.name),
        council=str(settings.get("council") or folder.name),
        folder=folder,
        languages=languages,
        local_names=strings(settings.get("local_names")) or (),
        other_councils=strings(settings.get("other_councils")) or (),
        frame_hosts=strings(settings.get("frame_hosts")) or (),
        full_name=str(settings.get("full_name") or ""),
        laws=strings(settings.get("laws")) or (),
        articles=articles,
        sources=sources,
        generations=generations,
        contacts=contacts,
        queues=queues,
        glossary=glossary,
        safeguarding=safeguarding,
        phrases=phrases,
        conflicts=conflicts,
        thresholds=thresholds,
        mip=mip,
        calendar=calendar,
        deadlines=deadlines,
        planner=planner,
        prefix=prefix,
        priorities=priorities,
        following=following,
        documents=shelf.held,
        gone=shelf.gone,
        replies=replies,
        starters=strings(settings.get("starters")) or (),
    )
    return with_found(pack, decisions)


def _prefix(settings: Mapping[str, Any], problems: list[Problem]) -> str:
    """What every reference begins with: two to four capital letters."""
    given = str(settings.get("reference_prefix") or "AW")
    if not re.fullmatch(r"[A-Z]{2,4}", given):
        problems.append(Problem("pack.yaml", 1, f"reference_prefix {given!r} must be two to four capital letters"))
    return given


def _held_back(phrases: Phrases, kind: str) -> str:
    """What stands in the place of a number, an email or a link that nobody stands for."""
    return phrases.say(f"held_back_{kind}")


def _take(read: tuple[T, list[Problem]], problems: list[Problem]) -> T:
    value, faults = read
    problems += faults
    return value


@lru_cache(maxsize=256)
def _as_read(text: str, path: str) -> tuple[Article | None, tuple[Problem, ...]]:
    """An article is read once however often the pack is: of a pack that changed, most files did not."""
    article, faults = read_article(text, path)
    return article, tuple(faults)


def _article_of(text: str, path: str) -> tuple[Article | None, list[Problem]]:
    article, faults = _as_read(text, path)
    return article, list(faults)


def _read_articles(folder: Path, problems: list[Problem]) -> dict[str, Article]:
    articles: dict[str, Article] = {}
    for file in sorted((folder / "articles").rglob("*.md")):
        path = file.relative_to(folder).as_posix()
        article = _take(_article_of(_take(read_text(file, path), problems), path), problems)
        if article is None:
            continue
        if article.id in articles:
            problems.append(Problem(path, 2, f"the id {article.id} is already used by {articles[article.id].path}"))
        articles[article.id] = article
    return articles

"""Where two pages say different things: the statements, their state, and the card an open one is shown as."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from knowledge.article import Article, Block, Claim, Section, Source
from knowledge.problems import Problem
from knowledge.routing import Queue
from knowledge.yaml_files import read_mapping, strings

FILE = "conflicts.yaml"
DIFFER_IN = ("date", "number", "age", "fee", "phone", "address", "name", "rule")


class State(StrEnum):
    """What is to be done about two statements that differ."""

    SETTLED = "settled"
    OPEN = "open"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Statement:
    """What one side says, on which pages; `words` finds it in a text."""

    says: str
    pages: tuple[str, ...]
    words: re.Pattern[str] | None = None


@dataclass(frozen=True)
class Conflict:
    """Two statements about one thing. `sections` state the newer; `history` the older, with its date.

    `why` says why the newer one counts; `which`, in a card, what is known about which is newer. `both_stand` when
    both are true as they are worded (two names of one plan), so that there is nothing to replace.
    """

    id: str
    about: str
    differ_in: str
    state: State
    older: Statement
    newer: Statement
    owner: str
    why: str = ""
    which: str = ""
    sections: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    both_stand: bool = False
    line: int = 1

    def kept_apart(self, one: str, other: str) -> bool:
        """True when one section is on the older side and the other on the newer: they are not for one answer."""
        sides = {one in self.history, other in self.history}
        return len(sides) == 2 and bool({one, other} & {*self.sections})


@dataclass(frozen=True)
class Conflicts:
    """All of a pack's, by id."""

    by_id: Mapping[str, Conflict] = field(default_factory=dict)

    def kept_apart(self, one: str, other: str) -> bool:
        """True when the sections `one` and `other` may not stand in one answer."""
        return any(conflict.kept_apart(one, other) for conflict in self.by_id.values())

    def current_for(self, section: str) -> tuple[str, ...]:
        """The sections that state what replaced what `section` says; none when nothing did."""
        return next((one.sections for one in self.by_id.values() if section in one.history), ())

    def open_in(self, section: Section) -> Conflict | None:
        """The open conflict that `section` shows, if it names one."""
        found = self.by_id.get(section.conflict or "")
        return found if found and found.state is State.OPEN else None


def read_conflicts(folder: Path) -> tuple[Conflicts, list[Problem]]:
    """The conflicts of `conflicts.yaml`, and what is wrong with them; none for a pack without that file."""
    if not (folder / FILE).exists():
        return Conflicts(), []
    given, problems = read_mapping(folder, FILE)
    lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    found: dict[str, Conflict] = {}
    rows = given.get("conflicts") or {}
    if not isinstance(rows, dict):
        return Conflicts(), [*problems, Problem(FILE, 1, "conflicts must be ids, each with its row")]
    for id, row in rows.items():
        line = next((number for number, text in enumerate(lines, 1) if text.startswith(f"  {id}:")), 1)
        try:
            found[str(id)] = _conflict(str(id), row, line)
        except ValueError as error:
            problems.append(Problem(FILE, line, f"{id}: {error}"))
    return Conflicts(found), problems


def _conflict(id: str, row: Any, line: int) -> Conflict:
    """Raises `ValueError` with what the row lacks."""
    if not isinstance(row, dict):
        raise ValueError("it needs about, differ_in, state, older, newer and owner")
    unknown = set(row) - {*Conflict.__dataclass_fields__} - {"line"}
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} is not a name known here")
    if row.get("state") not in [*State]:
        raise ValueError(f"its state {row.get('state')!r} is none of {', '.join(State)}")
    if row.get("differ_in") not in DIFFER_IN:
        raise ValueError(f"differ_in {row.get('differ_in')!r} is none of {', '.join(DIFFER_IN)}")
    sections, history = strings(row.get("sections")), strings(row.get("history"))
    if sections is None or history is None:
        raise ValueError("sections and history are lists of article#anchor")
    return Conflict(
        id=id,
        about=_text(row, "about"),
        differ_in=str(row["differ_in"]),
        state=State(row["state"]),
        older=_statement(row, "older"),
        newer=_statement(row, "newer"),
        owner=_text(row, "owner"),
        why=str(row.get("why") or ""),
        which=str(row.get("which") or ""),
        sections=sections,
        history=history,
        both_stand=row.get("both_stand") is True,
        line=line,
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"it has no {name}")
    return value.strip()


def _statement(row: Mapping[str, Any], side: str) -> Statement:
    given = row.get(side)
    if not isinstance(given, dict):
        raise ValueError(f"{side} needs says and pages")
    pages = strings(given.get("pages"))
    if pages is None:
        raise ValueError(f"{side}: pages is a list of ids of sources.yaml")
    try:
        words = re.compile(str(given["words"]), re.IGNORECASE) if given.get("words") else None
    except re.error as error:
        raise ValueError(f"{side}: its words are no pattern: {error}") from None
    return Statement(_text(given, "says"), pages, words)


def with_cards(
    articles: Mapping[str, Article],
    conflicts: Conflicts,
    sources: Mapping[str, Source],
    queues: Mapping[str, Queue],
) -> dict[str, Article]:
    """The articles, each section that names an open conflict with its card after the first paragraph."""

    def carded(section: Section) -> Section:
        conflict = conflicts.open_in(section)
        if conflict is None:
            return section
        first, rest = section.blocks[:1], section.blocks[1:]
        return replace(section, blocks=(*first, *card(conflict, section, sources, queues), *rest))

    return {
        id: replace(article, sections=tuple(carded(section) for section in article.sections))
        for id, article in articles.items()
    }


def card(
    conflict: Conflict, section: Section, sources: Mapping[str, Source], queues: Mapping[str, Queue]
) -> tuple[Block, ...]:
    """Both statements with their dates, then what is known about which is newer, and who looks after it."""
    owner = queues[conflict.owner].name if conflict.owner in queues else conflict.owner
    last = f"{conflict.which} Who looks after this: {owner}."
    statements = [_item(side, section.line, sources) for side in (conflict.older, conflict.newer)]
    return (*statements, Block((Claim(last, ("askwell",), section.line),)))


def _item(side: Statement, line: int, sources: Mapping[str, Source]) -> Block:
    pages = [sources[page] for page in side.pages if page in sources]
    dates = dict.fromkeys(page.page_updated or "not known" for page in pages)
    return Block((Claim(f"{side.says} Page date: {' and '.join(dates)}.", side.pages, line),), is_item=True)

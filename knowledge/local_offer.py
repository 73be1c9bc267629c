"""Is the Local Offer in good health? Dead links, stale pages, hard words, acronyms, and what the law wants to be there.

The SEND Regulations 2014 (Schedule 2) and the Children and Families Act 2014 (section 30) say what a Local Offer must
hold: `local_offer.yaml`, with where each line of it was read. Each is looked for by its words. That words are found
is no proof that a duty is met: it says where a person should look first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.article import Section
from knowledge.check import EVERYDAY
from knowledge.contacts import fill
from knowledge.pack import Pack
from knowledge.readability import grade
from knowledge.sources.faults import said as in_words

# A reader of this grade is about 14; families' pages should be read at 11 (grade 6).
HARD_GRADE = 9.0
MOST_PLACES = 5
_ACRONYM = re.compile(r"\b[A-Z]{2,6}s?\b")

# How a line's state is said, and what its columns are called.
STATES = {"good": "Found", "look": "Look at this", "missing": "Missing"}
HEAD = ("Part", "What", "State", "Why", "Where")
LAW = "What the law wants"
CONTENT = Path(__file__).parent / "local_offer.yaml"


@dataclass(frozen=True)
class Line:
    """One line of the report. `state` is `good`, `look` or `missing`; `where` are places a person should look at."""

    part: str
    what: str
    state: str
    said: str
    where: tuple[str, ...] = ()


def health(pack: Pack, today: date, links: Mapping[str, str] | None = None) -> list[Line]:
    """The whole report. `links` are addresses with what became of asking for them; empty means alive."""
    return [
        *_content(pack),
        *_links(pack, links or {}),
        *_stale(pack, today),
        *_hard(pack),
        *_acronyms(pack),
    ]


@cache
def checklist() -> Any:
    """`local_offer.yaml`: its `lines`, where each was `seen`, and what is `not_judged`."""
    return yaml.safe_load(CONTENT.read_text(encoding="utf-8"))


def _content(pack: Pack) -> Iterable[Line]:
    texts = [(section, _text(pack, section)) for section in pack.sections.values()]
    law = checklist()
    for row in law["lines"]:
        pattern = re.compile(row["words"], re.IGNORECASE)
        found = [section for section, text in texts if pattern.search(text)]
        where = tuple(_named(pack, section) for section in found[:MOST_PLACES])
        state = "good" if len(found) > 1 else "look" if found else "missing"
        said = f"{row['law']}: words found in {len(found)} {'place' if len(found) == 1 else 'places'}"
        yield Line(LAW, row["what"], state, said, where)
    left = f"{law['not_judged']}: nobody who made this list has read them. Read them, and look for what they want"
    yield Line(LAW, "What is not judged here", "look", left)


def _links(pack: Pack, links: Mapping[str, str]) -> Iterable[Line]:
    for url, fault in sorted(links.items()):
        if fault:
            users = [source.title for source in pack.sources.values() if (source.url or "") == url]
            yield Line("Links", url, "missing", f"It was not read: {in_words(fault)}", tuple(users[:MOST_PLACES]))


def _stale(pack: Pack, today: date) -> Iterable[Line]:
    for source in pack.sources.values():
        if source.past_review(today):
            days = (today - source.review_by).days
            yield Line(
                "Stale pages",
                source.title,
                "look",
                f"{days} {'day' if days == 1 else 'days'} past its review date",
                (source.url or "",),
            )


def _hard(pack: Pack) -> Iterable[Line]:
    for section in pack.sections.values():
        level = grade(_text(pack, section))
        if "family" in section.audience and level > HARD_GRADE and len(section.text.split()) > 30:
            said = f"reading age about {round(level + 5)}; families need 11"
            yield Line("Hard to read", section.heading, "look", said, (_named(pack, section),))


def _acronyms(pack: Pack) -> Iterable[Line]:
    known = pack.glossary.known()
    used: dict[str, list[str]] = {}
    for section in pack.sections.values():
        text = _text(pack, section)
        for found in dict.fromkeys(_ACRONYM.findall(text)):
            plain = found.rstrip("s")
            spelt = f"({plain})" in text or f"({found})" in text
            if len(plain) > 1 and plain not in EVERYDAY and plain.lower() not in known and not spelt:
                used.setdefault(plain, []).append(_named(pack, section))
    for acronym, places in sorted(used.items(), key=lambda one: (-len(one[1]), one[0])):
        said = f"not explained in {len(places)} {'place' if len(places) == 1 else 'places'}"
        yield Line("Acronyms", acronym, "look", said, tuple(places[:MOST_PLACES]))


def _text(pack: Pack, section: Section) -> str:
    return fill(f"{section.heading}. {section.text}", pack.contacts)


def _named(pack: Pack, section: Section) -> str:
    return f"{pack.articles[section.article_id].title}: {section.heading}"

"""Is this pack fit to answer from? Every rule that a claim, a link, a date or a word must keep."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.article import Article, Claim, Kind, Section
from knowledge.check_conflicts import check_conflicts
from knowledge.check_dates import check_dates
from knowledge.check_queues import check_queues
from knowledge.contacts import placeholders
from knowledge.easy_words import easy_faults
from knowledge.facts import fact_places, missing_facts
from knowledge.pack import Pack
from knowledge.problems import Problem
from knowledge.readability import longest_sentence
from knowledge.rules.checking import check_table
from knowledge.saved_replies import check_saved_replies
from knowledge.sources.shelving import is_document
from knowledge.thresholds import omissions

OWN = "askwell"
FEWEST_PHRASINGS = 3
MOST_WORDS = {"family": 24, "senco": 32}
# Read as words, not as acronyms that a family must have explained.
EVERYDAY = frozenset({"UK", "OK", "ID", "PDF", "FAQ", "AM", "PM", "TV", "II", "III", "IV", "CSV", "A4"})

_ACRONYM = re.compile(r"\b[A-Z][A-Za-z]*[A-Z][A-Za-z]*s?\b")
_PHONE = re.compile(r"(?<![\d£/])(?:\+44|0)[\d ]{8,14}\d(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_SUM = re.compile(r"£\s?\d")
_LINK = re.compile(r"\]\(([^)]+)\)")


def check_pack(pack: Pack) -> list[Problem]:
    """Every fault in `pack`, with file and line, sorted; none when it is fit."""
    problems = [*_sources(pack), *_contacts(pack), *_safeguarding(pack), *missing_facts(pack), *_rules(pack)]
    problems += [*check_dates(pack), *check_queues(pack), *check_conflicts(pack)]
    problems += [
        Problem("pack.yaml", 1, f"the starter {id!r} is not a section")
        for id in pack.starters
        if id not in pack.sections
    ]
    problems += check_saved_replies(pack.replies, pack.sources, pack.contacts)
    for article in pack.articles.values():
        problems += _document(pack, article) if is_document(article) else _article(pack, article)
    return sorted(set(problems))


def _sources(pack: Pack) -> Iterator[Problem]:
    lines = (pack.folder / "sources.yaml").read_text(encoding="utf-8").splitlines()
    where = {id: next((n for n, line in enumerate(lines, 1) if line == f"  {id}:"), 1) for id in pack.sources}
    urls: dict[str, str] = {}
    for id, source in pack.sources.items():
        if source.review_by < source.copy_read and source.page_updated is None:
            yield Problem("sources.yaml", where[id], f"{id}: review_by is before the day the copy was read")
        if source.checked and source.checked < source.copy_read:
            yield Problem("sources.yaml", where[id], f"{id}: checked is before the day the copy was read")
        if source.owner not in pack.queues:
            yield Problem("sources.yaml", where[id], f"{id}: its owner {source.owner!r} is not a queue")
        if source.url and source.url in urls:
            yield Problem("sources.yaml", where[id], f"{id}: the same address as {urls[source.url]}")
        urls[source.url or id] = id


def _contacts(pack: Pack) -> Iterator[Problem]:
    for contact in pack.contacts.values():
        for source in (contact.source, contact.address_source):
            if source and source not in pack.sources:
                yield Problem("contacts.yaml", 1, f"{contact.id}: its source {source!r} is not in sources.yaml")


def _safeguarding(pack: Pack) -> Iterator[Problem]:
    for kind in pack.safeguarding.kinds.values():
        for line in kind.lines:
            contact = pack.contacts.get(line.contact)
            if line.contact and (contact is None or not contact.safeguarding):
                yield Problem("safeguarding.yaml", 1, f"{kind.id}: {line.contact!r} is not a safeguarding contact")
        if "I am a computer. Nobody is reading this now." not in kind.text:
            yield Problem("safeguarding.yaml", 1, f"{kind.id}: the text must say that nobody is reading this now")


def _rules(pack: Pack) -> Iterator[Problem]:
    facts = frozenset(place.fact for place in fact_places(pack))
    for table in pack.mip:
        yield from check_table(
            table,
            sections=pack.sections,
            sources=pack.sources,
            queues=pack.queues,
            contacts=pack.contacts,
            facts=facts,
        )


def _document(pack: Pack, article: Article) -> Iterator[Problem]:
    """A real document's words are its own: only that somebody looks after it is asked of it."""
    held = pack.documents[article.id]
    if article.queue not in pack.queues:
        yield Problem(article.path, 1, f"the queue {article.queue!r} is not in queues.yaml")
    if held.generation and held.generation not in {one.id for one in pack.generations}:
        yield Problem(article.path, 1, f"its generation {held.generation!r} is not listed in sources.yaml")


def _article(pack: Pack, article: Article) -> Iterator[Problem]:
    if article.queue not in pack.queues:
        yield Problem(article.path, 1, f"the queue {article.queue!r} is not in queues.yaml")
    anchors: set[str] = set()
    for section in article.sections:
        if section.anchor in anchors:
            yield Problem(article.path, section.line, f"the anchor #{section.anchor} is used twice")
        anchors.add(section.anchor)
        for line, message in _section(pack, section):
            yield Problem(article.path, line, message)


def _section(pack: Pack, section: Section) -> Iterator[tuple[int, str]]:
    if len(section.asked_as) < FEWEST_PHRASINGS:
        yield section.line, f"asked_as has {len(section.asked_as)} phrasings; {FEWEST_PHRASINGS} are the fewest"
    if not section.blocks:
        yield section.line, "this section says nothing"
    if section.queue not in pack.queues:
        yield section.line, f"the queue {section.queue!r} is not in queues.yaml"
    if len(section.steps) > 4:
        yield section.line, "four steps are the most"
    if section.kind is Kind.CLARIFY and not 2 <= len(section.choices) <= 4:
        yield section.line, "a section that asks back has two to four choices"
    for choice in section.choices:
        if choice.section not in pack.sections:
            yield section.line, f"the choice {choice.label!r} leads to {choice.section}, which does not exist"
    for claim in (c for block in section.blocks for c in block.claims):
        yield from _sourced(claim)
    for claim in section.conditions:
        yield from _sourced(claim)
    for claim in section.claims:
        yield from _claim(pack, claim, section)
    for omitted in omissions(pack.thresholds, section):
        yield section.line, omitted
    yield from _easy(pack, section)


def _easy(pack: Pack, section: Section) -> Iterator[tuple[int, str]]:
    if section.easy is None:
        return
    yield from easy_faults(section, pack.glossary)
    for claim in section.easy.claims:
        yield from _claim(pack, claim, section)
    read = [pack.sources[id].copy_read for claim in section.claims for id in claim.sources if id in pack.sources]
    if section.easy.checked and section.easy.checked < max(read, default=section.easy.checked):
        yield section.line, "easy_checked is before the day a copy it rests on was read: compare the two again"


def _sourced(claim: Claim) -> Iterator[tuple[int, str]]:
    if not claim.sources and not placeholders(claim.text):
        yield claim.line, f"a claim with no source: {_short(claim.text)}"


def _claim(pack: Pack, claim: Claim, section: Section) -> Iterator[tuple[int, str]]:
    for id in claim.sources:
        if id not in pack.sources:
            yield claim.line, f"the source {id!r} is not in sources.yaml"
    for what, id in placeholders(claim.text):
        contact = pack.contacts.get(id)
        if contact is None:
            yield claim.line, f"the contact {id!r} is not in contacts.yaml"
        elif not contact.says(what):
            yield claim.line, f"the contact {id} has no {what}"
    if _PHONE.search(claim.text) or _EMAIL.search(claim.text):
        yield claim.line, f"a phone number or email belongs in contacts.yaml: {_short(claim.text)}"
    if _SUM.search(claim.text) and not [id for id in claim.sources if id != OWN]:
        yield claim.line, f"a sum with no source: {_short(claim.text)}"
    for link in _LINK.findall(claim.text):
        yield claim.line, f"link by source or by choice, not inside a sentence: {link}"
    yield from _readable(pack, claim, section)


def _readable(pack: Pack, claim: Claim, section: Section) -> Iterator[tuple[int, str]]:
    budget = MOST_WORDS["family" if "family" in section.audience or "young_person" in section.audience else "senco"]
    count, sentence = longest_sentence(claim.text)
    if count > budget:
        yield claim.line, f"a sentence of {count} words; {budget} are the most here: {_short(sentence)}"
    known = pack.glossary.known()
    for acronym in dict.fromkeys(_ACRONYM.findall(claim.text)):
        plain = acronym.rstrip("s") if acronym[:-1].isupper() else acronym
        unknown = plain.isupper() and plain not in EVERYDAY and plain.lower() not in known
        if unknown and f"({plain})" not in section.text:
            yield claim.line, f"the acronym {plain} is not in glossary.yaml and not spelt out here"


def _short(text: str) -> str:
    return text if len(text) <= 70 else text[:67] + "..."

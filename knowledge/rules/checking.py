"""Is a rules file fit to decide from? Each row stands on the pack's own words, and every question can be put."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from knowledge.article import Section
from knowledge.contacts import Contact, placeholders
from knowledge.problems import Problem
from knowledge.readability import longest_sentence
from knowledge.rules.asking import pages
from knowledge.rules.table import Basis, Case, Criterion, Effect, Table

MOST_PAGES = 12
MOST_WORDS = 32
LONGEST_LABEL = 24  # a button on Telegram
_NEVER = re.compile(r"\b(?:reject\w*|simply|just|should)\b", re.IGNORECASE)


def check_table(
    table: Table,
    *,
    sections: Mapping[str, Section],
    sources: Mapping[str, object],
    queues: Mapping[str, object],
    contacts: Mapping[str, Contact],
    facts: frozenset[str],
) -> list[Problem]:
    """Every fault of `table` against the pack it belongs to; `facts` may be empty where a pack lists none."""
    faults = [fault for row in table.rows for fault in _row(row, sections, sources, queues, facts)]
    faults += [*_asking(table), *_words(table, contacts), *_rows_as_a_whole(table)]
    if table.owner not in queues:
        faults.append(f"its owner {table.owner!r} is not a queue")
    return [Problem(table.path, 1, fault) for fault in faults]


def _row(
    row: Criterion,
    sections: Mapping[str, Section],
    sources: Mapping[str, object],
    queues: Mapping[str, object],
    facts: frozenset[str],
) -> Iterator[str]:
    at = f"row {row.number}"
    if not row.sources:
        yield f"{at}: it has no source"
    for source in row.sources:
        if source not in sources:
            yield f"{at}: the source {source!r} is not in sources.yaml"
    for fact in row.facts:
        if facts and fact not in facts:
            yield f"{at}: {fact} is not in facts.yaml"
    yield from (f"{at}: {fault}" for fault in _quote(row, sections))
    for case in row.cases:
        if case.queue and case.queue not in queues:
            yield f"{at}: the queue {case.queue!r} is not in queues.yaml"
        yield from (f"{at}: {fault}" for fault in _case(row, case))


def _quote(row: Criterion, sections: Mapping[str, Section]) -> Iterator[str]:
    section = sections.get(row.section)
    if section is None:
        yield f"the section {row.section} does not exist"
        return
    said = next((claim for claim in section.claims if row.quote in claim.text), None)
    if said is None:
        yield f"its quote is not in {row.section}"
    elif not set(said.sources) >= set(row.sources) - {"askwell"}:
        yield f"its quote stands on {', '.join(said.sources)}, not on {', '.join(row.sources)}"


def _case(row: Criterion, case: Case) -> Iterator[str]:
    """What a case owes the person it holds back: why, where to go, what to ask."""
    if case.effect is Effect.STOP and row.basis is Basis.INFERRED:
        yield "a local setting can refer a case to a person, not stop it"
    if case.effect >= Effect.STOP and not (case.route and case.queue):
        yield "where it stops a case, it must give a route and a queue"
    if case.effect is not Effect.CONTINUE and not case.says:
        yield "where it holds a case back, it must say why"
    if case.effect is Effect.REFER and not case.ask:
        yield "where it refers a case, it must give the question to ask"


def _rows_as_a_whole(table: Table) -> Iterator[str]:
    numbers = [row.number for row in table.rows]
    if numbers != sorted(numbers):
        yield "the rows are not in the order of their numbers"
    for setting in table.settings:
        row = next((row for row in table.rows if row.number == setting.row), None)
        if row is None or row.basis is Basis.DOCUMENTED:
            yield f"the setting {setting.id} belongs to a row that is partly documented or inferred"


def _asking(table: Table) -> Iterator[str]:
    shown = pages(table)
    if len(shown) > MOST_PAGES:
        yield f"it asks {len(shown)} pages; {MOST_PAGES} are the most"
    placed = [question.id for page in table.pages for question in page.questions]
    for id in table.questions:
        if placed.count(id) != 1:
            yield f"the question {id} is on {placed.count(id)} pages: put it on one"
    asked = {key for question in table.questions.values() for key in question.keys}
    for row in table.rows:
        held = {key for case in row.cases if case.effect >= Effect.REFER for key in case.when}
        if row.used and held and not held & asked:
            yield f"row {row.number} can hold a case back, and no question asks about it"


def _words(table: Table, contacts: Mapping[str, Contact]) -> Iterator[str]:
    for text in _texts(table):
        count, sentence = longest_sentence(text)
        if count > MOST_WORDS:
            yield f"a sentence of {count} words; {MOST_WORDS} are the most here: {sentence[:60]}"
        if word := _NEVER.search(text):
            yield f"a word not to use, {word[0]!r}: {text[:60]}"
        for what, id in placeholders(text):
            if id not in contacts or not contacts[id].says(what):
                yield f"the contact {{{what}:{id}}} is not in contacts.yaml"
    for question in table.questions.values():
        for choice in question.choices:
            if len(choice.label) > LONGEST_LABEL:
                yield f"the choice {choice.label!r} is longer than {LONGEST_LABEL} characters"


def _texts(table: Table) -> Iterator[str]:
    for row in table.rows:
        yield from (
            row.criterion,
            row.note,
            *(text for case in row.cases for text in (case.says, case.route, case.ask)),
        )
    for question in table.questions.values():
        yield from (question.label, question.hint)
    yield from (f"If {change.says}" for change in table.changes)
    yield from table.words.values()
    yield from table.evidence

"""Which answers a change of the pack's texts would change: the questions it touches, asked of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.assistant import Assistant
from bot.engine import Engine
from bot.messages import Incoming
from handoff.console.ports import Changed
from knowledge.article import Section
from knowledge.pack import Pack

# Each question is asked twice, at about a tenth of a second each.
MOST_ASKED = 24
EACH_NEIGHBOUR = 2


def questions_about(before: Pack, after: Pack, also: Sequence[str] = ()) -> list[str]:
    """`also`, then how the sections that differ are asked for, then a few of their neighbours' in the article."""
    return list(dict.fromkeys([*also, *_asked(before, after)]))[:MOST_ASKED]


def _asked(before: Pack, after: Pack) -> Iterator[str]:
    ids = before.sections.keys() | after.sections.keys()
    differ = {id for id in ids if not _same(before.sections.get(id), after.sections.get(id))}
    for pack in (after, before):
        for id in sorted(differ & pack.sections.keys()):
            yield from pack.sections[id].asked_as
    articles = {id.partition("#")[0] for id in differ}
    for section in before.sections.values():
        if section.article_id in articles and section.id not in differ:
            yield from section.asked_as[:EACH_NEIGHBOUR]


def changes(before: Engine, after: Engine, questions: Sequence[str]) -> list[Changed]:
    """The questions that are answered otherwise: by another section, or with other words."""
    found = []
    # Help in danger never comes from these texts: the classifier that looks for it is left out, which halves the time.
    before, after = (replace(engine, made=replace(engine.made, risk=None)) for engine in (before, after))
    for question in questions:
        was, now = (Assistant(engine).reply(Incoming(question)).reply for engine in (before, after))
        if (was.section, was.outcome, was.body) != (now.section, now.outcome, now.body):
            words = " ".join(paragraph.text for paragraph in now.body) or now.heading
            found.append(Changed(question, was.section, now.section, words))
    return found


def _same(one: Section | None, other: Section | None) -> bool:
    return one is not None and other is not None and replace(one, line=0) == replace(other, line=0)

"""Saved replies: what officers write often, each with the sources it stands on, in the pack's `replies.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.article import Source
from knowledge.contacts import Contact, placeholders
from knowledge.problems import Problem
from knowledge.yaml_files import read_mapping, strings

NAME = "replies.yaml"


@dataclass(frozen=True)
class SavedReply:
    """A text for the reply box. It may hold placeholders of contacts; `sources` are ids, none for plain courtesy."""

    id: str
    title: str
    text: str
    sources: tuple[str, ...] = ()


def read_saved_replies(folder: Path) -> tuple[tuple[SavedReply, ...], list[Problem]]:
    """The replies in the file's order, and what is wrong with them; none for a pack without the file."""
    if not (folder / NAME).exists():
        return (), []
    given, problems = read_mapping(folder, NAME)
    made = []
    for id, row in given.items():
        reply = _reply(str(id), row)
        if reply is None:
            problems.append(Problem(NAME, 1, f"{id}: it needs a title, a text, and sources as a list of ids"))
        else:
            made.append(reply)
    return tuple(made), problems


def check_saved_replies(
    replies: tuple[SavedReply, ...], sources: Mapping[str, Source], contacts: Mapping[str, Contact]
) -> Iterator[Problem]:
    """A reply names sources and contacts that are there; one with a number in it names a source."""
    for reply in replies:
        for id in reply.sources:
            if id not in sources:
                yield Problem(NAME, 1, f"{reply.id}: its source {id!r} is not in sources.yaml")
        for _, id in placeholders(reply.text):
            if id not in contacts:
                yield Problem(NAME, 1, f"{reply.id}: its contact {id!r} is not in contacts.yaml")
        if not reply.sources and any(char.isdigit() for char in reply.text):
            yield Problem(NAME, 1, f"{reply.id}: a text with a number in it needs its source")


def _reply(id: str, row: Any) -> SavedReply | None:
    if not isinstance(row, dict) or not row.get("title") or not row.get("text"):
        return None
    sources = strings(row.get("sources"))
    return None if sources is None else SavedReply(id, str(row["title"]), str(row["text"]).strip(), sources)

"""Documents a pack holds: each in a file of its own, `documents/ID.json`, and what of them becomes articles.

A file there is either a document as it was read and approved, or the tombstone of one that was taken out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.problems import Problem
from knowledge.sources.document import Document, as_object, from_object

FOLDER = "documents"


@dataclass(frozen=True)
class Held:
    """A document in use. `read_on` is the day its text was fetched, no check: on `checked` a person compared it with
    the live page, and `checked_by` says who.

    `url` is where families find it (empty for a file that is published nowhere); `file` its name. `allowed` are phone
    numbers, emails and links in it that an editor let through; the rest is held back in answers.
    """

    id: str
    document: Document
    read_on: date
    review_by: date
    owner: str
    generation: str
    sha256: str
    url: str = ""
    file: str = ""
    title: str = ""
    topics: tuple[str, ...] = ()
    audience: tuple[str, ...] = ("family", "senco")
    allowed: tuple[str, ...] = ()
    checked: date | None = None
    checked_by: str = ""


@dataclass(frozen=True)
class Tombstone:
    """A document that was taken out on `gone`. Its words are kept nowhere; its address is not read again by itself."""

    id: str
    gone: date
    url: str = ""
    why: str = ""


@dataclass(frozen=True)
class Shelf:
    """What a pack holds of real documents."""

    held: Mapping[str, Held]
    gone: Mapping[str, Tombstone]


def path_of(id: str) -> str:
    """Where the document is in its pack."""
    return f"{FOLDER}/{id}.json"


def as_text(one: Held | Tombstone) -> str:
    """The file of a document or of its tombstone; the same values always give the same text."""
    if isinstance(one, Tombstone):
        row: dict[str, Any] = {"id": one.id, "gone": one.gone.isoformat(), "url": one.url, "why": one.why}
    else:
        row = {
            **{name: getattr(one, name) for name in _TEXTS},
            "read_on": one.read_on.isoformat(),
            "review_by": one.review_by.isoformat(),
            **({"checked": one.checked.isoformat(), "checked_by": one.checked_by} if one.checked else {}),
            **{name: list(getattr(one, name)) for name in _LISTS},
            "document": as_object(one.document),
        }
    return json.dumps(row, ensure_ascii=False, indent=1) + "\n"


_TEXTS = ("id", "owner", "generation", "sha256", "url", "file", "title")
_LISTS = ("topics", "audience", "allowed")


def from_text(text: str) -> Held | Tombstone:
    """What `as_text` wrote. Raises `ValueError` with what is wrong."""
    try:
        row = json.loads(text)
        if "gone" in row:
            return Tombstone(str(row["id"]), date.fromisoformat(row["gone"]), str(row["url"]), str(row["why"]))
        fields: dict[str, Any] = {name: str(row[name]) for name in _TEXTS}
        fields |= {name: tuple(map(str, row[name])) for name in _LISTS}
        fields |= {name: date.fromisoformat(row[name]) for name in ("read_on", "review_by")}
        if "checked" in row:
            fields |= {"checked": date.fromisoformat(row["checked"]), "checked_by": str(row["checked_by"])}
        return Held(document=from_object(row["document"]), **fields)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"this is no document that Askwell wrote ({error})") from error


def read_shelf(folder: Path) -> tuple[Shelf, list[Problem]]:
    """Every document of the pack, and what is wrong with them; none for a pack without any."""
    held: dict[str, Held] = {}
    gone: dict[str, Tombstone] = {}
    problems: list[Problem] = []
    for file in sorted((folder / FOLDER).glob("*.json")):
        try:
            one = from_text(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            problems.append(Problem(f"{FOLDER}/{file.name}", 1, str(error)))
            continue
        if one.id != file.stem:
            problems.append(Problem(f"{FOLDER}/{file.name}", 1, f"it says that it is {one.id}"))
        elif isinstance(one, Held):
            held[one.id] = one
        else:
            gone[one.id] = one
    return Shelf(held, gone), problems

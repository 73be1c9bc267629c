"""Questions with what a right answer holds, and the answers given, from JSON lines."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, TypeAdapter, ValidationError

Answer = Mapping[str, object]


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """`pattern` ready for `verdicts.folded` text: in the same compatibility forms, blind to case."""
    return re.compile(unicodedata.normalize("NFKC", pattern), re.IGNORECASE)


def _that_compiles(pattern: str) -> str:
    try:
        compiled(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, AfterValidator(_that_compiles)]


@dataclass(frozen=True)
class Item:
    """One question. A right answer has the outcome, one pattern of each group of facts, and none of `must_not`.

    `url_any` are pieces of the addresses or titles that a citation may have; `cs:` in front keeps the case.
    """

    id: str
    expect: str
    category: str = "?"
    language: str = "en"
    question: str = ""
    facts: tuple[tuple[Pattern, ...], ...] = ()
    must_not: tuple[Pattern, ...] = ()
    also_ok: frozenset[str] = frozenset()
    url_any: tuple[str, ...] = ()


_ITEM = TypeAdapter(Item)


def read_items(path: Path) -> tuple[list[Item], int]:
    """The items of a question set, in file order, and how many lines are broken."""
    rows, broken = _rows(path)
    items = []
    for row in rows:
        try:
            items.append(_ITEM.validate_python({name: value for name, value in row.items() if value is not None}))
        except ValidationError:
            broken += 1
    return items, broken


def read_answers(path: Path) -> tuple[list[Answer], int]:
    """The answers of a file, in file order, and how many lines are broken. An answer may lack any field."""
    rows, broken = _rows(path)
    return list(rows), broken


def _rows(path: Path) -> tuple[list[dict[str, object]], int]:
    """Every JSON object of a file of lines, and how many lines hold something else."""
    rows, broken = [], 0
    # Bytes that are not UTF-8 become lone surrogates, which break their own line and no other.
    for line in path.read_bytes().decode("utf-8", "surrogateescape").splitlines():
        if not line.strip():
            continue
        try:
            line.encode("utf-8")
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if isinstance(row, dict):
            rows.append(row)
        else:
            broken += 1
    return rows, broken

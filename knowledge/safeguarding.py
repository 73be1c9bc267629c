"""What is said to someone at risk, the rules that are unmistakable, and the examples a classifier learns from."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.problems import Problem
from knowledge.yaml_files import read_mapping, read_text

KINDS = ("immediate_danger", "child_at_risk", "child_writing", "self_harm", "domestic_abuse", "professional")


@dataclass(frozen=True)
class Line:
    """One number to ring: what to say before it, and whose it is."""

    say: str
    contact: str


@dataclass(frozen=True)
class SafeguardingKind:
    """What one kind of risk message is answered with."""

    id: str
    heading: str
    text: str
    lines: tuple[Line, ...]
    rules: tuple[re.Pattern[str], ...] = ()


@dataclass(frozen=True)
class Example:
    """A message someone wrote for training. `kind` is a risk kind, or empty for an ordinary message.

    Rewordings share a `group`. `writer` is who it is written as, where that is noted.
    """

    text: str
    kind: str
    language: str
    group: str
    label: str
    writer: str = ""


@dataclass(frozen=True)
class Safeguarding:
    """The pack's safeguarding text by kind, and in doubt; an opening by language; examples to learn from."""

    kinds: Mapping[str, SafeguardingKind]
    in_doubt: str
    intros: Mapping[str, str]
    examples: tuple[Example, ...] = ()


def folded(text: str) -> str:
    """`text` as the rules expect it: lower case, one space, straight apostrophes, no invisible marks."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("‘", "'")
    text = "".join(char for char in text if char.isspace() or unicodedata.category(char) not in ("Cf", "Cc", "Cs"))
    return " ".join(text.split())


def read_safeguarding(folder: Path) -> tuple[Safeguarding, list[Problem]]:
    """The pack's safeguarding file and examples, and what is wrong with them."""
    given, problems = read_mapping(folder, "safeguarding.yaml")
    kinds: dict[str, SafeguardingKind] = {}
    rows = given.get("kinds") or {}
    for id in KINDS:
        row = rows.get(id) if isinstance(rows, dict) else None
        if not isinstance(row, dict):
            problems.append(Problem("safeguarding.yaml", 1, f"kinds has no {id}: every kind needs its lines"))
            continue
        rules = (given.get("rules") or {}).get(id) or []
        kinds[id] = _kind(id, row, rules, problems)
    languages = given.get("languages") or {}
    intros = {code: str(row.get("intro", "")) for code, row in languages.items() if isinstance(row, dict)}
    risk = _examples(folder, "safeguarding/risk.jsonl", problems, risk=True)
    ordinary = _examples(folder, "safeguarding/ordinary.jsonl", problems, risk=False)
    in_doubt = str(given.get("in_doubt") or "")
    if "{phone:emergency}" not in in_doubt:
        problems.append(Problem("safeguarding.yaml", 1, "in_doubt must give {phone:emergency}"))
    return Safeguarding(kinds, in_doubt, intros, risk + ordinary), problems


def _kind(id: str, row: dict[str, Any], patterns: list[Any], problems: list[Problem]) -> SafeguardingKind:
    rules = []
    for pattern in patterns:
        try:
            rules.append(re.compile(str(pattern)))
        except re.error as error:
            problems.append(Problem("safeguarding.yaml", 1, f"{id}: the rule {pattern!r} is not a pattern: {error}"))
    lines = tuple(
        Line(str(line.get("say") or ""), str(line.get("contact") or ""))
        for line in row.get("lines") or []
        if isinstance(line, dict)
    )
    if not lines:
        problems.append(Problem("safeguarding.yaml", 1, f"{id} has no lines to ring"))
    return SafeguardingKind(id, str(row.get("heading", "")), str(row.get("text", "")), lines, tuple(rules))


def _examples(folder: Path, name: str, problems: list[Problem], *, risk: bool) -> tuple[Example, ...]:
    text, missing = read_text(folder / name, name)
    problems += missing
    examples = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            label = str(row["kind"])
            examples.append(
                Example(
                    str(row["text"]),
                    label if risk else "",
                    str(row["language"]),
                    f"{name}:{row['group']}",
                    label,
                    str(row.get("who") or ""),
                )
            )
        except (ValueError, KeyError, TypeError):
            problems.append(Problem(name, number, "each line needs text, kind, language and group, as JSON"))
    return tuple(examples)

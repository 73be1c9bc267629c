"""Which messages an officer should look at first: a council's own list, by topic and by the words families use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from knowledge.problems import Problem
from knowledge.yaml_files import read_mapping, strings

NAME = "priorities.yaml"
# A pattern looks at no more than this much of a message, so that no pattern can take long.
LONGEST = 4000


@dataclass(frozen=True)
class Pressing:
    """One reason to look at a message first: what it is in plain words, its topics, and how people say it."""

    id: str
    says: str
    topics: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    def fits(self, topic: str, text: str) -> bool:
        """Whether a message about `topic` that says `text` is one of these."""
        return topic in self.topics or any(pattern.search(text[:LONGEST]) for pattern in self.patterns)


def pressing(reasons: Mapping[str, Pressing], topic: str, text: str) -> str | None:
    """The id of the first reason why this message is looked at first; none for an ordinary one."""
    return next((reason.id for reason in reasons.values() if reason.fits(topic, text)), None)


def read_priorities(folder: Path) -> tuple[dict[str, Pressing], list[Problem]]:
    """The reasons in `priorities.yaml`, in its order, and what is wrong with them; none for a pack without the file."""
    if not (folder / NAME).exists():
        return {}, []
    given, problems = read_mapping(folder, NAME)
    reasons = {}
    for id, row in given.items():
        try:
            reasons[str(id)] = _reason(str(id), row)
        except ValueError as error:
            problems.append(Problem(NAME, 1, f"{id}: {error}"))
    return reasons, problems


def _reason(id: str, row: Any) -> Pressing:
    if not isinstance(row, dict) or not row.get("says"):
        raise ValueError("it needs `says`: what it is in plain words")
    topics, said = strings(row.get("topics")), strings(row.get("said_as"))
    if topics is None or said is None or not (topics or said):
        raise ValueError("it needs topics or said_as, each a list of words")
    return Pressing(id, str(row["says"]), frozenset(topics), tuple(_pattern(text) for text in said))


def _pattern(text: str) -> re.Pattern[str]:
    """Words that follow one another: `word*` is any ending, `a|b` either, and `...` up to four words between."""
    parts = [_word(word) for word in text.lower().split()]
    if not parts or parts[0] == _GAP or parts[-1] == _GAP:
        raise ValueError(f"{text!r} cannot be read: write words, with ... for what may stand between them")
    return re.compile(r"\b" + _joined(parts) + r"\b", re.IGNORECASE)


_GAP = r"(?:[\w'’]+[\s,]+){0,4}"
_ONE = re.compile(r"[\w'’|*-]+")


def _word(word: str) -> str:
    if word == "...":
        return _GAP
    if not _ONE.fullmatch(word):
        raise ValueError(f"{word!r} is no word: use letters, * for any ending, and | between two that mean the same")
    either = (
        re.escape(one).replace(r"\*", r"\w*").replace("'", "['’]?").replace("’", "['’]?") for one in word.split("|")
    )
    return f"(?:{'|'.join(either)})"


def _joined(parts: list[str]) -> str:
    pattern = parts[0]
    for before, part in pairwise(parts):
        pattern += part if before == _GAP else rf"[\s,]+{part}"
    return pattern

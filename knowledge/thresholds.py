"""The omission guard: a section that states a threshold shows its conditions too (age, place, year, no EHC plan)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.article import Kind, Section
from knowledge.problems import Problem
from knowledge.yaml_files import read_mapping, strings

FILE = "thresholds.yaml"
# What is not known, and where a person is, state no threshold.
_STATES = (Kind.ANSWER, Kind.ELIGIBILITY)


@dataclass(frozen=True)
class Threshold:
    """Where a section that names `fact` says `says`, its reader must see each of `needs` as well."""

    fact: str
    says: re.Pattern[str]
    needs: tuple[re.Pattern[str], ...]

    def applies(self, section: Section) -> bool:
        """True when `section` states this threshold as a fact."""
        return self.fact in section.facts and section.kind in _STATES and bool(self.says.search(_shown(section)))

    def missing(self, section: Section) -> tuple[str, ...]:
        """The conditions that `section` states the threshold without, as patterns; none when it keeps them all."""
        if not self.applies(section):
            return ()
        return tuple(need.pattern for need in self.needs if not need.search(_shown(section)))


def _shown(section: Section) -> str:
    return " ".join([section.heading, *(claim.text for claim in section.claims)])


def read_thresholds(folder: Path) -> tuple[tuple[Threshold, ...], list[Problem]]:
    """The thresholds of `thresholds.yaml`, and what is wrong with them; none for a pack without that file."""
    if not (folder / FILE).exists():
        return (), []
    given, problems = read_mapping(folder, FILE)
    found: list[Threshold] = []
    for number, row in enumerate(given.get("thresholds") or [], start=1):
        needs = strings(row.get("needs")) if isinstance(row, dict) else None
        if not needs or not isinstance(row.get("fact"), str) or not isinstance(row.get("says"), str):
            problems.append(Problem(FILE, 1, f"row {number} needs a fact, what it says and what it needs"))
            continue
        try:
            says, *wanted = (re.compile(pattern, re.IGNORECASE) for pattern in (row["says"], *needs))
        except re.error as error:
            problems.append(Problem(FILE, 1, f"row {number} ({row['fact']}): no pattern: {error}"))
            continue
        found.append(Threshold(row["fact"], says, tuple(wanted)))
    return tuple(found), problems


def omissions(thresholds: tuple[Threshold, ...], section: Section) -> Iterator[str]:
    """What `section` leaves out, in words for its editor."""
    for one in thresholds:
        for need in one.missing(section):
            yield f"{one.fact}: it says {one.says.pattern!r} and leaves out the condition {need!r}"

"""`deadlines.yaml` becomes the clock's values here, with every fault of the file named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from knowledge.article import Claim
from knowledge.counting import Count, read_count
from knowledge.deadlines import Bound, Deadlines, Event, Hearing, Pick, Reading, Rule
from knowledge.problems import Problem
from knowledge.reading import read_claims
from knowledge.typed_dates import Lean
from knowledge.yaml_files import read_mapping

NAME = "deadlines.yaml"
T = TypeVar("T")


def read_deadlines(folder: Path) -> tuple[Deadlines, list[Problem]]:
    """The clock in `folder`, and what is wrong with it; one without events for a pack without the file."""
    if not (folder / NAME).exists():
        return Deadlines(), []
    given, problems = read_mapping(folder, NAME)
    if problems:
        return Deadlines(), problems
    exceptions = _each(given, "exceptions", lambda _, row: tuple(_claim(text) for text in row), problems)
    rules = _each(given, "rules", lambda name, row: _rule(name, row, exceptions), problems)
    events = _each(given, "events", lambda name, row: _event(name, row, rules), problems)
    problems += _shared_names(events)
    return (
        Deadlines(
            events=events,
            asks=_words(given, "asks"),
            unless=_words(given, "unless"),
            passed_over=_words(given, "passed_over"),
            closing=_words(given, "closing"),
        ),
        problems,
    )


def _each(given: Mapping[str, Any], part: str, read: Callable[[str, Any], T], problems: list[Problem]) -> dict[str, T]:
    """Each row of one part of the file, read; a row that cannot be read becomes a problem."""
    rows = {}
    for id, row in (given.get(part) or {}).items():
        try:
            rows[str(id)] = read(str(id), row)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            why = f"it needs {error}" if isinstance(error, KeyError) else str(error)
            problems.append(Problem(NAME, 1, f"{part}, {id}: {why}"))
    return rows


def _rule(id: str, row: Mapping[str, Any], exceptions: Mapping[str, tuple[Claim, ...]]) -> Rule:
    other = row.get("other")
    return Rule(
        id=id,
        what=str(row["what"]),
        rule=_claim(row["rule"]),
        counts={str(start): _count(count) for start, count in row["counts"].items()},
        bound=Bound(row.get("bound", Bound.BY)),
        pick=Pick(row.get("pick", Pick.LATER)),
        why=str(row.get("why") or ""),
        notes=_words(row, "notes"),
        missing={str(name): str(says) for name, says in (row.get("missing") or {}).items()},
        other=Reading(_count(other["count"]), str(other["says"])) if other else None,
        exceptions=exceptions[row["exceptions"]] if row.get("exceptions") else (),
        moves=row.get("moves") is True,
        hour=str(row.get("hour") or ""),
        passed=str(row.get("passed") or ""),
    )


def _event(id: str, row: Mapping[str, Any], rules: Mapping[str, Rule]) -> Event:
    event = Event(
        id=id,
        name=str(row["name"]),
        start=str(row["start"]),
        queue=str(row["queue"]),
        rules=tuple(rules[rule] for rule in row["rules"]),
        stated={str(name): str(says) for name, says in row["stated"].items()},
        extras=_words(row, "extras"),
        also=_words(row, "also"),
        notes=_words(row, "notes"),
        order=_words(row, "order"),
        lean=Lean(row.get("lean", Lean.PAST)),
        hears=tuple(_hearing(one) for one in row.get("hears") or []),
        section=str(row.get("section") or ""),
        leaving={int(year): str(name) for year, name in (row.get("leaving") or {}).items()},
    )
    unstated = [name for name in event.takes if "{date}" not in event.stated.get(name, "")]
    if unstated:
        raise ValueError(f"stated must say each date with {{date}} in it; missing: {', '.join(unstated)}")
    uncounted = [rule.id for rule in event.rules if event.start not in rule.counts]
    if uncounted:
        raise ValueError(f"these rules cannot be counted from the {event.start}: {', '.join(uncounted)}")
    return event


def _hearing(row: Mapping[str, Any]) -> Hearing:
    lean = row.get("lean")
    return Hearing(_words(row, "says"), _words(row, "asks"), str(row.get("note") or ""), Lean(lean) if lean else None)


def _claim(text: object) -> Claim:
    """One statement with its sources. Raises `ValueError` when it has none, or is more than one."""
    claims = read_claims(str(text), 1)
    if len(claims) != 1 or not claims[0].sources:
        raise ValueError(f"end this with its sources in square brackets, once: {text}")
    return claims[0]


def _count(value: object) -> Count:
    return read_count(str(value))


def _words(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = row.get(name) or []
    if not isinstance(value, list):
        raise TypeError(f"{name} must be a list")
    return tuple(str(item) for item in value)


def _shared_names(events: Mapping[str, Event]) -> list[Problem]:
    """Two events may not answer to the same name."""
    owner: dict[str, str] = {}
    problems = []
    for event in events.values():
        for name in (event.id, *event.also):
            if name in owner:
                problems.append(Problem(NAME, 1, f"{name} is a name of both {owner[name]} and {event.id}"))
            owner[name] = event.id
    return problems

"""The queues of `queues.yaml`: who answers what, when they are open, and by when they reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge.calendar import WorkingCalendar, read_closures
from knowledge.problems import Problem
from knowledge.routing import FIVE_DAYS, OFFICE_HOURS, Queue
from knowledge.working_hours import QueueHours, Standard, read_standard, read_week
from knowledge.yaml_files import read_mapping

NAME = "queues.yaml"
DEFAULTS = "defaults"
TIMES = frozenset({"hours", "standard", "alarm", "closures"})
WORDS = frozenset({"name", "handles", "order", "contact", "says", "hours_source", "standard_source", "cases_to"})


@dataclass(frozen=True)
class _Times:
    """When a queue is open and by when it replies."""

    hours: QueueHours
    standard: Standard = FIVE_DAYS
    alarm: Standard | None = None


def read_queues(folder: Path, calendar: WorkingCalendar) -> tuple[dict[str, Queue], list[Problem]]:
    """The queues by id, and what is wrong with them. `defaults` gives what a queue does not say of itself."""
    given, problems = read_mapping(folder, NAME)
    faults: list[tuple[str, str]] = []
    usual = _Times(QueueHours(OFFICE_HOURS.week, calendar))
    if DEFAULTS in given:
        usual = _times(DEFAULTS, given.pop(DEFAULTS), usual, TIMES, faults)
    queues = {}
    for id, row in given.items():
        if not isinstance(row, dict) or not row.get("name") or not isinstance(row.get("order"), int):
            faults.append((str(id), f"queue {id} needs a name and an order"))
            continue
        queues[str(id)] = _queue(str(id), row, _times(str(id), row, usual, TIMES | WORDS, faults))
    lines = _lines(folder / NAME) if faults else {}
    return queues, [*problems, *(Problem(NAME, lines.get(id, 1), fault) for id, fault in faults)]


def _queue(id: str, row: Mapping[str, Any], times: _Times) -> Queue:
    return Queue(
        id=id,
        name=str(row["name"]),
        handles=str(row.get("handles") or ""),
        order=row["order"],
        contact=row.get("contact") or None,
        says=row.get("says") or None,
        hours=times.hours,
        standard=times.standard,
        alarm=times.alarm,
        hours_source=row.get("hours_source") or None,
        standard_source=row.get("standard_source") or None,
        cases_to=row.get("cases_to") or None,
    )


def _times(id: str, row: Any, usual: _Times, known: frozenset[str], faults: list[tuple[str, str]]) -> _Times:
    """The times `row` gives, on top of what is usual."""
    if not isinstance(row, dict):
        faults.append((id, f"{id}: expected names with values, like standard: 5 working days"))
        return usual
    faults += [(id, f"{id}: {key!r} is no setting of a queue") for key in row if key not in known]
    times = usual
    try:
        if row.get("hours"):
            times = replace(times, hours=replace(times.hours, week=read_week(_mapping(row["hours"], "hours"))))
        if row.get("closures"):
            times = replace(times, hours=replace(times.hours, closures=read_closures(row["closures"])))
        if row.get("standard"):
            times = replace(times, standard=read_standard(str(row["standard"])))
        if row.get("alarm"):
            times = replace(times, alarm=read_standard(str(row["alarm"])))
    except ValueError as error:
        faults.append((id, f"{id}: {error}"))
    return times


def _mapping(value: Any, name: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError(f'{name} are given by day, like {{mon-fri: "9:00-17:00"}}')
    return {str(key): str(text) for key, text in value.items()}


def _lines(file: Path) -> dict[str, int]:
    """The line on which each queue starts."""
    text = file.read_text(encoding="utf-8-sig", errors="replace")
    return {line.split(":")[0]: number for number, line in enumerate(text.splitlines(), start=1)}

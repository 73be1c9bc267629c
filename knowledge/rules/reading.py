"""A rules file becomes a table, or a list of what is wrong with it, with lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from knowledge.problems import Problem
from knowledge.rules.given import GivenError, read_value
from knowledge.rules.table import (
    UNKNOWN,
    Band,
    Basis,
    Case,
    Change,
    ChangeKind,
    Choice,
    Criterion,
    Effect,
    Input,
    Outcome,
    Page,
    Question,
    Setting,
    State,
    Table,
)
from knowledge.yaml_files import parse_mapping, read_text

E = TypeVar("E", bound=Enum)
DATES = ("effective_from", "read_on", "review_by")
# The names each kind of entry may hold: a misspelt one would otherwise be passed over in silence.
FIELDS = {
    "settings": ("value", "row", "says"),
    "inputs": ("kind", "values", "bands", "names"),
    "rows": ("number", "criterion", "basis", "note", "facts", "sources", "section", "quote", "used", "cases"),
    "cases": ("when", "state", "effect", "says", "route", "queue", "ask"),
    "questions": ("label", "hint", "not_sure", "unless", "choices"),
    "choices": ("label", "sets"),
    "pages": ("id", "title", "questions"),
    "changes": ("key", "from", "to", "kind", "says"),
}
# The words a verdict is told with; each outcome and each state has its own besides.
WORDS = (
    *("title", "start", "ready", "lead", "lead_early_years", "view", "early_years_view", "not_a_route", "disagree"),
    *("why", "next", "change", "missing", "ask", "evidence", "every_row", "once_safe", "not_sure", "withheld"),
    *("parent", "parent_decides", "parent_steps", "refer_local_says"),
    *("refer_safeguarding", "refer_safeguarding_says"),
    *(state.value for state in State),
    *(basis.value for basis in Basis),
    *(f"{outcome.value}{part}" for outcome in Outcome for part in ("", "_says")),
    *(f"{outcome.value}_route" for outcome in Outcome if outcome is not Outcome.NOT_ELIGIBLE),
)


class RuleError(ValueError):
    """What is wrong with one entry, in words for its editor."""


def read_tables(folder: Path, check: str) -> tuple[tuple[Table, ...], list[Problem]]:
    """Every version of `check` in the pack's `rules/` (none is no fault), and what is wrong with them."""
    tables: dict[date, Table] = {}
    problems: list[Problem] = []
    for file in sorted((folder / "rules").glob(f"{check}*.yaml")):
        path = file.relative_to(folder).as_posix()
        table, faults = read_table(file, path, check)
        problems += faults
        if table is None:
            continue
        if table.effective_from in tables:
            other = tables[table.effective_from].path
            problems.append(Problem(path, 1, f"{other} takes effect on the same day: one version a day"))
        tables[table.effective_from] = table
    return tuple(tables.values()), problems


def read_table(file: Path, path: str, id: str) -> tuple[Table | None, list[Problem]]:
    """The table in one file; none when anything in it cannot be read."""
    text, problems = read_text(file, path)
    given, faults = parse_mapping(text, path)
    problems += faults
    if problems:
        return None, problems
    reading = _Reading(path, text)
    table = reading.table(id, given)
    return (None if reading.problems else table), reading.problems


class _Reading:
    """One file being read: its faults are gathered, each with its line."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.problems: list[Problem] = []
        self.inputs: dict[str, Input] = {}

    def table(self, id: str, given: dict[str, Any]) -> Table | None:
        settings = self.each(given, "settings", _setting)
        fill = {setting.id: setting.value for setting in settings}
        given = _filled(given, fill)
        self.inputs = {input.key: input for input in self.each(given, "inputs", _input)}
        rows = self.each(given, "rows", self.row)
        words = given.get("words") if isinstance(given.get("words"), dict) else {}
        not_sure = str((words or {}).get("not_sure"))
        questions = {
            question.id: question
            for question in self.each(given, "questions", lambda name, row: self.question(name, row, not_sure))
        }
        pages = self.each(given, "pages", lambda _, row: _page(row, questions))
        changes = self.each(given, "changes", lambda _, row: self.change(row))
        self.whole(given, rows)
        if self.problems:
            return None
        return Table(
            id=id,
            path=self.path,
            version=given["version"],
            effective_from=given["effective_from"],
            read_on=given["read_on"],
            review_by=given["review_by"],
            owner=str(given.get("owner") or ""),
            inputs=self.inputs,
            rows=tuple(rows),
            questions=questions,
            pages=tuple(pages),
            changes=tuple(changes),
            evidence=_names(given, "evidence"),
            words={str(key): str(text) for key, text in given["words"].items()},
            settings=tuple(settings),
        )

    def each(self, given: Mapping[str, Any], part: str, read: Any) -> list[Any]:
        """Every entry of `part`, a list or a mapping, read; a fault in one does not hide those of others."""
        entries = given.get(part) or []
        found: list[Any] = []
        if not isinstance(entries, list | dict):
            self.problems.append(Problem(self.path, self.line_of(part, part, None), f"{part} must hold entries"))
            return found
        for name, row in entries.items() if isinstance(entries, dict) else enumerate(entries):
            try:
                if not isinstance(row, dict):
                    raise RuleError("expected names with values (name: value)")
                _only_known(part, row)
                found.append(read(name, row))
            except (RuleError, GivenError) as fault:
                self.problems.append(Problem(self.path, self.line_of(part, name, row), f"{part} {name}: {fault}"))
        return found

    def whole(self, given: Mapping[str, Any], rows: list[Criterion]) -> None:
        """What only the whole file can get wrong."""
        faults = [f"{key} must be a date, like 2026-11-21" for key in DATES if not isinstance(given.get(key), date)]
        if not isinstance(given.get("version"), int):
            faults.append("version must be a whole number")
        words = given.get("words") if isinstance(given.get("words"), dict) else {}
        faults += [f"words has no {key}" for key in WORDS if not (words or {}).get(key)]
        if not isinstance(given.get("evidence"), list) or not all(isinstance(one, str) for one in given["evidence"]):
            faults.append("evidence must be a list of texts")
        numbers = [row.number for row in rows]
        faults += [f"row {number} is there twice" for number in sorted({n for n in numbers if numbers.count(n) > 1})]
        self.problems += [Problem(self.path, 1, fault) for fault in faults]

    def line_of(self, part: str, name: str | int, row: Any) -> int:
        """The line an entry starts on: a row by its number, another by its name, or the line its part starts on."""
        number = row.get("number") if isinstance(row, dict) else None
        start = (
            rf"\s*-\s+number:\s*{re.escape(str(number))}\b" if number is not None else rf"\s+{re.escape(str(name))}:"
        )
        begin = next((n for n, line in enumerate(self.lines) if line.startswith(f"{part}:")), 0)
        after = enumerate(self.lines[begin:], start=begin + 1)
        return next((n for n, line in after if re.match(start, line)), begin + 1)

    def row(self, _: str | int, given: dict[str, Any]) -> Criterion:
        cases = tuple(self.case(case) for case in _items(given, "cases"))
        if not cases or cases[-1].when:
            raise RuleError("its last case must have no `when`, so that every answer has a verdict")
        if any(not case.when for case in cases[:-1]):
            raise RuleError("only its last case may have no `when`: the cases after it would never be used")
        basis = _one_of(Basis, given, "basis")
        used = given.get("used", True)
        if used is not True and (used is not False or basis is not Basis.INFERRED):
            raise RuleError("used is true or false, and only an inferred row may be left out")
        if used is False and any(case.effect is Effect.SAFEGUARD for case in cases):
            raise RuleError("a row about safety is always used")
        return Criterion(
            number=_whole(given, "number"),
            criterion=_text(given, "criterion"),
            basis=basis,
            facts=_names(given, "facts"),
            sources=_names(given, "sources"),
            section=_text(given, "section"),
            quote=_text(given, "quote"),
            cases=cases,
            note=str(given.get("note") or ""),
            used=used,
        )

    def case(self, given: dict[str, Any]) -> Case:
        extra = {key: str(given.get(key) or "") for key in ("says", "route", "queue", "ask")}
        effect = _one_of(Effect, given, "effect") if "effect" in given else Effect.CONTINUE
        return Case(when=self.when(given.get("when")), state=_one_of(State, given, "state"), effect=effect, **extra)

    def when(self, given: object) -> dict[str, frozenset[str]]:
        """Conditions as sets of answers; `unknown` is written out where it fits."""
        if given is None:
            return {}
        if not isinstance(given, dict):
            raise RuleError("when: expected answers, like {ehcp: none}")
        return {key: frozenset(self.values(key, values)) for key, values in given.items()}

    def values(self, key: str, given: object) -> list[str]:
        return [self.value(key, one) for one in (given if isinstance(given, list) else [given])]

    def value(self, key: str, given: object) -> str:
        if key not in self.inputs:
            raise RuleError(f"{key} is not one of the inputs")
        value = read_value(self.inputs[key], given)
        if value == UNKNOWN and given != UNKNOWN:
            raise RuleError(f"{key} has no value; write unknown if that is meant")
        return value

    def question(self, id: str | int, given: dict[str, Any], not_sure: str) -> Question:
        choices = [
            Choice(_text(choice, "label"), {key: self.value(key, one) for key, one in _mapping(choice, "sets").items()})
            for choice in _items(given, "choices")
        ]
        keys = dict.fromkeys(key for choice in choices for key in choice.sets)
        last = Choice(str(given.get("not_sure") or not_sure), dict.fromkeys(keys, UNKNOWN))
        return Question(
            id=str(id),
            label=_text(given, "label"),
            hint=str(given.get("hint") or ""),
            choices=(*choices, last),
            unless=self.when(given.get("unless")),
        )

    def change(self, given: dict[str, Any]) -> Change:
        key = _text(given, "key")
        starts, to = frozenset(self.values(key, given.get("from"))), self.value(key, given.get("to"))
        if to in starts or to == UNKNOWN:
            raise RuleError(f"{key}: a change leads from one answer to another that is known")
        return Change(key, starts, to, _one_of(ChangeKind, given, "kind"), _text(given, "says"))


def _input(key: str | int, given: dict[str, Any]) -> Input:
    kind = str(given.get("kind") or "choice")
    if kind not in ("choice", "yes_no", "date", "number"):
        raise RuleError("kind is choice, yes_no, date or number")
    bands = tuple(_band(str(value), ends) for value, ends in _mapping_or_none(given, "bands").items())
    values = ("yes", "no") if kind == "yes_no" else tuple(band.value for band in bands) or _names(given, "values")
    names = {str(name): meant for name, meant in _mapping_or_none(given, "names").items()}
    if not values or UNKNOWN in values:
        raise RuleError("it needs values or bands, and unknown is always one of them: leave it out")
    return Input(str(key), kind, values, bands, names)


def _band(value: str, ends: object) -> Band:
    if isinstance(ends, list) and len(ends) == 2 and all(isinstance(end, int) for end in ends):
        return Band(value, ends[0], ends[1])
    if isinstance(ends, dict) and ends and all(isinstance(day, date) for day in ends.values()):
        before = ends.get("before")
        return Band(value, ends.get("from"), before - timedelta(days=1) if before else None)
    raise RuleError(f"the band {value} is [lowest, highest], or {{from: date, before: date}}")


def _page(given: dict[str, Any], questions: Mapping[str, Question]) -> Page:
    names = _names(given, "questions")
    unknown = [name for name in names if name not in questions]
    if unknown or not names:
        raise RuleError(f"its questions are not all in questions: {', '.join(unknown) or 'it has none'}")
    return Page(_text(given, "id"), _text(given, "title"), tuple(questions[name] for name in names))


def _setting(id: str | int, given: dict[str, Any]) -> Setting:
    return Setting(str(id), str(given.get("value")), _whole(given, "row"), _text(given, "says"))


def _filled(value: Any, fill: Mapping[str, str]) -> Any:
    """`value` with `{name}` replaced by the setting of that name, all the way down."""
    if isinstance(value, str):
        for name, text in fill.items():
            value = value.replace("{" + name + "}", text)
        return value
    if isinstance(value, dict):
        return {key: _filled(inner, fill) for key, inner in value.items()}
    return [_filled(inner, fill) for inner in value] if isinstance(value, list) else value


def _items(given: Mapping[str, Any], key: str) -> Iterable[dict[str, Any]]:
    rows = given.get(key)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RuleError(f"{key} must be a list of names with values")
    for row in rows:
        _only_known(key, row)
    return rows


def _only_known(part: str, row: Mapping[str, Any]) -> None:
    strangers = [name for name in row if name not in FIELDS[part]]
    if strangers:
        raise RuleError(f"{strangers[0]!r} is not a name I know here; there is {', '.join(FIELDS[part])}")


def _mapping(given: Mapping[str, Any], key: str) -> dict[str, Any]:
    row = given.get(key)
    if not isinstance(row, dict) or not row:
        raise RuleError(f"{key} must hold names with values")
    return row


def _mapping_or_none(given: Mapping[str, Any], key: str) -> dict[str, Any]:
    return _mapping(given, key) if given.get(key) else {}


def _names(given: Mapping[str, Any], key: str) -> tuple[str, ...]:
    names = given.get(key) or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise RuleError(f"{key} must be a list of names")
    return tuple(names)


def _text(given: Mapping[str, Any], key: str) -> str:
    text = given.get(key)
    if not isinstance(text, str) or not text.strip():
        raise RuleError(f"{key} must be text")
    return text


def _whole(given: Mapping[str, Any], key: str) -> int:
    number = given.get(key)
    if not isinstance(number, int) or isinstance(number, bool):
        raise RuleError(f"{key} must be a whole number")
    return number


def _one_of(family: type[E], given: Mapping[str, Any], key: str) -> E:
    name = str(given.get(key))
    found = next((one for one in family if name in (str(one.value), one.name.lower())), None)
    if found is None:
        raise RuleError(f"{key} is one of {', '.join(one.name.lower() for one in family)}, not {name}")
    return found

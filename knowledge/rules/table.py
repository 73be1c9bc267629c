"""What a decision table is made of (domain.md section 5): rows, answers, questions and named changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from functools import cached_property

UNKNOWN = "unknown"

# An answer for each key that has one. A key that is missing is as good as `UNKNOWN`.
Answers = Mapping[str, str]


class Basis(StrEnum):
    """How far the council has published a row. An inferred row is a local setting, not council policy."""

    DOCUMENTED = "documented"
    PARTLY = "partly"
    INFERRED = "inferred"


class State(StrEnum):
    """How a row stands for one set of answers. `OFF` is a local setting that is not used."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_KNOWN = "not_known"
    DOES_NOT_APPLY = "does_not_apply"
    OFF = "off"


class Effect(IntEnum):
    """What a row does to the result. The strongest effect of any row decides, which is the order of precedence."""

    CONTINUE = 0
    MISSING = 1
    REFER = 2
    STOP = 3
    SAFEGUARD = 4


class Outcome(StrEnum):
    """The view a check gives. There is no 'rejected': a person decides."""

    LIKELY = "likely_eligible"
    NOT_ELIGIBLE = "not_eligible"
    REFER = "refer"
    NEEDS_MORE = "needs_more_information"


class ChangeKind(StrEnum):
    """Who could make a change of one answer; in the order they are preferred when one is named."""

    DO = "do"
    FIND_OUT = "find_out"
    THEIRS = "theirs"
    FACT = "fact"


@dataclass(frozen=True)
class Band:
    """Part of a number line or a calendar: from `low` to `high`, both ends included; none is open."""

    value: str
    low: int | date | None = None
    high: int | date | None = None

    def holds(self, given: int | date) -> bool:
        """True when `given`, of the same kind as the ends, lies in the band."""
        after = self.low is None or self.low <= given  # type: ignore[operator]
        return after and (self.high is None or given <= self.high)  # type: ignore[operator]


@dataclass(frozen=True)
class Input:
    """One thing a check may be told. `values` are what it can be, besides unknown."""

    key: str
    kind: str
    values: tuple[str, ...]
    bands: tuple[Band, ...] = ()
    names: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One way a row can stand: when it does, and what follows. An empty `when` always fits."""

    when: Mapping[str, frozenset[str]]
    state: State
    effect: Effect = Effect.CONTINUE
    says: str = ""
    route: str = ""
    queue: str = ""
    ask: str = ""

    def fits(self, answers: Answers) -> bool:
        return all(answers.get(key, UNKNOWN) in values for key, values in self.when.items())


@dataclass(frozen=True)
class Criterion:
    """A row of the table: what is asked of a case, on what basis, and what follows from each answer."""

    number: int
    criterion: str
    basis: Basis
    facts: tuple[str, ...]
    sources: tuple[str, ...]
    section: str
    quote: str
    cases: tuple[Case, ...]
    note: str = ""
    used: bool = True

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The answers this row looks at, in the order it looks."""
        return tuple(dict.fromkeys(key for case in self.cases for key in case.when))

    def case_for(self, answers: Answers) -> Case:
        """The first case that fits; the last one always does."""
        return next(case for case in self.cases if case.fits(answers))

    def effect_of(self, case: Case) -> Effect:
        """A local setting can refer a case to a person, and never rule it out."""
        return Effect.REFER if self.basis is Basis.INFERRED and case.effect is Effect.STOP else case.effect


@dataclass(frozen=True)
class Choice:
    """One way to answer a question, and the answers it fills in."""

    label: str
    sets: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """One question of an interactive check. The last choice is always "I'm not sure"."""

    id: str
    label: str
    hint: str
    choices: tuple[Choice, ...]
    unless: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every answer this question can fill in."""
        return tuple(dict.fromkeys(key for choice in self.choices for key in choice.sets))


@dataclass(frozen=True)
class Page:
    """One idea, with the question or questions that belong to it."""

    id: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Change:
    """A change of one answer that may be named as altering a result. `says` completes "If …"."""

    key: str
    starts: frozenset[str]
    to: str
    kind: ChangeKind
    says: str


@dataclass(frozen=True)
class Setting:
    """A value a council may set for itself, for one row. None of them is published."""

    id: str
    value: str
    row: int
    says: str


@dataclass(frozen=True)
class Table:
    """One version of a check, in force from `effective_from` until a later version is."""

    id: str
    path: str
    version: int
    effective_from: date
    read_on: date
    review_by: date
    owner: str
    inputs: Mapping[str, Input]
    rows: tuple[Criterion, ...]
    questions: Mapping[str, Question]
    pages: tuple[Page, ...]
    changes: tuple[Change, ...]
    evidence: tuple[str, ...]
    words: Mapping[str, str]
    settings: tuple[Setting, ...] = ()

    @cached_property
    def keys_used(self) -> frozenset[str]:
        """The answers that any row in use looks at."""
        return frozenset(key for row in self.rows if row.used for key in row.keys)


def table_on(tables: tuple[Table, ...], day: date) -> Table:
    """The version in force on `day`; before the first, the first. `tables` holds at least one."""
    in_force = [table for table in tables if table.effective_from <= day]
    if not in_force:
        return min(tables, key=lambda table: table.effective_from)
    return max(in_force, key=lambda table: table.effective_from)

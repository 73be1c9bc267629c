"""A page of the flow as values: what is said, what is asked, what went wrong. Each channel draws it in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class At(StrEnum):
    """Where in the flow a person is (ux.md B1 to B10)."""

    DATES = "dates"
    TIMES = "times"
    VISIT = "visit"
    NEEDS = "needs"
    CONTACT = "contact"
    QUESTIONS = "questions"
    CHECK = "check"
    BOOKED = "booked"
    WAITING = "waiting"
    TELL_ME = "tell_me"
    CANCEL = "cancel"


class Kind(StrEnum):
    """How a question is answered."""

    ONE = "one"
    SOME = "some"
    WORDS = "words"
    YES = "yes"


@dataclass(frozen=True)
class Choice:
    """One answer to choose. `hint` is a second, quieter line."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Field:
    """One question. `given` is what was answered before; `autofill` is the HTML autocomplete token."""

    name: str
    kind: Kind
    label: str
    hint: str = ""
    choices: tuple[Choice, ...] = ()
    given: tuple[str, ...] = ()
    autofill: str = ""
    longest: int = 100


@dataclass(frozen=True)
class Fault:
    """What is wrong with one answer, and what to do."""

    field: str
    text: str


@dataclass(frozen=True)
class Fact:
    """One line of a summary. `change` is the page that changes it, or none."""

    label: str
    value: str
    change: At | None = None


@dataclass(frozen=True)
class Page:
    """One page: heading, sentences, a summary, questions, a button. `notice` is set apart above the rest."""

    at: At
    title: str
    button: str = ""
    lead: tuple[str, ...] = ()
    notice: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    fields: tuple[Field, ...] = ()
    faults: tuple[Fault, ...] = ()
    after: tuple[str, ...] = ()

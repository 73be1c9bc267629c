"""What the console needs from outside this room. `bot` hands the real ones in; tests hand in small ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Engine

from handoff.desk import Desk
from knowledge.calendar import WorkingCalendar


@dataclass(frozen=True)
class Found:
    """One passage of the pack, as search found it: `section` names it, `score` runs from 0 to 1."""

    section: str
    title: str
    text: str
    score: float
    url: str | None = None


@dataclass(frozen=True)
class Asked:
    """What became of a question: the outcome, the passages, and the rule that stopped it if one did."""

    outcome: str
    text: str
    passages: Sequence[Found]
    threshold: float
    stopped_by: str = ""


class Search(Protocol):
    """Passages for a question, best first."""

    def __call__(self, question: str, limit: int) -> Sequence[Found]: ...


class Ask(Protocol):
    """The assistant's own answer to a question, with its working."""

    def __call__(self, question: str) -> Asked: ...


class Reindex(Protocol):
    """Take changed text into the answers that are given now."""

    def __call__(self) -> None: ...


@dataclass(frozen=True)
class Office:
    """What every page has at hand: the records, the council's desk and name, the ports that are connected.

    `titles` are the headings of the pack's sections by id; `calendar` says when the council is closed.
    """

    engine: Engine
    desk: Desk
    council: str
    titles: Mapping[str, str] = field(default_factory=dict)
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    search: Search | None = None
    ask: Ask | None = None
    reindex: Reindex | None = None

    def title_of(self, section: str) -> str:
        """A section of the pack by its heading; by its id when it is no longer there."""
        return self.titles.get(section, section)

    def language(self, code: str) -> str:
        """A language by its own name, with its code; the code alone when the pack does not speak it."""
        spoken = self.desk.phrases.languages.get(code)
        return code if spoken is None else spoken.own_name if code == "en" else f"{spoken.own_name} ({code})"

"""What the console needs from outside this room. `bot` hands the real ones in; tests hand in small ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from sqlalchemy import Engine

from handoff.desk import Desk
from knowledge.calendar import WorkingCalendar
from knowledge.pack import Pack


@dataclass(frozen=True)
class Found:
    """One passage of the pack, as search found it: `section` names it; `found_by` is what each ranking gave it."""

    section: str
    title: str
    text: str
    score: float
    found_by: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What became of a question, as a family would see it, and the working: `step` replied, `question` was looked up.

    `confidence` is the probability that the first passage answers, `needed` what it takes to show it, both 0 to 1.
    """

    question: str
    step: str
    outcome: str
    status: str
    text: str
    section: str | None
    passages: Sequence[Found]
    confidence: float
    needed: float


@dataclass(frozen=True)
class Changed:
    """A question whose answer a draft would change: the section shown before and after (none: not found)."""

    question: str
    before: str | None
    after: str | None
    text: str


@dataclass(frozen=True)
class Preview:
    """What a draft would do: what is wrong with it, how many questions were asked of both, which answers change."""

    problems: Sequence[str]
    asked: int
    changed: Sequence[Changed]


class Search(Protocol):
    """Passages for a question, best first."""

    def __call__(self, question: str, limit: int) -> Sequence[Found]: ...


class Ask(Protocol):
    """The assistant's own answer to a question, with its working."""

    def __call__(self, question: str) -> Asked: ...


class Reindex(Protocol):
    """Take changed text into the answers that are given now. False when there is nothing newer."""

    def __call__(self) -> bool: ...


class Try(Protocol):
    """What these files, by path, would do if they were applied; `also` are questions to ask beside the pack's own."""

    def __call__(self, files: Mapping[str, str], also: Sequence[str] = ()) -> Preview: ...


class TextOf(Protocol):
    """A file of the pack as it is in use. Raises `KeyError` for one that is not there."""

    def __call__(self, path: str) -> str: ...


class TakeIn(Protocol):
    """Read a file that an editor sent and keep it as what waits: its document's id, and False where nothing is new.

    Raises `UnreadableError`, `ContentError`, and `ValueError` for an address that is none.
    """

    def __call__(self, data: bytes, name: str, url: str, by: str) -> tuple[str, bool]: ...


class Group(Protocol):
    """Texts that ask the same: the number of each one's group."""

    def __call__(self, texts: Sequence[str]) -> Sequence[int]: ...


class Private(Protocol):
    """The personal details in a text, each as it stands there."""

    def __call__(self, text: str) -> Sequence[str]: ...


@dataclass(frozen=True)
class Library:
    """The pack in use and what answers from it."""

    pack: Callable[[], Pack]
    text_of: TextOf
    search: Search
    ask: Ask
    preview: Try
    reindex: Reindex
    group: Group
    private: Private
    take_in: TakeIn


@dataclass(frozen=True)
class Office:
    """What every page has at hand: the records, the council's desk and name, the ports that are connected.

    A reply is held for `undo` before it is sent; then somebody must send it (`handoff.cases.holding.send_held`).
    `titles` are the headings of the pack's sections by id; `calendar` says when the council is closed.
    """

    engine: Engine
    desk: Desk
    council: str
    titles: Mapping[str, str] = field(default_factory=dict)
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    library: Library | None = None
    undo: timedelta = timedelta()

    def title_of(self, section: str) -> str:
        """A section of the pack by its heading; by its id when it is no longer there.

        The id of what was taken out is made of its words, so it is not said either.
        """
        if self.library:
            pack = self.library.pack()
            found = pack.sections.get(section)
            gone = section.partition("#")[0] in pack.gone
            return found.heading if found else "A text that was taken out" if gone else section
        return self.titles.get(section, section)

    def language(self, code: str) -> str:
        """A language by its own name, with its code; the code alone when the pack does not speak it."""
        spoken = self.desk.phrases.languages.get(code)
        return code if spoken is None else spoken.own_name if code == "en" else f"{spoken.own_name} ({code})"

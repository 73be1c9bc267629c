"""One turn of a conversation: all a step may see, and what a step is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from bot.messages import Act, Incoming, Reply
from knowledge.pack import Pack
from retrieval.risk import Risk
from retrieval.search import Results


@dataclass(frozen=True)
class Past:
    """What the conversation remembers: what the person asked (redacted), and the sections that could answer.

    `doing` is what the last reply asked the person to confirm or to write.
    """

    asked: tuple[str, ...] = ()
    section: str | None = None
    choices: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    doing: Act | None = None


@dataclass(frozen=True)
class Turn:
    """A message on its way to a reply. `text` is redacted; `incoming.text` is what was typed, for safety alone."""

    incoming: Incoming
    text: str
    language: str
    pack: Pack
    today: date
    search: Callable[[str], Results]
    risk: Callable[[str], Risk | None]
    threshold: float
    outside: Callable[[str], float] = lambda _: 0.0
    redacted: bool = False
    past: Past = field(default_factory=Past)

    def say(self, key: str, **values: str) -> str:
        """A phrase in the person's language."""
        return self.pack.phrases.say(key, self.language, **values)


Step = Callable[[Turn], Reply | None]

"""What an officer sees before a reply is sent: how the family sees it, how hard it is to read, what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handoff.cases.telling import say_about
from handoff.desk import Desk
from handoff.models import Case
from knowledge.readability import grade, longest_sentence

# What families are written: an age of about ten (knowledge/README.md); a sentence longer than this is hard for many.
HARDEST = 6.0
LONGEST = 20


@dataclass(frozen=True)
class ReadOver:
    """A reply as the family sees it: the sentence above it in their language, and the words as written.

    `language` and `direction` are the family's; `hints` say what may be hard to read or too personal.
    """

    above: str
    text: str
    language: str
    direction: str
    hints: tuple[str, ...]


def read_over(desk: Desk, case: Case, text: str, private: Sequence[str]) -> ReadOver:
    """How `text` looks to the family of `case`; `private` are the personal details somebody found in it."""
    return ReadOver(
        above=say_about(desk, case, "case_replied"),
        text=text,
        language=case.language,
        direction=desk.phrases.direction(case.language),
        hints=tuple(_hints(case, text, private)),
    )


def _hints(case: Case, text: str, private: Sequence[str]) -> list[str]:
    said = []
    words, sentence = longest_sentence(text)
    if words > LONGEST:
        said.append(f"One sentence has {words} words: “{sentence[:80]}…” Two short ones are easier.")
    if (level := grade(text)) > HARDEST:
        said.append(f"It reads at school grade {level:.0f}. Families are written at grade {HARDEST:.0f} or below.")
    if private:
        said.append(f"These look like personal details: {', '.join(private[:5])}. Leave out what the family knows.")
    if case.language != "en":
        said.append("Your words are not translated. Only the line above them is in the family’s language.")
    return said

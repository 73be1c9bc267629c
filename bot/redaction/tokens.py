"""A message as words, each knowing its case, what stands before it, and whether it begins a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.redaction.vocabulary import GIVEN_NAMES, QUOTES, fold

# Python's \w leaves out the vowel signs of Indic and Arabic scripts, so they are named here.
_LETTER = r"[\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0971-\u0983\u0a01-\u0d7f\u200c\u200d]"
WORD = re.compile(rf"{_LETTER}{{1,40}}(?:['’‘ʼ`´\-]{_LETTER}{{1,40}}){{0,3}}")
SENTENCE_END = re.compile(r"[.!?\n•…।۔؟;]")
SHOUTING_LETTERS = 12
INNER_CAPITAL = re.compile(r"[a-z](?=[A-Z])")
NAME_HEADS = frozenset("mc mac de di du da la le van von fitz st o ap al el abd abdul bin".split())


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `end` leaves out a possessive 's; `low` is the folded word without it."""

    start: int
    end: int
    low: str
    shape: str
    owns: bool
    gap: str
    opens: bool

    @property
    def joined(self) -> bool:
        """Whether only a space stands between this word and the one before it."""
        return self.gap in (" ", "  ", "\u00a0")

    @property
    def titled(self) -> bool:
        """Whether it begins with a capital, as a name does."""
        return self.shape == "title"


def tokenise(view: str) -> list[Token]:
    """The words of `view`, in order."""
    shouting = is_shouting(view)
    tokens: list[Token] = []
    at = 0
    for match in WORD.finditer(view):
        gap = view[max(at, match.start() - 8) : match.start()]
        tokens.append(token_of(match, gap, shouting, opens=not tokens or bool(SENTENCE_END.search(gap))))
        at = match.end()
    return tokens


def token_of(match: re.Match[str], gap: str, shouting: bool, opens: bool) -> Token:
    """The token for one matched word."""
    word = match[0].translate(QUOTES)
    owns = len(word) > 3 and word[-2:] in ("'s", "'S")
    if owns:
        word = word[:-2]
    return Token(match.start(), match.start() + len(word), fold(word), shape_of(word, shouting), owns, gap, opens)


def shape_of(word: str, shouting: bool) -> str:
    """`title`, `mixed` (several capitals), `upper`, `lower`, `number`, or `plain` for scripts without capitals."""
    if any(character.isdecimal() for character in word):
        return "number"
    if word.isupper():
        if shouting:
            return "lower"
        return "title" if len(word) == 1 or "'" in word[:3] else "upper"
    if word[0].isupper():
        return "mixed" if is_joined_up(word) else "title"
    return "lower" if word[0].islower() else "plain"


def is_joined_up(word: str) -> bool:
    """Whether `word` is several written as one with capitals ("ClassDojo"), and no name that is spelt so."""
    inner = INNER_CAPITAL.search(word)
    if inner is None or not word.isalpha():
        return False
    head = fold(word[: inner.start() + 1])
    return head not in NAME_HEADS and not {head, fold(word)} & GIVEN_NAMES


def is_shouting(view: str) -> bool:
    """Whether a message is typed in capitals, so that a capital says nothing about a name."""
    capitals = sum(character.isupper() for character in view)
    small = sum(character.islower() for character in view)
    return capitals >= SHOUTING_LETTERS and capitals > 3 * small

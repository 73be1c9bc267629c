"""Acronyms, the other words people use for them, and the ways they are misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Term:
    """A word of the field: `also` are true other names, `misspelt` the ways it comes in."""

    term: str
    means: str
    stands_for: str | None = None
    also: tuple[str, ...] = ()
    misspelt: tuple[str, ...] = ()


@dataclass(frozen=True)
class Glossary:
    """The pack's terms, and one pattern that finds every misspelling in a message."""

    terms: tuple[Term, ...] = ()

    def known(self) -> frozenset[str]:
        """Every word that a term or another name for it has, in lower case: these need no definition in a text."""
        return self._known

    @cached_property
    def _known(self) -> frozenset[str]:
        names = (name for term in self.terms for name in (term.term, *term.also))
        return frozenset(word for name in names for word in name.lower().split())

    def repairs(self) -> dict[str, str]:
        """Misspelling → term, both in lower case."""
        return {wrong.lower(): term.term for term in self.terms for wrong in term.misspelt}

    def expansions(self) -> dict[str, str]:
        """What people say, in lower case → the words the council's pages use for it."""
        return {other.lower(): term.term for term in self.terms for other in term.also}


def whole_words(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of `words` as a whole word, longest first, whatever its case."""
    longest_first = sorted({word for word in words if word}, key=len, reverse=True)
    if not longest_first:
        return re.compile(r"(?!)")
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)", re.IGNORECASE)

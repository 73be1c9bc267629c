"""What a sentence is about: its own words, without the small ones, cut short so that forms of a word meet."""

from __future__ import annotations

import re

_LETTERS = 5
_JOIN = re.compile(r"[,;:()]+\s*|\s+(?:and|or|nor)\s+|\s[–-]\s")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")
# Words that any two sentences may share without being about the same thing.
_SMALL = frozenset(
    """
    a about after age aged ages all also an and another any are as ask asks at away be because been before being
    both but by can child children could did do does each either every for from get gets give gives given go goes
    has have having he her here hers him his how i if in into is it its just know like made make makes may me mean
    means might more most much must my need needs never no none nor not of off on one only or other our out over own
    people person say says she so some still such take takes than that the their them then there these they thing
    things this those to too under unless until up us use very was way we were what when where which who whose why
    will with without would yes yet you young your isn't don't doesn't can't cannot
    """.split()
)


def topics(text: str) -> frozenset[str]:
    """The words `text` is about, in lower case, each cut to its first letters."""
    words = (word.lower().replace("’", "'").removesuffix("'s") for word in _WORD.findall(text))
    return frozenset(word[:_LETTERS] for word in words if word not in _SMALL)


def clauses(sentence: str) -> tuple[str, ...]:
    """`sentence` cut at its commas, colons and brackets, and at "and" and "or"."""
    return tuple(piece for piece in _JOIN.split(sentence) if piece.strip(" .!?"))

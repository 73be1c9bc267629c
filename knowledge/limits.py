"""The words that limit a sentence: not, only, unless, must, if, may. To lose one is to say something else."""

from __future__ import annotations

import re

from knowledge.figures import without_figures
from knowledge.topics import topics

_NOT = (
    r"no|not|never|none|nobody|nothing|neither|nor|cannot|without|unlawful|illegal|against the law|refus\w+|turned down"
    r"|undated|unknown|\w+n['’]t"
)
# What limits a sentence, and the words that say it in easy English as well.
_SAYS = {
    "not": (_NOT, _NOT),
    "only": (r"only|alone", r"only|alone"),
    "unless": (r"unless|except", r"unless|except|if .*not|not .*if"),
    "must": (
        r"must|ha(?:s|ve) to|required|needs? (?:to|an?)|duty",
        r"must|ha(?:s|ve) to|needs? (?:to|an?)|duty",
    ),
    "if": (r"if|as long as|provided", r"if|when|as long as|unless|for (?:a|all) \w+ who"),
    "may": (r"may|might|could", r"may|might|could|can"),
    "later or earlier": (r"later|latest|earlier|earliest|sooner", r"later|latest|earlier|earliest|sooner"),
    "all": (r"all (?:of|these)|both", r"all|both|each|every"),
    "any": (r"any (?:1|one|of)|either", r"any|either|one|1"),
    "most or some": (r"(?<!at )most|some|usually|sometimes|a few", r"(?<!at )most|some|usually|sometimes|a few"),
}
KINDS = tuple(_SAYS)
_FOUND = {kind: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for kind, (words, _) in _SAYS.items()}
_MET = {kind: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for kind, (_, words) in _SAYS.items()}
# Figures have their own bounds ("at least 15 days"), so they are read apart; but "any 1" is a limit.
_KEEPS_FIGURES = ("any",)


def limits(sentence: str, kind: str) -> bool:
    """True when `sentence` states a limit of this kind, by a word that always limits."""
    return bool(_FOUND[kind].search(_bare(sentence, kind)))


def states(sentence: str, kind: str) -> bool:
    """True when `sentence` states a limit of this kind, in any of the easy ways to say it."""
    return bool(_MET[kind].search(_bare(sentence, kind)))


def limited(sentence: str, kind: str) -> tuple[frozenset[str], ...]:
    """What this limit in `sentence` is about, in topics: "not A or B" denies both, "must A and B" asks for both."""
    found = _MET[kind].search(sentence)
    if found is None:
        return (topics(sentence),)
    before, after = re.split(r"[,;:]", sentence[: found.start()])[-1], sentence[found.start() :]
    first, *others = _held_for(after, kind)
    about = tuple(held for piece in (f"{before} {first}", *others) if (held := topics(piece)))
    return about or (topics(sentence),)


def _held_for(after: str, kind: str) -> list[str]:
    """The words the limit at the start of `after` holds for: to the next comma, or each thing in a list of them."""
    if kind == "not" and re.search(r"\b(?:or|nor)\b", after):
        return re.split(r",?\s+(?:or|nor)\s+|,\s+", after)
    clause = re.split(r",\s", after)[0]
    return re.split(r"\s+and\s+", clause) if kind == "must" else [clause]


def _bare(sentence: str, kind: str) -> str:
    return sentence if kind in _KEEPS_FIGURES else without_figures(sentence)

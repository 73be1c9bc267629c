"""Do the easy words of a section say what the section says? Nothing lost, nothing added, and easier to read.

What is checked can be counted: figures with their bounds, limits, names, contacts, sources, length. Whether the
sense is the same is for a person to judge: until one has, a reply says that nobody has checked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.article import Claim, EasyWords, Section
from knowledge.contacts import PLACEHOLDER, placeholders
from knowledge.figures import Figure, figures_in
from knowledge.glossary import Glossary
from knowledge.limits import KINDS, limited, limits, states
from knowledge.readability import grade, longest_sentence
from knowledge.sentences import split_sentences
from knowledge.topics import clauses, topics

# A reading age of 9 is four school years (the grade plus five is about the age).
HIGHEST_GRADE = 4.0
MOST_WORDS = 12
# The share of a sentence's own words that must come back, and of a condition's.
KEPT = 0.4
KEPT_CONDITION = 0.5
OWN = "askwell"
# Names that everyone knows by their letters.
FAMILIAR = frozenset({"NHS", "GP", "UK", "OK", "ID", "PDF"})

_URL = re.compile(r"\b(?:https?://|www\.)\S*\w")
_ACRONYM = re.compile(r"\b[A-Z]\w*[A-Z]\b")
_NAME = re.compile(r"(?<=[a-z,;:(] )[A-Z][a-z]+\b")
Fault = tuple[int, str]


@dataclass(frozen=True)
class _Sentence:
    """One sentence, and the pages it stands on; none for a step, which may stand on any."""

    text: str
    sources: frozenset[str]
    line: int

    def may_be(self, easy: _Sentence) -> bool:
        """True when `easy` stands on one of the same pages."""
        return not self.sources or bool(self.sources & easy.sources)


@dataclass(frozen=True)
class _Pair:
    """A section, part by part (what is said, conditions, steps), and its easy words."""

    parts: tuple[tuple[_Sentence, ...], ...]
    easy: tuple[_Sentence, ...]
    line: int

    @property
    def said(self) -> tuple[_Sentence, ...]:
        return tuple(sentence for part in self.parts for sentence in part)


def easy_faults(section: Section, glossary: Glossary) -> Iterator[Fault]:
    """What the easy words of `section` lose, add or make no easier, each with its line; none when there are none."""
    if section.easy is None:
        return
    if not section.easy.blocks:
        yield section.easy.line, "the easy words say nothing"
        return
    body = tuple(claim for block in section.blocks for claim in block.claims)
    parts = tuple(_sentences(claims) for claims in (body, section.conditions, section.steps))
    pair = _Pair(parts, _sentences(section.easy.claims), section.easy.line)
    yield from _sources(section, section.easy)
    yield from _contacts(section, section.easy)
    yield from _figures(pair)
    yield from _limits(pair)
    yield from _added(pair)
    yield from _kept(pair)
    yield from _names(pair, glossary)
    yield from _reading(section, section.easy)


def _sentences(claims: Sequence[Claim]) -> tuple[_Sentence, ...]:
    return tuple(
        _Sentence(text, frozenset(claim.sources), claim.line)
        for claim in claims
        for text in split_sentences(_bare(claim.text))
    )


def _bare(text: str) -> str:
    """The words alone: an address or a number to ring has figures of its own."""
    return _URL.sub(" ", PLACEHOLDER.sub(" ", text))


def _sources(section: Section, easy: EasyWords) -> Iterator[Fault]:
    allowed = {id for claim in section.claims for id in claim.sources} | {OWN}
    for claim in easy.claims:
        if not claim.sources:
            yield claim.line, f"easy words with no source: {_short(claim.text)}"
        for id in claim.sources:
            if id not in allowed:
                yield claim.line, f"easy words stand on {id}, which the section does not: {_short(claim.text)}"
    used = {id for claim in easy.claims for id in claim.sources}
    for claim in section.claims:
        if claim.sources and not used & set(claim.sources):
            yield easy.line, f"the easy words leave out what {', '.join(claim.sources)} says: {_short(claim.text)}"


def _contacts(section: Section, easy: EasyWords) -> Iterator[Fault]:
    wanted = {found for claim in section.claims for found in _exact(claim.text)}
    given = {found for claim in easy.claims for found in _exact(claim.text)}
    for found in sorted(wanted - given):
        yield easy.line, f"the easy words leave out {found}"
    for found in sorted(given - wanted):
        yield easy.line, f"the easy words add {found}"


def _exact(text: str) -> list[str]:
    """What must come back letter by letter: contacts and addresses of pages."""
    return [f"{{{what}:{id}}}" for what, id in placeholders(text)] + _URL.findall(text)


def _figures(pair: _Pair) -> Iterator[Fault]:
    easy = [(figure, sentence) for sentence in pair.easy for figure in figures_in(sentence.text)]
    held = [figure for sentence in pair.said for figure in figures_in(sentence.text)]
    for sentence in pair.said:
        for figure in figures_in(sentence.text):
            if not any(sentence.may_be(where) and _same(figure, other, where) for other, where in easy):
                yield pair.line, f"the easy words lose or change {figure}: {_short(sentence.text)}"
    for figure, where in easy:
        if not any(one.means(figure) for one in held):
            yield where.line, f"the easy words add {figure}: {_short(where.text)}"
    yield from _repeated(pair, Counter(figure.amount for figure, _ in easy))


def _repeated(pair: _Pair, easy: Counter[str]) -> Iterator[Fault]:
    """A figure that one part says more than once is as many limits: the easy words say each of them."""
    for part in pair.parts:
        said = Counter(figure.amount for one in part for figure in figures_in(one.text))
        for amount, times in said.items():
            if 0 < easy[amount] < times:
                yield pair.line, f"{amount} is said {times} times, in the easy words {easy[amount]}"


def _same(figure: Figure, easy: Figure, where: _Sentence) -> bool:
    """The same amount, said of the same thing: something beside the figure comes back in the easy sentence."""
    said = topics(where.text) | {one.amount for one in figures_in(where.text)} - {figure.amount}
    return figure.means(easy) and (not figure.beside or bool(figure.beside & said))


def _limits(pair: _Pair) -> Iterator[Fault]:
    for part in pair.parts:
        for kind in KINDS:
            said, easy = _held(part, kind, limits), _held(pair.easy, kind, states)
            partners = [[at for at, one in enumerate(easy) if row.is_about(one)] for row in said]
            for row in _left_over(partners):
                yield pair.line, f"the easy words lose a limit ({kind}): {_short(said[row].where.text)}"


@dataclass(frozen=True)
class _Held:
    """What one limit holds for: a clause's topics, and the sentence it stands in."""

    about: frozenset[str]
    where: _Sentence

    def is_about(self, easy: _Held) -> bool:
        return self.where.may_be(easy.where) and (not self.about or bool(self.about & easy.about))


def _held(sentences: Sequence[_Sentence], kind: str, holds: Callable[[str, str], bool]) -> list[_Held]:
    return [_Held(about, one) for one in sentences if holds(one.text, kind) for about in limited(one.text, kind)]


def _added(pair: _Pair) -> Iterator[Fault]:
    """A "not", "must" or "only" of our own: an explanation may have one, what a page says may not."""
    conditions = pair.parts[1]
    for kind in ("not", "must", "only"):
        said = [one for one in pair.said if states(one.text, kind)]
        held = said if kind == "not" else [*said, *conditions]
        for easy in pair.easy:
            if limits(easy.text, kind) and OWN not in easy.sources and not _meets(easy, held):
                yield easy.line, f"the easy words add a limit ({kind}): {_short(easy.text)}"


def _meets(easy: _Sentence, said: Sequence[_Sentence]) -> bool:
    about = topics(easy.text)
    return any(one.may_be(easy) and (not about or about & topics(one.text)) for one in said)


def _left_over(partners: Sequence[Sequence[int]]) -> list[int]:
    """The rows that get no partner of their own when as many as possible do (augmenting paths)."""
    taken: dict[int, int] = {}

    def place(row: int, tried: set[int]) -> bool:
        for at in partners[row]:
            if at not in tried:
                tried.add(at)
                if at not in taken or place(taken[at], tried):
                    taken[at] = row
                    return True
        return False

    return [row for row in range(len(partners)) if not place(row, set())]


def _kept(pair: _Pair) -> Iterator[Fault]:
    shares = (KEPT, KEPT_CONDITION, KEPT)
    for part, share in zip(pair.parts, shares, strict=True):
        for sentence in part:
            back = {word for easy in pair.easy if sentence.may_be(easy) for word in topics(easy.text)}
            for piece, about in _own_topics(sentence.text):
                if len(about & back) < share * len(about):
                    yield pair.line, f"the easy words do not say this: {_short(piece)}"


def _own_topics(sentence: str) -> Iterator[tuple[str, frozenset[str]]]:
    """The sentence, then each of its clauses with the topics no other clause has. Acronyms are looked for by name."""
    yield sentence, topics(sentence)
    pieces = clauses(_ACRONYM.sub(" ", sentence))
    for at, piece in enumerate(pieces):
        yield piece, topics(piece) - topics(" ".join([*pieces[:at], *pieces[at + 1 :]]))


def _names(pair: _Pair, glossary: Glossary) -> Iterator[Fault]:
    said, easy = (" ".join(one.text for one in side) for side in (pair.said, pair.easy))
    for acronym in dict.fromkeys(_ACRONYM.findall(said)):
        if not any(_has(easy, name) for name in _other_names(acronym, glossary)):
            yield pair.line, f"the easy words leave out {acronym}"
    for name in dict.fromkeys(_NAME.findall(said)):
        if not _has(easy, name):
            yield pair.line, f"the easy words leave out the name {name}"
    for acronym in dict.fromkeys(_ACRONYM.findall(easy)):
        if acronym not in FAMILIAR and not _explained(acronym, easy):
            yield pair.line, f"the easy words use {acronym} and do not say what it is"


def _other_names(acronym: str, glossary: Glossary) -> set[str]:
    """The acronym, and the term it is another name for (EHCP: EHC plan)."""
    terms = [term for term in glossary.terms if acronym in (term.term, *term.also)]
    return {acronym, *(name for term in terms for name in (term.term, term.stands_for) if name)}


def _has(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}s?\b", text, re.IGNORECASE) is not None


def _explained(acronym: str, text: str) -> bool:
    """True for "(MIP)", as after its words, and for "an EHC plan is" or "SENCO means"."""
    return re.search(rf"\({acronym}\)|\b{acronym}s?(?: \w+)?(?: \(\w+\))? (?:is|are|means?)\b", text) is not None


def _reading(section: Section, easy: EasyWords) -> Iterator[Fault]:
    count, sentence = longest_sentence(easy.text)
    if count > MOST_WORDS:
        yield easy.line, f"an easy sentence of {count} words; {MOST_WORDS} are the most: {_short(sentence)}"
    before, after = grade("\n".join(claim.text for claim in section.claims)), grade(easy.text)
    if after > HIGHEST_GRADE:
        yield easy.line, f"the easy words are at grade {after:.1f}; {HIGHEST_GRADE:.0f} is the highest"
    if after >= before:
        yield easy.line, f"the easy words are no easier: grade {after:.1f}, the section {before:.1f}"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 70 else words[:67] + "..."

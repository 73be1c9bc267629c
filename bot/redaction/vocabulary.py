"""Word lists: given and family names, ordinary words, and proper nouns that are not people."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})


def fold(text: str) -> str:
    """`text` in one case, without accents, with one kind of apostrophe: the form words are compared in."""
    plain = text.translate(QUOTES).casefold()
    if plain.isascii():
        return plain
    marked = unicodedata.normalize("NFKD", plain)
    # Only Latin accents go: in other scripts the marks are vowels.
    bare = "".join(character for character in marked if not "\u0300" <= character <= "\u036f")
    return unicodedata.normalize("NFC", bare).replace("ł", "l").replace("ø", "o").replace("đ", "d")


def _lines(name: str) -> list[str]:
    text = files("bot.redaction").joinpath("words", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _words(name: str) -> frozenset[str]:
    return frozenset(fold(word) for line in _lines(name) for word in line.split())


def _phrases(name: str) -> frozenset[str]:
    phrases = (phrase.strip() for line in _lines(name) for phrase in line.split("|"))
    return frozenset(phrase for phrase in phrases if phrase)


GIVEN_NAMES = _words("given_names.txt")
FAMILY_NAMES = _words("family_names.txt")
ALL_NAMES = GIVEN_NAMES | FAMILY_NAMES
NATIVE_NAMES = _words("native_names.txt")
FOREIGN_STOPS = _words("foreign_stops.txt")
NATIVE_WORDS = _words("native_words.txt")
COMMON_ABROAD = _words("common_abroad.txt") | _words("said_abroad.txt")
NAMING_PHRASES = _phrases("naming_phrases.txt")
KINSHIP_PHRASES = _phrases("kinship_phrases.txt")
PROPER_NOUNS = _phrases("proper_nouns.txt")
# Chelsea, Jordan and June are people too, so as single words they are only ordinary, not allowed outright.
ORDINARY = _words("ordinary.txt") | {fold(noun) for noun in PROPER_NOUNS if fold(noun) in GIVEN_NAMES}

SHORTEST_MISSPELT = 3
SHORTEST_HALF = 4
_ENDINGS = ("'s", "s", "es", "d", "ed", "ing", "ly", "n't", "'ll", "'ve", "'d", "'re")
# "theyve", "couldnt": what is said with an apostrophe and often typed without.
_UNMARKED = ("ve", "ll", "re", "nt", "d", "s")
_SHORTENED = frozenset(
    """
    they you we he she it who that there what how where could should would must might has have had does did do is are
    was were ca wo need
    """.split()
)
_SHAPES = (
    *("ing", "ed", "tion", "ness", "ment", "ful", "able", "ible"),
    *("ically", "ously", "ally", "ts", "es", "ks", "ds"),
)


def is_ordinary(word: str) -> bool:
    """Whether a folded word is an ordinary English word, or one with a common ending."""
    if word in ORDINARY or word in GIVEN_NAMES:
        return word in ORDINARY
    if any(word.endswith(end) and word.removesuffix(end) in ORDINARY for end in _ENDINGS):
        return True
    if any(word.endswith(end) and word.removesuffix(end) in _SHORTENED for end in _UNMARKED):
        return True
    return "_" in word or ("-" in word and _is_compound(word.split("-")))


def _is_compound(parts: list[str]) -> bool:
    """Whether the parts make an ordinary compound ("half-termly") rather than a double name."""
    if parts[0] in ALL_NAMES and (parts[0] not in ORDINARY or parts[-1] in GIVEN_NAMES):
        return False
    return any(is_ordinary(part) for part in parts)


def looks_ordinary(word: str) -> bool:
    """Whether a folded word in small letters is built like an ordinary one: "refuses", "mispelling", "headbanging"."""
    return is_ordinary(word) or (len(word) > 4 and word.endswith(_SHAPES)) or _is_two_words(word)


def _is_two_words(word: str) -> bool:
    """Whether `word` is two ordinary words written as one, no part of it a name: "headbangs"."""
    if word in ALL_NAMES:
        return False
    cuts = range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1)
    return any(
        ALL_NAMES.isdisjoint((word[:at], word[at:])) and is_ordinary(word[:at]) and is_ordinary(word[at:])
        for at in cuts
    )


@cache
def words_abroad() -> frozenset[str]:
    """Ordinary words of the other languages families write in, folded. Read when such a message comes."""
    return COMMON_ABROAD | _words("abroad.txt")


def resembles(word: str, words: frozenset[str]) -> bool:
    """Whether `word` is one letter added, missing, changed or swapped away from one of `words`."""
    shortened = _shortened(words)
    cuts = without_a_letter(word)
    return word in shortened or not words.isdisjoint(cuts) or not shortened.isdisjoint(cuts)


# Only word lists are remembered, never the words of a message.
@lru_cache(maxsize=4)
def _shortened(words: frozenset[str]) -> frozenset[str]:
    return frozenset(cut for word in words if len(word) > SHORTEST_MISSPELT for cut in without_a_letter(word))


def without_a_letter(word: str) -> set[str]:
    """`word` with each of its letters left out in turn."""
    return {word[:at] + word[at + 1 :] for at in range(len(word))}

"""Names introduced in other languages: "mam na imię", "میرا نام", "me llamo", "magacaygu waa"."""

from __future__ import annotations

from bot.redaction.message import Message, Run
from bot.redaction.tokens import Token
from bot.redaction.vocabulary import (
    COMMON_ABROAD,
    FAMILY_NAMES,
    FOREIGN_STOPS,
    KINSHIP_PHRASES,
    NAMING_PHRASES,
    NATIVE_NAMES,
    NATIVE_WORDS,
    fold,
    words_abroad,
)

# "School" and "form": what follows is not a child's name.
_THINGS = """
    اسکول سکول المدرسة مدرسة school स्कूल ਸਕੂਲ સ્કૂલ স্কুল பள்ளி
    szkoły szkoła escuela école școala iskuulka okul школы школи form ثبت
"""
THINGS = frozenset(fold(word) for word in _THINGS.split())
MOST_WORDS = 3
Phrases = dict[str, list[tuple[str, ...]]]


def _by_last_word(phrases: frozenset[str]) -> Phrases:
    index: Phrases = {}
    for phrase in sorted(phrases):
        words = tuple(fold(phrase).split())
        index.setdefault(words[-1], []).append(words)
    return index


NAMING_ENDS = _by_last_word(NAMING_PHRASES)
KINSHIP_ENDS = _by_last_word(KINSHIP_PHRASES)


def introduced_names(message: Message) -> list[Run]:
    """Names that a phrase in another language announces, and well-known names in other scripts."""
    runs: list[Run] = []
    for at, token in enumerate(message.tokens):
        if token.shape == "plain" and token.low in NATIVE_NAMES and token.low not in NATIVE_WORDS:
            runs.append((at, at + 1))
        start = at + 1
        if start >= len(message.tokens) or message.tokens[start].gap.strip() not in ("", ":", ",", "-", "("):
            continue
        things = message.low(at - 1) in THINGS or message.low(at - 2) in THINGS
        naming = 0 if things else longest_phrase(message, at, NAMING_ENDS)
        if (naming or longest_phrase(message, at, KINSHIP_ENDS)) and may_begin(message, start, naming):
            runs.append((start, run_end(message, start, naming=bool(naming))))
    return runs


def longest_phrase(message: Message, at: int, index: Phrases) -> int:
    """How many words the longest of the phrases has that end with the word at `at`; 0 for none."""
    ending = (
        len(words)
        for words in index.get(message.low(at), ())
        if all(message.low(at - back) == word for back, word in enumerate(reversed(words)))
    )
    return max(ending, default=0)


def may_begin(message: Message, at: int, naming: int) -> bool:
    """Whether the word at `at` can be the name announced. `naming` is how many words announce one: "name" by itself
    ("where do I write the name") makes no name of an ordinary word.
    """
    token = message.tokens[at]
    if token.low in FOREIGN_STOPS or token.shape == "number" or at in message.allowed:
        return False
    if token.titled or message.is_sure(at) or token.low in NATIVE_NAMES:
        return True
    if naming == 1 and token.gap.strip() not in (":", "-"):
        return token.low not in words_abroad()
    return naming > 0 and token.low not in COMMON_ABROAD


def run_end(message: Message, start: int, *, naming: bool) -> int:
    """Where the name beginning at `start` ends: before a little word, a comma, or a change of case."""
    end = start + 1
    first = message.tokens[start]
    while end < len(message.tokens) and end - start < MOST_WORDS and goes_on(message, end, first, naming=naming):
        end += 1
    return end


def goes_on(message: Message, at: int, first: Token, *, naming: bool) -> bool:
    """Whether the word at `at` belongs to the name that began with `first`."""
    token = message.tokens[at]
    if not token.joined or token.low in FOREIGN_STOPS or token.shape == "number" or at in message.allowed:
        return False
    if first.shape == "plain":
        # In Arabic script, a word that begins with "and" starts something new.
        if not naming and token.low not in NATIVE_NAMES and not token.low.startswith("ال"):
            return False
        return token.shape == "plain" and not (token.low.startswith("و") and token.low not in NATIVE_NAMES)
    return token.titled if first.titled else message.is_sure(at) or token.low in FAMILY_NAMES

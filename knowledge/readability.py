"""How hard a text is to read: sentence length, and a grade from vowel groups. For sorting work, not for scoring."""

from __future__ import annotations

import re

from knowledge.sentences import split_sentences

_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]es|ed|[^laeiouy]e)$")


def syllables(word: str) -> int:
    """Vowel groups of `word`, less a silent ending; at least one."""
    trimmed = _SILENT.sub("", word.lower()) if len(word) > 3 else word.lower()
    return max(1, len(_VOWELS.findall(trimmed)))


def grade(text: str) -> float:
    """The Flesch–Kincaid grade of `text` (Kincaid and others 1975); 0 for a text with no word."""
    said = _WORD.findall(text)
    if not said:
        return 0.0
    sentences = max(1, len(split_sentences(text)))
    return 0.39 * len(said) / sentences + 11.8 * sum(map(syllables, said)) / len(said) - 15.59


def longest_sentence(text: str) -> tuple[int, str]:
    """The number of words of the longest sentence, and that sentence."""
    counted = [(len(sentence.split()), sentence) for sentence in split_sentences(text)]
    return max(counted, default=(0, ""))

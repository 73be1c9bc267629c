"""What must survive redaction: published contacts, and proper nouns that are not people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.redaction.vocabulary import fold


@dataclass(frozen=True)
class Keeping:
    """The published contacts in the forms they are compared in, and proper nouns by their first word."""

    emails: frozenset[str]
    phones: frozenset[str]
    squeezed: tuple[str, ...]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]

    @classmethod
    def of(cls, keep: Collection[str], allow: Collection[str]) -> Keeping:
        """What `keep` and `allow` ask for; the work is remembered, as both rarely change."""
        return _keeping(frozenset(keep), frozenset(allow))

    def publishes_phone(self, digits: str) -> bool:
        """Whether `digits` are a published number, with or without its area code or extension."""
        number = national(digits)
        return any(number.startswith(phone) or (len(number) >= 6 and phone.endswith(number)) for phone in self.phones)

    def publishes_place(self, text: str) -> bool:
        """Whether `text` is part of a published address."""
        wanted = squeeze(text)
        return len(wanted) >= 5 and any(wanted in kept for kept in self.squeezed)


@lru_cache(maxsize=16)
def _keeping(keep: frozenset[str], allow: frozenset[str]) -> Keeping:
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for noun in sorted(allow, key=len, reverse=True):
        if words := tuple(fold(noun).split()):
            phrases.setdefault(words[0], []).append(words)
    return Keeping(
        emails=frozenset(value.strip().casefold() for value in keep if "@" in value),
        phones=frozenset(phone for value in keep if "@" not in value for phone in phones_in(value)),
        squeezed=tuple(squeeze(value) for value in sorted(keep)),
        phrases={first: tuple(several) for first, several in phrases.items()},
    )


def phones_in(value: str) -> list[str]:
    """The number in a published contact, without words such as "option 2"."""
    digits = ""
    for character in value:
        if character.isdecimal():
            digits += str(int(character))
        elif character not in " ()-+.":
            break
    return [national(digits)] if len(digits) >= 7 else []


def national(digits: str) -> str:
    """A number as it is dialled in the UK: no 0044, 44 or (0) after it."""
    for prefix in ("0044", "44"):
        if digits.startswith(prefix) and len(digits) > 10:
            return "0" + digits.removeprefix(prefix).removeprefix("0")
    return digits


def squeeze(text: str) -> str:
    """Letters and digits only, in one case."""
    return "".join(character for character in text.casefold() if character.isalnum())

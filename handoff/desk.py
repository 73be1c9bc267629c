"""What every act needs from outside: which council, what time it is, new ids, the families' keys, how long to keep."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from handoff.retention_rules import Rule, Rules, standard_rules
from handoff.vault import Vault
from knowledge.pack import Pack
from knowledge.phrases import Phrases
from knowledge.priorities import Pressing
from knowledge.routing import Queue


def utc_now() -> datetime:
    """This moment, with its zone."""
    return datetime.now(UTC)


def new_id() -> str:
    """An id nobody can guess: 128 random bits in 32 hex digits."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Desk:
    """One council's desk. Acts take it beside a session; tests hand in their own clock and ids.

    `prefix` begins every reference families are given, such as HS-4F7K-92; `rules` say how long what is kept; `site` is
    where families find the page.
    """

    pack: str
    vault: Vault
    queues: dict[str, Queue] = field(default_factory=dict)
    now: Callable[[], datetime] = utc_now
    new_id: Callable[[], str] = new_id
    phrases: Phrases = field(default_factory=lambda: Phrases({}))
    prefix: str = "AW"
    rules: dict[str, Rule] = field(default_factory=lambda: dict(standard_rules()))
    site: str = ""
    priorities: Mapping[str, Pressing] = field(default_factory=dict)

    def link(self, path: str) -> str:
        """`path` as an address that can be sent; empty when the council has not said where its site is."""
        return f"{self.site.rstrip('/')}{path}" if self.site else ""

    def say(self, key: str, language: str = "en", **values: str) -> str:
        """A sentence of the pack, as a family reads it. Raises `KeyError` when the pack has none of that name."""
        return self.phrases.say(key, language, **values)

    def door_mark(self, channel: str, address: str) -> str:
        """What stands for an address where it is looked for: a keyed hash, another one for each council."""
        return self.vault.fingerprint(f"{self.pack}:{channel}:{address}")

    def seal(self, person_id: str, text: str, about: str) -> bytes:
        """`text`, sealed for this person and place."""
        return self.vault.seal(person_id, text, f"{self.pack}:{about}")

    def open(self, person_id: str, sealed: bytes, about: str) -> str:
        """What was sealed. Raises `ErasedError` and `SealError`."""
        return self.vault.open(person_id, sealed, f"{self.pack}:{about}")


def desk_of(pack: Pack, vault: Vault, site: str = "", rules: Rules | None = None) -> Desk:
    """The desk of the council whose pack this is."""
    return Desk(
        pack=pack.id,
        vault=vault,
        queues=dict(pack.queues),
        phrases=pack.phrases,
        prefix=pack.prefix,
        site=site,
        rules=dict(rules or standard_rules()),
        priorities=pack.priorities,
    )

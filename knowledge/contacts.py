"""Phone numbers, emails and addresses: each held once, with its source, and filled into text on demand."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"\{(phone|email|address|contact|hours):([a-z0-9_]+)\}")
FIELDS = ("phone", "email", "address", "hours")


@dataclass(frozen=True)
class Contact:
    """One way to reach someone. `safeguarding` lines are never withheld; `verify` means: check before launch."""

    id: str
    name: str
    source: str
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    hours: str | None = None
    address_source: str | None = None
    verify: bool = False
    safeguarding: bool = False

    def says(self, what: str) -> str:
        """The text for one placeholder: `contact` is phone and email together; empty when there is none."""
        if what == "contact":
            return " or ".join(part for part in (self.phone, self.email) if part)
        return str(getattr(self, what) or "")

    def source_of(self, what: str) -> str:
        """The id of the page this contact, or this part of it, was read on."""
        return self.address_source or self.source if what == "address" else self.source


def placeholders(text: str) -> list[tuple[str, str]]:
    """The `(what, contact id)` pairs that `text` asks for, in order."""
    return [(found[1], found[2]) for found in PLACEHOLDER.finditer(text)]


def fill(text: str, contacts: Mapping[str, Contact], show: Callable[[Contact, str], str] | None = None) -> str:
    """`text` with its placeholders filled. `show` may replace what a contact says (for one withheld).

    Raises `KeyError` for a contact that does not exist: `check_pack` finds those first.
    """
    said = show or (lambda contact, what: contact.says(what))
    return PLACEHOLDER.sub(lambda found: said(contacts[found[2]], found[1]), text)


def published(contacts: Mapping[str, Contact]) -> frozenset[str]:
    """Every number and email the council or a helpline publishes: these are nobody's personal data."""
    return frozenset(value for contact in contacts.values() for value in (contact.phone, contact.email) if value)

"""The register of everything Askwell keeps, field by field: what the privacy page and a person's copy are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

REGISTER = Path(__file__).with_name("data_register.yaml")


class Audience(StrEnum):
    """Who may see a field."""

    FAMILY = "family"
    OFFICER = "officer"
    STAFF = "staff"
    SERVICE = "service"


@dataclass(frozen=True)
class FieldEntry:
    """One field: its name in words, who may see it, and why it is kept (a code of `Register.purposes`)."""

    says: str
    audience: Audience
    purpose: str


@dataclass(frozen=True)
class TableEntry:
    """One table: what it holds in words, its heading in a person's copy, its basis, and its rule of retention."""

    holds: str
    shown_as: str
    purpose: str
    basis: str
    rule: str
    fields: Mapping[str, FieldEntry]


@dataclass(frozen=True)
class Register:
    """Purposes and bases by code, tables by name."""

    purposes: Mapping[str, str]
    bases: Mapping[str, str]
    tables: Mapping[str, TableEntry]


@cache
def data_register(file: Path = REGISTER) -> Register:
    """The register as it stands. Raises `KeyError` or `ValueError` for a file that is not whole."""
    given = yaml.safe_load(file.read_text(encoding="utf-8"))
    tables = {name: _table(entry) for name, entry in given["tables"].items()}
    return Register(given["purposes"], given["bases"], tables)


def _table(entry: Mapping[str, Any]) -> TableEntry:
    fields = {name: _field(parts, entry["purpose"]) for name, parts in entry["fields"].items()}
    return TableEntry(
        holds=entry["holds"],
        shown_as=entry["shown_as"],
        purpose=entry["purpose"],
        basis=entry["basis"],
        rule=entry["class"],
        fields=fields,
    )


def _field(parts: list[str], purpose: str) -> FieldEntry:
    says, audience, *own = parts
    return FieldEntry(says, Audience(audience), own[0] if own else purpose)

"""Rows of a spreadsheet to providers, with a report an editor can act on: every fault with its row and column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from knowledge.directory.cells import CellError, value_of
from knowledge.directory.fields import FIELDS, Field
from knowledge.directory.provider import Provider, Value

Row = tuple[int, tuple[str, ...]]


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in one place of a sheet. `row` counts from 1 as the spreadsheet does; 0 is the whole file."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"row {self.row}" if self.row else "the file"
        return f"{where}{f', {self.column}' if self.column else ''}: {self.message}"


@dataclass(frozen=True)
class Read:
    """What was read: providers without a fault, the faults, and how many rows held anything."""

    providers: tuple[Provider, ...]
    faults: tuple[Fault, ...]
    rows: int


def read_rows(rows: Sequence[Row]) -> Read:
    """Providers from rows, the first of which names the columns. A row with a fault makes no provider."""
    if not rows:
        return Read((), (Fault(0, "", "this file is empty: its first row must name the columns"),), 0)
    (header_row, header), body = rows[0], rows[1:]
    columns, faults = _columns(header_row, header)
    if faults:
        return Read((), tuple(faults), len(body))
    read = [(number, *_provider(number, cells, columns)) for number, cells in body]
    faults = [fault for _, _, found in read for fault in found]
    providers, repeated = _without_repeats([(number, one) for number, one, _ in read if one])
    return Read(providers, tuple(sorted([*faults, *repeated])), len(body))


def _columns(row: int, header: Sequence[str]) -> tuple[list[Field | None], list[Fault]]:
    """The field of each column; columns nobody knows, given twice or missing are faults."""
    known = {_plain(name): field for field in FIELDS for name in (field.id, field.label)}
    columns = [known.get(_plain(name)) for name in header]
    faults = [
        Fault(row, name, f"I do not know this column{_nearest(name, known)}")
        for name, field in zip(header, columns, strict=True)
        if name and field is None
    ]
    given = [field.id for field in columns if field]
    faults += [Fault(row, field.label, "this column is there twice") for field in FIELDS if given.count(field.id) > 1]
    missing = [field.label for field in FIELDS if field.required and field.id not in given]
    faults += [Fault(row, label, "this column is missing") for label in missing]
    return columns, faults


def _nearest(name: str, known: dict[str, Field]) -> str:
    near = get_close_matches(_plain(name), known, n=1, cutoff=0.6)
    return f". Did you mean {known[near[0]].label}?" if near else ""


def _provider(
    number: int, cells: Sequence[str], columns: Sequence[Field | None]
) -> tuple[Provider | None, list[Fault]]:
    values: dict[str, Value] = {}
    faults = []
    for field, text in zip(columns, cells, strict=False):
        if field is None or not text:
            continue
        try:
            values[field.id] = value_of(field, text)
        except CellError as error:
            faults.append(Fault(number, field.label, str(error)))
    for field in FIELDS:
        if field.required and field.id not in values and not any(fault.column == field.label for fault in faults):
            faults.append(Fault(number, field.label, "this must be filled in"))
    faults += _ages(number, values)
    return (None if faults else Provider(_id(values), values)), faults


def _ages(number: int, values: dict[str, Value]) -> list[Fault]:
    first, last = values.get("age_from"), values.get("age_to")
    backwards = isinstance(first, int) and isinstance(last, int) and first > last
    return [Fault(number, "Age to", "this is younger than Age from")] if backwards else []


def _without_repeats(read: Sequence[tuple[int, Provider]]) -> tuple[tuple[Provider, ...], list[Fault]]:
    """Each provider once; a second row for the same one is a fault that names the first."""
    first: dict[str, tuple[int, Provider]] = {}
    faults = []
    for number, provider in read:
        if provider.id in first:
            faults.append(Fault(number, "", f"this provider is in row {first[provider.id][0]} already"))
        else:
            first[provider.id] = (number, provider)
    return tuple(provider for _, provider in first.values()), faults


def _id(values: dict[str, Value]) -> str:
    """A stable id: the code where there is one, else name and area."""
    named = str(values["code"]) if "code" in values else f"{values['name']} {values['area']}"
    return f"ap-{_plain(named).replace(' ', '-')[:80]}"


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text)
    return re.sub(r"[\W_]+", " ", "".join(char for char in folded if not unicodedata.combining(char))).strip().lower()

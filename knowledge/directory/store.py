"""The directory as it is kept: one CSV a council, swapped by rename, with the ones before it beside it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from knowledge.directory.fields import FIELDS, Field
from knowledge.directory.provider import Provider, Value, said
from knowledge.directory.rows import Fault, read_rows
from knowledge.directory.sheets import read_sheet, unspiked

CURRENT = "current.csv"


@dataclass(frozen=True, eq=False)
class Directory:
    """The providers of one council, by id. Empty until an officer imports a file."""

    providers: tuple[Provider, ...] = ()
    imported: date | None = None
    source: str = ""

    def provider(self, id: str) -> Provider:
        """The provider with this id. Raises `KeyError`."""
        return {provider.id: provider for provider in self.providers}[id]


NONE = Directory()


@dataclass(frozen=True)
class Report:
    """What an import would do, or did: every fault and note, and which entries come, change and go."""

    providers: tuple[Provider, ...]
    rows: int
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def load_directory(folder: Path) -> Directory:
    """The directory kept in `folder`, read again only when it changed; an empty one when nothing was imported."""
    try:
        stamp = (folder / CURRENT).stat().st_mtime_ns
    except FileNotFoundError:
        return NONE
    return _load(folder, stamp)


@lru_cache(maxsize=8)
def _load(folder: Path, _stamp: int) -> Directory:
    file = folder / CURRENT
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    read = read_rows(read_sheet(file).rows)
    return Directory(read.providers, date.fromisoformat(about["imported"]), about["source"])


def plan_import(file: Path, present: Directory) -> Report:
    """What importing `file` would do. Raises `SheetError` when the file cannot be read at all."""
    sheet = read_sheet(file)
    read = read_rows(sheet.rows)
    before = {provider.id: provider for provider in present.providers}
    after = {provider.id: provider for provider in read.providers}
    return Report(
        providers=read.providers,
        rows=read.rows,
        faults=tuple(sorted([*sheet.faults, *read.faults])),
        notes=sheet.notes,
        added=tuple(id for id in after if id not in before),
        changed=tuple(id for id in after if id in before and before[id] != after[id]),
        removed=tuple(id for id in before if id not in after),
    )


def keep(folder: Path, report: Report, source: str, today: date) -> Directory:
    """Make the report's providers the directory. The one before it is kept under its day; readers see old or new."""
    folder.mkdir(parents=True, exist_ok=True)
    current = folder / CURRENT
    if current.exists():
        (folder / f"until-{today.isoformat()}.csv").write_bytes(current.read_bytes())
    fresh = folder / "fresh.csv"
    fresh.write_text(as_csv(report.providers), encoding="utf-8")
    (folder / "about.json").write_text(json.dumps({"imported": today.isoformat(), "source": source}), encoding="utf-8")
    fresh.replace(current)
    return Directory(report.providers, today, source)


def as_csv(providers: Iterable[Provider], fields: Sequence[Field] = FIELDS) -> str:
    """The providers as CSV that reads back as the same, and in which no cell is run as a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([field.label for field in fields])
    for provider in providers:
        writer.writerow([_cell(provider[field.id]) for field in fields])
    return out.getvalue()


def _cell(value: Value | None) -> str:
    if value is None:
        return ""
    return unspiked(value.isoformat() if isinstance(value, date) else said(value))

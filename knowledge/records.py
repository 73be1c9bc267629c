"""The pack's lists: sources, contacts and the glossary, read from YAML into values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.article import Generation, Source
from knowledge.contacts import FIELDS, Contact
from knowledge.glossary import Glossary, Term
from knowledge.problems import Problem
from knowledge.yaml_files import read_mapping


def read_sources(folder: Path) -> tuple[tuple[tuple[Generation, ...], dict[str, Source]], list[Problem]]:
    """The generations and the sources of `sources.yaml`, and what is wrong with them."""
    name = "sources.yaml"
    given, problems = read_mapping(folder, name)
    generations = {
        id: Generation(id, str(row.get("says", "")), row.get("ordered") is not False)
        for id, row in (given.get("generations") or {}).items()
        if isinstance(row, dict)
    }
    defaults = given.get("defaults") or {}
    sources = {}
    for id, row in (given.get("sources") or {}).items():
        fields = {**defaults, **(row or {})} if isinstance(row, dict) else {}
        fault = _source_fault(fields, generations)
        if fault:
            problems.append(Problem(name, _line_of(folder / name, f"  {id}:"), f"source {id}: {fault}"))
            continue
        sources[id] = _source(id, fields, generations)
    return (tuple(generations.values()), sources), problems


def _source_fault(fields: dict[str, Any], generations: Mapping[str, Generation]) -> str | None:
    if not fields.get("title"):
        return "it has no title"
    if fields.get("generation") not in generations:
        return f"its generation {fields.get('generation')!r} is not listed under generations"
    for key in ("copy_read", "review_by"):
        if not isinstance(fields.get(key), date):
            return f"{key} must be a date, like 2026-11-21"
    if fields.get("checked") is not None and not isinstance(fields["checked"], date):
        return "checked must be a date, or empty until a person has checked the live page"
    if bool(fields.get("checked")) != bool(fields.get("checked_by")):
        return "checked and checked_by go together: who looked at the live page, and when"
    return None


def _source(id: str, fields: dict[str, Any], generations: Mapping[str, Generation]) -> Source:
    updated = str(fields.get("page_updated") or "unknown")
    return Source(
        id=id,
        title=str(fields["title"]),
        generation=generations[fields["generation"]],
        copy_read=fields["copy_read"],
        review_by=fields["review_by"],
        owner=str(fields.get("owner") or ""),
        url=fields.get("url") or None,
        page_updated=None if updated == "unknown" else updated,
        checked_by=fields.get("checked_by") or None,
        checked=fields.get("checked"),
    )


def _line_of(file: Path, start: str) -> int:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith(start):
            return number
    return 1


def read_contacts(folder: Path) -> tuple[dict[str, Contact], list[Problem]]:
    """The contacts of `contacts.yaml` by id, and what is wrong with them."""
    name = "contacts.yaml"
    contacts = {}
    given, problems = read_mapping(folder, name)
    for id, row in given.items():
        if not isinstance(row, dict) or not row.get("name") or not row.get("source"):
            problems.append(Problem(name, _line_of(folder / name, f"{id}:"), f"contact {id} needs a name and a source"))
            continue
        parts = {key: str(row[key]) for key in (*FIELDS, "address_source") if row.get(key)}
        contacts[str(id)] = Contact(
            id=str(id),
            name=str(row["name"]),
            source=str(row["source"]),
            verify=bool(row.get("verify")),
            safeguarding=bool(row.get("safeguarding")),
            **parts,
        )
    return contacts, problems


def read_glossary(folder: Path) -> tuple[Glossary, list[Problem]]:
    """The glossary, and what is wrong with it."""
    given, problems = read_mapping(folder, "glossary.yaml")
    rows = given.get("terms") or []
    terms = []
    for row in rows:
        if not isinstance(row, dict) or not row.get("term"):
            problems.append(Problem("glossary.yaml", 1, f"this entry has no term: {row!r}"))
            continue
        terms.append(
            Term(
                term=str(row["term"]),
                means=str(row.get("means") or ""),
                stands_for=str(row["stands_for"]) if row.get("stands_for") else None,
                also=tuple(str(word) for word in row.get("also") or []),
                misspelt=tuple(str(word) for word in row.get("misspelt") or []),
            )
        )
    return Glossary(tuple(terms)), problems

"""Where each known fact is said: in a section, as something not known, elsewhere, or left out for a reason."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.article import Kind
from knowledge.pack import Pack
from knowledge.problems import Problem
from knowledge.yaml_files import read_mapping


@dataclass(frozen=True)
class FactPlace:
    """One fact's id, the sections that say it, and what else is to be said of it.

    `unknown` when every section that names it says that it is not known.
    """

    fact: str
    sections: tuple[str, ...]
    unknown: bool
    note: str = ""


def fact_places(pack: Pack) -> list[FactPlace]:
    """Every fact of `facts.yaml`, in its order; an empty list for a pack with no such file."""
    if not (pack.folder / "facts.yaml").exists():
        return []
    given, _ = read_mapping(pack.folder, "facts.yaml")
    notes = {**(given.get("held_elsewhere") or {}), **(given.get("left_out") or {})}
    said: dict[str, list[str]] = {}
    answered: set[str] = set()
    for section in pack.sections.values():
        for fact in (*section.facts, *([section.conflict] if section.conflict else [])):
            said.setdefault(fact, []).append(section.id)
            if section.kind in (Kind.ANSWER, Kind.ELIGIBILITY):
                answered.add(fact)
    families = (given.get("facts") or {}).values()
    ids = [str(id) for family in families for id in family]
    return [
        FactPlace(id, tuple(said.get(id, ())), id in said and id not in answered, str(notes.get(id, ""))) for id in ids
    ]


def missing_facts(pack: Pack) -> list[Problem]:
    """Facts that are nowhere, and ids that sections name and the list does not have."""
    places = fact_places(pack)
    known = {place.fact for place in places}
    nowhere = [
        Problem("facts.yaml", 1, f"{place.fact} is in no section: say it, or give the reason it is left out")
        for place in places
        if not place.sections and not place.note
    ]
    strangers = [
        Problem(pack.articles[section.article_id].path, section.line, f"{fact} is not in facts.yaml")
        for section in pack.sections.values()
        for fact in section.facts
        if places and fact not in known
    ]
    return nowhere + strangers

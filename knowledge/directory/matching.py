"""Which providers fit what a school looks for. Facets narrow; words are for `bot` to rank with the one search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.directory.fields import BY_ID, Field, Kind
from knowledge.directory.provider import Provider, Reader

# What a school narrows by (issue: key stage, need, area, registered status, placement, days), and one more.
FACETS = ("key_stages", "needs", "area", "registration", "placement", "days", "attendance")


@dataclass(frozen=True)
class Choice:
    """One value of a facet and how many of the listed providers have it."""

    value: str
    count: int


def providers_matching(
    providers: Iterable[Provider], wanted: Mapping[str, tuple[str, ...]], *, visible_to: Reader
) -> tuple[Provider, ...]:
    """Those a reader may see that have, for each facet asked for, at least one of the values asked for."""
    return tuple(
        provider
        for provider in providers
        if (visible_to is Reader.SCHOOL or provider["visible_to"] == "public")
        and all(_has(provider, facet, values) for facet, values in wanted.items() if values)
    )


def choices(providers: Iterable[Provider], facet: str) -> tuple[Choice, ...]:
    """The values of a facet among `providers`, in the schema's order, or by name where it has none."""
    counts: dict[str, int] = {}
    for provider in providers:
        for value in provider.words(facet):
            counts[value] = counts.get(value, 0) + 1
    order = BY_ID[facet].choices or tuple(sorted(counts))
    return tuple(Choice(value, counts[value]) for value in order if value in counts)


def compared(providers: Iterable[Provider]) -> tuple[Field, ...]:
    """The fields that at least one of `providers` has, in the schema's order: the rows of a comparison."""
    given = [set(provider.values) for provider in providers]
    return tuple(field for field in BY_ID.values() if any(field.id in values for values in given))


def read_wanted(given: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Facets as a request names them; words that are no choice of their facet are left out."""
    return {
        facet: tuple(value for value in given[facet] if BY_ID[facet].kind is Kind.TEXT or value in BY_ID[facet].choices)
        for facet in FACETS
        if facet in given
    }


def _has(provider: Provider, facet: str, values: tuple[str, ...]) -> bool:
    held = {word.lower() for word in provider.words(facet)}
    return any(value.lower() in held for value in values)

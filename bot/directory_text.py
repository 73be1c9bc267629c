"""Entries of the AP Directory in words: what stands beside each, and a comparison. Never a recommendation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from knowledge.directory.matching import compared
from knowledge.directory.provider import Provider, Reader, cautions, said, shown, withheld
from knowledge.pack import Pack


def notices(pack: Pack, provider: Provider, today: date, reader: Reader = Reader.SCHOOL) -> list[str]:
    """What must be read beside an entry, the gravest first, and what is left out because it is past its review."""
    say = pack.phrases.say
    lines = [say(f"ap_{caution}") for caution in cautions(provider, today)]
    left_out = (one for one in withheld(provider, today) if reader is Reader.SCHOOL or not one.schools_only)
    gone = ", ".join(field.label for field in left_out)
    return [*lines, say("ap_withheld", fields=gone)] if gone else lines


def as_lines(pack: Pack, provider: Provider, today: date, reader: Reader = Reader.SCHOOL) -> list[str]:
    """One entry on the terminal."""
    fields = [f"  {field.label}: {words}" for field, words in shown(provider, reader, today)]
    return [provider.name, *(f"  ! {notice}" for notice in notices(pack, provider, today)), *fields]


def as_object(pack: Pack, provider: Provider, today: date, reader: Reader = Reader.SCHOOL) -> dict[str, Any]:
    """One entry as JSON."""
    fields = {field.id: words for field, words in shown(provider, reader, today)}
    return {"id": provider.id, "notices": notices(pack, provider, today), "fields": fields}


def comparison(providers: Sequence[Provider], today: date) -> list[tuple[str, tuple[str, ...]]]:
    """A table: a row for each field at least one provider has, a cell for each provider in order."""
    left_out = [set(withheld(provider, today)) for provider in providers]
    return [
        (
            field.label,
            tuple(
                "" if field in gone or provider[field.id] is None else said(provider.values[field.id])
                for provider, gone in zip(providers, left_out, strict=True)
            ),
        )
        for field in compared(providers)
    ]

"""The order in which personal data is looked for, and the promise that looking twice changes nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection
from itertools import accumulate

from bot.redaction.contacts import find_emails, find_phones
from bot.redaction.dates import find_birth_dates
from bot.redaction.keeping import Keeping
from bot.redaction.names import find_names
from bot.redaction.numbers import find_nhs_numbers, find_ni_numbers, find_references, find_upns
from bot.redaction.places import find_addresses, find_postcodes
from bot.redaction.spans import (
    LABELS,
    MASK,
    Redacted,
    Redaction,
    apart,
    mask_labels,
    mask_spans,
    replace_spans,
)
from bot.redaction.vocabulary import PROPER_NOUNS

Finder = Callable[[str, Keeping], list[Redaction]]

FINDERS: tuple[Finder, ...] = (
    find_emails,
    find_upns,
    find_ni_numbers,
    find_nhs_numbers,
    find_references,
    find_birth_dates,
    find_phones,
    find_addresses,
    find_postcodes,
    find_names,
)

# A label can bring two things together that stood too far apart before, so we look again until nothing is
# found. Real messages settle in two passes; one that has not settled by now was made to leak, and goes whole.
MOST_PASSES = 8


def redact(text: str, keep: Collection[str] = (), allow: Collection[str] = PROPER_NOUNS) -> Redacted:
    """`text` with personal data replaced by labels such as `[name]`.

    `keep` holds published contacts (numbers, emails, addresses) that are nobody's personal data; `allow`
    holds proper nouns (schools, places, services) that are not people. Never raises; redacting twice
    changes nothing.
    """
    keeping = Keeping.of(keep, allow)
    found: list[Redaction] = []
    now = text
    for _ in range(MOST_PASSES):
        fresh = find(now, keeping)
        if not fresh:
            return Redacted(now, tuple(found))
        found = sorted([*found, *to_original(fresh, found)], key=lambda span: span.start)
        now = replace_spans(text, found)
    return Redacted(LABELS["name"], (Redaction("name", 0, len(text)),))


def find(text: str, keeping: Keeping) -> list[Redaction]:
    """Everything personal in `text`, in order; labels already there are left alone."""
    view = mask_labels(text)
    found: list[Redaction] = []
    for finder in FINDERS:
        fresh = apart(span for span in finder(view, keeping) if MASK not in view[span.start : span.end])
        view = mask_spans(view, fresh)
        found += fresh
    return sorted(found, key=lambda span: span.start)


def to_original(fresh: list[Redaction], replaced: list[Redaction]) -> list[Redaction]:
    """`fresh`, found in a text where `replaced` are labels already, as offsets in the original text."""
    growth = list(accumulate((s.end - s.start - len(LABELS[s.kind]) for s in replaced), initial=0))
    ends = [span.end - grown for span, grown in zip(replaced, growth[1:], strict=True)]

    def shift(at: int) -> int:
        return at + growth[bisect_right(ends, at)]

    return [Redaction(span.kind, shift(span.start), shift(span.end - 1) + 1) for span in fresh]

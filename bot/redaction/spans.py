"""The values redaction is made of, and the text it looks at: spans, their labels, and a masked view."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

LABELS = {
    "email": "[email]",
    "UPN": "[UPN]",
    "NI number": "[NI number]",
    "NHS number": "[NHS number]",
    "reference": "[reference]",
    "date of birth": "[date of birth]",
    "phone": "[phone]",
    "address": "[address]",
    "postcode": "[postcode]",
    "name": "[name]",
}
LABEL = re.compile("|".join(re.escape(label) for label in LABELS.values()))

# A Unicode noncharacter: not a letter, a digit or a space, so no pattern can match across it.
MASK = "\ufdd0"


@dataclass(frozen=True)
class Redaction:
    """One piece of personal data: what it is, and where it stood in the original text."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class Redacted:
    """A text without its personal data, and what was taken out, in order."""

    text: str
    found: tuple[Redaction, ...]


def mask_labels(text: str) -> str:
    """`text`, the same length, with every label blotted out."""
    return LABEL.sub(lambda label: MASK * len(label[0]), text)


def mask_spans(text: str, spans: Iterable[Redaction]) -> str:
    """`text`, the same length, with `spans` (in order, not overlapping) blotted out."""
    parts: list[str] = []
    at = 0
    for span in spans:
        parts += (text[at : span.start], MASK * (span.end - span.start))
        at = span.end
    return "".join([*parts, text[at:]])


def replace_spans(text: str, spans: Iterable[Redaction]) -> str:
    """`text` with each of `spans` (in order, not overlapping) replaced by its label."""
    parts: list[str] = []
    at = 0
    for span in spans:
        parts += (text[at : span.start], LABELS[span.kind])
        at = span.end
    return "".join([*parts, text[at:]])


def apart(spans: Iterable[Redaction]) -> list[Redaction]:
    """`spans` in order, without those that overlap an earlier one."""
    kept: list[Redaction] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.start < span.end and (not kept or span.start >= kept[-1].end):
            kept.append(span)
    return kept

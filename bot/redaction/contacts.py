"""Emails and phone numbers, except those the council and helplines publish."""

from __future__ import annotations

import re

from bot.redaction.keeping import Keeping, national
from bot.redaction.numbers import digits
from bot.redaction.spans import Redaction

LONGEST_MAILBOX = 64
MAILBOX_SIGNS = "._%+-'"
DOMAIN = re.compile(r"[^\W_](?:[\w\-]{0,62}\.){0,5}[\w\-]{1,62}")
SPOKEN_EMAIL = re.compile(
    r"(?<![\w.])[\w.+\-]{1,40}[ ]{0,2}(?:\(at\)|\[at\]|\bat\b)[ ]{0,2}[\w\-]{1,30}[ ]{0,2}(?:\(dot\)"
    r"|\[dot\]|\bdot\b)[ ]{0,2}"
    r"(?:com|co|org|net|ac|uk|pl|ro)\b(?:[ ]{0,2}(?:dot|\.)[ ]{0,2}uk\b)?",
    re.IGNORECASE,
)

# Ten or eleven digits from a nought, or nine or ten after 44: every way of writing a UK number.
UK_PHONE = re.compile(
    r"(?<![\w£$€.,])(?:(?:\(?\+|00)[ ]{0,2}44\)?|44)[ .\-]{0,2}(?:\(0\))?(?:[ .\-()]{0,2}\d){9,10}(?!\w)"
    r"|(?<![\w£$€.,])\(?0(?:[ .\-()/]{0,3}\d){9,10}(?!\w)"
)
FOREIGN_PHONE = re.compile(r"(?<![\w+])\+[ ]?[1-9](?:[ .\-()]{0,2}\d){7,13}(?!\w)")
MOBILE_WITHOUT_NOUGHT = re.compile(r"(?<![\w£$€.,\-/])7\d{3}[ \-]?\d{3}[ \-]?\d{3}(?!\w)")
PHONE_NAMED = re.compile(
    r"\b(?:phone|telephone|tel|mobile|mob|cell|landline|whatsapp|call me|ring me|text me|reach me"
    r"|contact me|call|ring)\b"
    r"\W{0,3}(?:(?:me|us|no|num|number|on|is|at|it's|its"
    r"|back)\b\W{0,3}){0,4}(\(?\d(?:[ .\-()]{0,2}\d){5,12})(?!\w)",
    re.IGNORECASE,
)
# Free and "UK-wide" numbers are given to organisations, not to people (Ofcom, National Telephone Numbering Plan).
SERVICE_NUMBERS = ("0800", "0808", "0500", "03")
DATE_FIRST = re.compile(
    r"(?:0[1-9]|[12]\d|3[01])(?:(?:0[1-9]|1[0-2])(?:19|20)\d\d\b|[ .\-/](?:0[1-9]|1[0-2])[ .\-/](?:19"
    r"|20)\d\d\b)"
)


def find_emails(view: str, keeping: Keeping) -> list[Redaction]:
    """Emails, with or without a full domain, and those spelt out ("sarah at example dot com")."""
    spans = [span for at in re.finditer("@", view) if (span := email_span(view, at.start()))]
    spans += [match.span() for match in SPOKEN_EMAIL.finditer(view)]
    return [Redaction("email", start, end) for start, end in spans if view[start:end].casefold() not in keeping.emails]


def email_span(view: str, at: int) -> tuple[int, int] | None:
    """The email around the `@` at `at`, if there is one."""
    start = at
    while start > 0 and at - start < LONGEST_MAILBOX and is_mailbox(view[start - 1]):
        start -= 1
    while start < at and view[start] in MAILBOX_SIGNS:
        start += 1
    domain = DOMAIN.match(view, at + 1)
    return (start, domain.end()) if start < at and domain else None


def is_mailbox(character: str) -> bool:
    """Whether `character` may stand before the `@` of an email."""
    return character.isalnum() or character in MAILBOX_SIGNS


def find_phones(view: str, keeping: Keeping) -> list[Redaction]:
    """Phone numbers: UK forms, international ones, and six digits or more after a word such as "mobile"."""
    spans = [match.span() for pattern in (UK_PHONE, FOREIGN_PHONE) for match in pattern.finditer(view)]
    spans += [match.span() for match in MOBILE_WITHOUT_NOUGHT.finditer(view)]
    spans += [match.span(1) for match in PHONE_NAMED.finditer(view)]
    return [Redaction("phone", start, end) for start, end in spans if is_private(view[start:end], keeping)]


def is_private(number: str, keeping: Keeping) -> bool:
    """Whether `number` is a phone (it does not begin like a date), a person's, and nobody publishes it."""
    if DATE_FIRST.match(number):
        return False
    dialled = national(digits(number))
    if dialled.startswith(SERVICE_NUMBERS):
        return False
    return not keeping.publishes_phone(dialled)

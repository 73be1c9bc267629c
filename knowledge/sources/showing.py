"""What of a document families may be shown: a phone number, an email or a link only when somebody stands for it.

A number is shown when the pack's contacts hold it, or an editor let it through for this document; a link when it leads
to the document's own site. The rest is held back, whatever a document says: the words around it stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from knowledge.contacts import Contact, published
from knowledge.sources.holding import Held

_ENDS = "uk|com|org|net|info|biz|io|co|me|ly|app|xyz|top|site|online|eu|gov|edu|ru|cn|tk|link|click|example|test"
LINK = re.compile(
    r"\b(?:https?|ftp|tg|javascript|data|mailto|tel|sms|whatsapp)\s?:\s?/{0,2}\S+|\bwww\.\S+"
    rf"|\b(?:[a-z0-9-]{{1,63}}(?:\s\.\s|\.)){{1,6}}(?:{_ENDS})\b(?:\s?/\s?\S*)?",
    re.IGNORECASE,
)
EMAIL = re.compile(
    r"(?<![\w.+'-])[\w.+'-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]+"
    r"(?:(?:\s\.\s|\.|\s?\(dot\)\s?|\s?\[dot\]\s?)[\w-]+)+",
    re.IGNORECASE,
)
# Any run of eight or more digits, however it is spaced, and short numbers with words of ringing in front.
PHONE = re.compile(
    r"(?:\+|\b00)?\(?\d(?:[\s().\-–/]{0,3}\d){7,}"
    r"|\b(?:call|ring|phone|telephone|tel|text|dial|whatsapp|sms)\b[:\s]+"
    r"(?:us |now |on |to |\w+ (?:to|on) ){0,3}(?P<short>\d{3,7})\b(?!\s?\d)",
    re.IGNORECASE,
)
_DATELIKE = re.compile(r"^\d{1,4}[\s./–-]\d{1,2}[\s./–-]\d{1,4}$|^\d{4}\s?[–/-]\s?\d{2,4}$")
_GROUPED = re.compile(r"^\d{1,3}(?:,\d{3})+$")


Span = tuple[int, int]


def contacts_in(text: str) -> list[tuple[Span, str]]:
    """Where in `text` something leads somewhere, and what it is: `email`, `link` or `phone`; in order."""
    found = [(one.span(), "email") for one in EMAIL.finditer(text)]
    found += [(one.span(), "link") for one in LINK.finditer(text) if not _inside(one.span(), found)]
    for one in PHONE.finditer(text):
        span = one.span("short") if one["short"] else one.span()
        words = text[slice(*span)].strip()
        if not _inside(span, found) and not _DATELIKE.match(words) and not _GROUPED.match(words):
            found.append((span, "phone"))
    return sorted(found)


def hold_back(
    text: str, held: Held, contacts: Mapping[str, Contact], said: Callable[[str], str] = lambda kind: "…"
) -> str:
    """`text` with what nobody stands for replaced by `said(kind)`."""
    found = contacts_in(text)
    if not found:
        return text
    known, pieces, end = _known(contacts) | _let_through(held), [], 0
    for (start, stop), kind in found:
        words = text[start:stop]
        shown = key_of(kind, words) in known or (kind == "link" and _own(words, held.url))
        pieces += [text[end:start], words if shown else said(kind)]
        end = stop
    return "".join([*pieces, text[end:]])


def unvouched(held: Held, contacts: Mapping[str, Contact]) -> list[str]:
    """What of the document would be held back, for an editor to let through or not."""
    texts = (piece.text for part in held.document.parts for piece in part.pieces)
    found = (text[slice(*span)].strip() for text in texts for span, _ in contacts_in(text))
    return list(dict.fromkeys(words for words in found if hold_back(words, held, contacts, lambda kind: "") != words))


def key_of(kind: str, words: str) -> str:
    """The same for two spellings of one number, email or link."""
    if kind == "phone":
        digits = re.sub(r"\D", "", words)
        return "phone:" + re.sub(r"^(?:0044|44)(?=\d{9,10}$)", "0", digits)
    plain = re.sub(r"\s", "", words.lower()).rstrip(".,;)")
    return f"{kind}:{plain.replace('(at)', '@').replace('[at]', '@').replace('(dot)', '.').replace('[dot]', '.')}"


def _known(contacts: Mapping[str, Contact]) -> set[str]:
    # A short number such as 999 is matched by words of ringing in front, so it is known as it stands.
    return {key_of("email" if "@" in value else "phone", value) for value in published(contacts)}


def _let_through(held: Held) -> set[str]:
    return {key_of(kind, value) for value in held.allowed for kind in ("phone", "email", "link")}


def _own(words: str, url: str) -> bool:
    """Whether a link stays on the document's own site, with no user name to disguise where it leads."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    spelt = words if "://" in words else f"https://{words}"
    try:
        parts = urlsplit(spelt)
    except ValueError:
        return False
    there = (parts.hostname or "").removeprefix("www.")
    return bool(host) and there == host and parts.scheme in ("http", "https") and not {"@", "?"} & {*words}


def _inside(span: Span, found: list[tuple[Span, str]]) -> bool:
    return any(start <= span[0] < end for (start, end), _ in found)

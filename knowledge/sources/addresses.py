"""One address for one document: what is the same is written the same, and what may differ is kept apart.

The path's letter case is kept: two addresses that differ in nothing else are two documents (domain.md, C4).
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_TRACKING = re.compile(r"^(?:utm_\w+|fbclid|gclid|mc_[ce]id|msclkid|_ga|(?:php|j)?sess(?:ion)?id)$", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:html?|aspx|php|pdf|docx|xlsx|csv)$")
_PORTS = {"http": 80, "https": 443}


def canonical(url: str) -> str:
    """`url` in one spelling: host in lower case, no fragment, no tracking, no default port. Raises `ValueError`."""
    parts = urlsplit(url.strip())
    scheme, host = parts.scheme.lower(), (parts.hostname or "").lower().rstrip(".")
    if scheme not in _PORTS or not host:
        raise ValueError(f"{url!r} is no address of a web page")
    port = parts.port
    where = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[scheme]:
        where = f"{where}:{port}"
    named = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(pair[0])]
    return urlunsplit((scheme, where, _path(parts.path), urlencode(sorted(named)), ""))


def _path(path: str) -> str:
    plain = quote(unquote(path or "/"), safe="/:@!$&'()*+,;=~-._")
    tidy = posixpath.normpath(re.sub(r"/{2,}", "/", plain))
    return tidy + "/" if plain.endswith("/") and tidy != "/" else tidy


def id_of(url: str) -> str:
    """An id a person can read, that no other address has: `doc-holiday-clubs-1a2b3c4d`."""
    spelt = unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2] or urlsplit(url).hostname or url
    name = re.sub(r"[^a-z0-9]+", "-", _ENDING.sub("", spelt.lower())).strip("-")[:36]
    digest = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"doc-{name.strip('-') or 'page'}-{digest}"


def deep_link(url: str, *, anchor: str = "", page: int | None = None, words: str = "") -> str:
    """`url` opened at a place: a PDF's page, a heading's mark, or the words themselves (a text fragment)."""
    if not url:
        return ""
    if page is not None:
        return f"{url}#page={page}"
    said = words.split()
    start = quote(" ".join(said[:8]), safe="").replace("-", "%2D")
    fragment = f":~:text={start}" if start else ""
    mark = quote(anchor, safe="")
    return f"{url}#{mark}{fragment}" if mark or fragment else url

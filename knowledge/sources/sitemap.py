"""Sitemaps: the addresses in one, whatever its size, read without entities (defusedxml)."""

from __future__ import annotations

import gzip
import io
import zlib
from dataclasses import dataclass
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

MOST_ADDRESSES = 50_000
MOST_BYTES = 50_000_000


@dataclass(frozen=True)
class Sitemap:
    """`pages` with the day each says it changed (or none); `maps` are further sitemaps."""

    pages: tuple[tuple[str, str | None], ...]
    maps: tuple[str, ...] = ()


def read_sitemap(data: bytes) -> Sitemap:
    """The addresses in a sitemap or an index of them. Raises `ValueError` for anything else."""
    if data.startswith(b"\x1f\x8b"):
        data = _unpacked(data)
    pages: list[tuple[str, str | None]] = []
    maps: list[str] = []
    place, changed = "", None
    try:
        for _event, element in iterparse(io.BytesIO(data), events=("end",), forbid_dtd=True):
            tag = element.tag.rpartition("}")[2]
            said = (element.text or "").strip()
            if tag == "loc":
                place = said
            elif tag == "lastmod":
                changed = said[:10] or None
            elif tag in ("url", "sitemap"):
                if place and tag == "url":
                    pages.append((place, changed))
                elif place:
                    maps.append(place)
                place, changed = "", None
                element.clear()
            if len(pages) + len(maps) >= MOST_ADDRESSES:
                break
    except (ParseError, DefusedXmlException) as error:
        raise ValueError("this is no sitemap that can be read") from error
    return Sitemap(tuple(pages), tuple(maps))


def _unpacked(data: bytes) -> bytes:
    """Raises `ValueError` for one that unpacks to more than a sitemap may hold."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as opened:
            plain = opened.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError("this sitemap is damaged") from error
    if len(plain) > MOST_BYTES:
        raise ValueError("this sitemap unpacks to far more than one may hold")
    return plain

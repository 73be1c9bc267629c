"""Walking a site from its first addresses: sitemaps, then links, within its paths, depth and number of pages."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from bot.gathering.fetching import Fetched, Marks, Outcome
from bot.gathering.manners import Manners
from knowledge.sources.addresses import canonical
from knowledge.sources.document import Document, UnreadableError
from knowledge.sources.manifest import Followed
from knowledge.sources.reader import Reader
from knowledge.sources.sitemap import read_sitemap

_NO_TEXT = tuple(".css .js .png .jpg .jpeg .gif .svg .webp .ico .mp3 .mp4 .zip .ics .xsl".split())


@dataclass(frozen=True)
class Seen:
    """One address of a walk: what was fetched, and what was read there, or why nothing was."""

    url: str
    fetched: Fetched
    document: Document | None = None
    fault: str = ""


@dataclass(frozen=True)
class Walk:
    """What a walk needs from outside. `done` are pages that were looked at already, each with its links."""

    manners: Manners
    reader: Reader
    done: Mapping[str, Sequence[str]] = field(default_factory=dict)


def walk(site: Followed, given: Walk) -> Iterator[Seen]:
    """Every page in reach that is not done yet, each once. The links of those that are done are followed."""
    waiting: deque[tuple[str, int]] = deque((start, 0) for start in site.reach.start)
    taken: set[str] = set()
    count = 0
    while waiting and count < site.reach.pages:
        url, depth = waiting.popleft()
        url = _spelt(url)
        if not url or url in taken or (depth > 0 and not in_reach(site, url)):
            continue
        taken.add(url)
        if _is_sitemap(url):
            waiting.extend((found, depth + 1) for found in _of_sitemap(url, given.manners))
            continue
        count += 1
        if url in given.done:
            waiting.extend((link, depth + 1) for link in given.done[url] if depth < site.reach.depth)
            continue
        seen = look(site, url, given)
        taken.add(_spelt(seen.fetched.url))
        yield seen
        if seen.document is not None and depth < site.reach.depth:
            waiting.extend((link, depth + 1) for link in seen.document.links)


def look(site: Followed, url: str, given: Walk, marks: Marks = Marks(), known: str = "") -> Seen:  # noqa: B008  frozen
    """Fetch one page, and read it unless it is as `marks` or the hash `known` say."""
    fetched = given.manners.fetch(url, marks)
    if known and fetched.outcome is Outcome.FETCHED and not fetched.moved and fetched.digest == known:
        fetched = replace(fetched, outcome=Outcome.UNCHANGED)
    if fetched.outcome is not Outcome.FETCHED:
        return Seen(url, fetched, fault=fetched.fault)
    try:
        told = fetched.kind if fetched.kind and "octet-stream" not in fetched.kind else urlsplit(fetched.url).path
        document = given.reader.read(fetched.body, told, url=fetched.url, site=site.site)
    except UnreadableError as error:
        return Seen(url, fetched, fault=error.code)
    return Seen(url, fetched, document)


def in_reach(site: Followed, url: str) -> bool:
    """On this site, in its paths, and not a picture."""
    parts = urlsplit(url)
    named = parts.netloc.lower() == site.site.host or (parts.hostname or "") == site.site.host
    path = parts.path
    wanted = not site.reach.only or any(path.startswith(one) for one in site.reach.only)
    unwanted = any(path.startswith(one) for one in site.reach.never) or path.lower().endswith(_NO_TEXT)
    return named and wanted and not unwanted


def _spelt(url: str) -> str:
    try:
        return canonical(url)
    except ValueError:
        return ""


def _is_sitemap(url: str) -> bool:
    return urlsplit(url).path.lower().endswith((".xml", ".xml.gz"))


def _of_sitemap(url: str, manners: Manners) -> list[str]:
    fetched = manners.fetch(url)
    if fetched.outcome is not Outcome.FETCHED:
        return []
    try:
        found = read_sitemap(fetched.body)
    except ValueError:
        return []
    return [*found.maps, *(place for place, _changed in found.pages)]

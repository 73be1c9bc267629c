"""`documents.yaml`: which sites may be read and how, who looks after it, and what waits for an editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from knowledge.problems import Problem
from knowledge.sources.site import Site
from knowledge.yaml_files import read_mapping, strings

FILE = "documents.yaml"
HALF_A_YEAR = 182


class Wait(StrEnum):
    """Which text waits for an editor. Text with orders to machines or hidden words always does."""

    ALWAYS = "always"
    CHANGED = "changed"
    NEVER = "never"


@dataclass(frozen=True)
class Care:
    """Who looks after a document and how it counts: `generation` is one of `sources.yaml`."""

    owner: str = "local_offer"
    generation: str = ""
    topics: tuple[str, ...] = ()
    audience: tuple[str, ...] = ("family", "senco")
    review_days: int = HALF_A_YEAR


@dataclass(frozen=True)
class Reach:
    """How far a crawl goes: first addresses, paths it keeps to, pages and depth at most, seconds between requests."""

    start: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    pages: int = 500
    depth: int = 4
    pause: float = 1.0


@dataclass(frozen=True)
class Followed:
    """One site: where its text stands, who looks after it, how far it is read."""

    site: Site
    care: Care
    reach: Reach


@dataclass(frozen=True)
class Manifest:
    """What is followed. A host that is not among `sites` (`host` or `host:port`) is never asked for anything."""

    wait: Wait = Wait.ALWAYS
    care: Care = field(default_factory=Care)
    sites: Mapping[str, Followed] = field(default_factory=dict)

    def followed(self, url: str) -> Followed | None:
        """The site an address is on; none when it is on no site of the manifest."""
        parts = urlsplit(url)
        return self.sites.get(parts.netloc.lower()) or self.sites.get((parts.hostname or "").lower())

    def care_for(self, url: str) -> Care:
        """Who looks after what is at this address, or after a file with none."""
        found = self.followed(url) if url else None
        return found.care if found else self.care


def read_manifest(folder: Path) -> tuple[Manifest, list[Problem]]:
    """The manifest of a pack, and what is wrong with it; an empty one for a pack without that file."""
    if not (folder / FILE).exists():
        return Manifest(), []
    given, problems = read_mapping(folder, FILE)
    try:
        return _manifest(given), problems
    except (ValueError, TypeError) as error:
        return Manifest(), [*problems, Problem(FILE, 1, str(error))]


def _manifest(given: Mapping[str, Any]) -> Manifest:
    """Raises `ValueError`."""
    _only(given, ("wait", "defaults", "sites"), "the file")
    try:
        wait = Wait(str(given.get("wait") or Wait.ALWAYS))
    except ValueError:
        raise ValueError(f"wait {given.get('wait')!r} is none of {', '.join(Wait)}") from None
    care = _care(given.get("defaults") or {}, Care(), "defaults")
    sites = given.get("sites") or {}
    if not isinstance(sites, dict):
        raise ValueError("sites must be hosts, each with its settings")
    return Manifest(
        wait, care, {str(host).lower(): _site(str(host).lower(), row or {}, care) for host, row in sites.items()}
    )


def _site(host: str, row: Mapping[str, Any], care: Care) -> Followed:
    if not isinstance(row, dict) or "/" in host or "@" in host or not host.strip():
        raise ValueError(f"the site {host!r} must be a host, such as www.example.gov.uk, with its settings below")
    mine = {name: value for name, value in row.items() if name in Care.__dataclass_fields__}
    _only(row, (*Care.__dataclass_fields__, *Reach.__dataclass_fields__, "content", "drop"), host)
    reach = Reach(
        start=_names(row, "start", host),
        only=_names(row, "only", host),
        never=_names(row, "never", host),
        pages=min(20_000, max(1, int(row.get("pages", 500)))),
        depth=min(20, max(0, int(row.get("depth", 4)))),
        pause=min(60.0, max(0.0, float(row.get("pause", 1.0)))),
    )
    site = Site(host, str(row.get("content") or ""), _names(row, "drop", host))
    return Followed(site, _care(mine, care, host), reach)


def _care(row: Mapping[str, Any], before: Care, where: str) -> Care:
    if not isinstance(row, dict):
        raise ValueError(f"{where} must be names with values")
    _only(row, tuple(Care.__dataclass_fields__), where)
    return Care(
        owner=str(row.get("owner") or before.owner),
        generation=str(row.get("generation") or before.generation),
        topics=_names(row, "topics", where) or before.topics,
        audience=_names(row, "audience", where) or before.audience,
        review_days=min(3_650, max(1, int(row.get("review_days", before.review_days)))),
    )


def _names(row: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    value = strings(row.get(name))
    if value is None:
        raise ValueError(f"{where}: {name} must be a list of words")
    return value


def _only(row: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    if unknown := sorted(set(row) - set(known)):
        raise ValueError(f"{where}: {', '.join(map(str, unknown))} is not a name known here ({', '.join(known)})")

"""Manners: what a site's robots.txt allows, and how long to wait between two requests to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego

from bot.gathering.fetching import Fetched, Fetcher, Marks, Outcome

NAME = "Askwell"
LONGEST_PAUSE = 60.0
MOST_ROBOTS = 500_000


@dataclass
class Manners:
    """Fetches politely. `pause` is the least time between two requests to one host; robots.txt may ask for more."""

    fetcher: Fetcher
    pause: float = 1.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _robots: dict[str, Protego | None] = field(default_factory=dict, repr=False)
    _last: dict[str, float] = field(default_factory=dict, repr=False)

    def fetch(self, url: str, marks: Marks = Marks()) -> Fetched:  # noqa: B008  frozen
        """What is at `url`, when the site lets robots there."""
        if not self.allows(url):
            return Fetched(Outcome.REFUSED, url, fault="robots")
        self._wait(url)
        return self.fetcher.fetch(url, marks)

    def allows(self, url: str) -> bool:
        """Whether robots.txt lets us ask for it. No file allows all; one that cannot be had forbids all (RFC 9309)."""
        rules = self._rules(url)
        return rules is not None and bool(rules.can_fetch(url, NAME))

    def sitemaps(self, url: str) -> list[str]:
        """The sitemaps that the site's robots.txt names."""
        rules = self._rules(url)
        return [] if rules is None else [str(one) for one in rules.sitemaps]

    def _rules(self, url: str) -> Protego | None:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}".lower()
        if site not in self._robots:
            self._wait(url)
            told = self.fetcher.fetch(f"{site}/robots.txt")
            if told.outcome is Outcome.FETCHED:
                self._robots[site] = Protego.parse(told.body[:MOST_ROBOTS].decode("utf-8", "replace"))
            elif told.outcome is Outcome.GONE or (told.outcome is Outcome.REFUSED and told.fault[:1] == "4"):
                self._robots[site] = Protego.parse("")
            else:
                self._robots[site] = None
        return self._robots[site]

    def _wait(self, url: str) -> None:
        parts = urlsplit(url)
        site, host = f"{parts.scheme}://{parts.netloc}".lower(), parts.netloc.lower()
        rules = self._robots.get(site)
        asked = rules.crawl_delay(NAME) if rules is not None else None
        pause = max(self.pause, min(float(asked or 0.0), LONGEST_PAUSE))
        left = self._last.get(host, -pause) + pause - self.clock()
        if left > 0:
            self.sleep(left)
        self._last[host] = self.clock()

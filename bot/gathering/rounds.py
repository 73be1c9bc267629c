"""What a round needs, from the settings: the guard's list, a polite fetcher, and the reading process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from bot.gathering.fetching import Fetcher
from bot.gathering.guard import Guard
from bot.gathering.manners import Manners
from bot.gathering.refreshing import Round
from bot.settings import Settings
from handoff.desk import Desk
from knowledge.pack import Pack
from knowledge.sources.holding import Shelf
from knowledge.sources.reader import Reader


def own_shelf(pack: Pack) -> Shelf:
    """The documents among the pack's own files."""
    return Shelf(pack.documents, pack.gone)


def guard_of(settings: Settings, pack: Pack) -> Guard:
    """Who may be asked: the sites of `documents.yaml` and nobody else."""
    return Guard(frozenset(pack.following.sites), frozenset(settings.private_hosts))


@contextmanager
def a_round(
    settings: Settings,
    pack: Pack,
    engine: Engine,
    desk: Desk,
    tell: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Iterator[Round]:
    """A round that is ready to go; its connections and its process end with it. `pack` is as its own files are."""
    pause = max((site.reach.pause for site in pack.following.sites.values()), default=1.0)
    with Fetcher(guard_of(settings, pack)) as fetcher, Reader() as reader:
        yield Round(engine, desk, pack.following, own_shelf(pack), Manners(fetcher, pause), reader, tell)

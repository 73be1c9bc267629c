"""What a round needs, from the settings: the guard's list, a polite fetcher, and the reading process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import Engine

from bot.gathering.fetching import Fetcher
from bot.gathering.guard import Guard
from bot.gathering.manners import Manners
from bot.gathering.refreshing import Round
from bot.settings import Settings
from bot.shelf import Shelf as Laid
from handoff.content import INGESTION_OFF, ContentError
from handoff.database import reading
from handoff.desk import Desk
from handoff.switches import Part, turns
from knowledge.pack import Pack, load_pack
from knowledge.sources.holding import Shelf
from knowledge.sources.reader import Reader

# A child takes 256 MB at most: files that are sent at once are read one after another.
one_file = Lock()


def own_shelf(pack: Pack) -> Shelf:
    """The documents among the pack's own files."""
    return Shelf(pack.documents, pack.gone)


def guard_of(settings: Settings, pack: Pack) -> Guard:
    """Who may be asked: the sites of `documents.yaml` and nobody else."""
    return Guard(frozenset(pack.following.sites), frozenset(settings.private_hosts))


def take_in(shelf: Laid, data: bytes, name: str, url: str, by: str) -> tuple[str, bool]:
    """A file sent by the officer `by`, read in the guarded child: its document's id, and whether it waits now.

    It waits for an editor whatever the pack says. Raises `UnreadableError`, `ContentError`, and `ValueError` for an
    address that is none.
    """
    refuse_while_off(shelf)
    pack = load_pack(shelf.base)
    with one_file, Fetcher(Guard(frozenset(), frozenset())) as fetcher, Reader() as reader:
        manners = Manners(fetcher)
        ready = Round(shelf.database, shelf.desk, pack.following, own_shelf(pack), manners, reader, sent_by=by)
        return ready.take_file(data, name, url)


def refuse_while_off(shelf: Laid) -> None:
    """Raises `ContentError` while taking in new text is switched off."""
    with reading(shelf.database) as session:
        turned = turns(session, shelf.desk).get(Part.INGESTION)
    if turned and turned.off:
        raise ContentError(INGESTION_OFF)


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

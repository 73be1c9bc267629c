"""Who handles what: queues, and which of them a message belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Queue:
    """A team that answers. `order` is the routing order of domain.md section 4: the lowest wins."""

    id: str
    name: str
    handles: str
    order: int
    contact: str | None = None
    says: str | None = None


def first_of(ids: Iterable[str], queues: Mapping[str, Queue], otherwise: str = "local_offer") -> Queue:
    """The queue that goes first among `ids`; `otherwise` when none of them is known."""
    known = [queues[id] for id in ids if id in queues]
    return min(known, key=lambda queue: queue.order, default=queues[otherwise])

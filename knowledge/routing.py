"""Who handles what: the queues of a council."""

from __future__ import annotations

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

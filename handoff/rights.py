"""Who is acting, and what they may see. Every officer-facing function takes an `Acting`."""

from __future__ import annotations

from dataclasses import dataclass

from handoff.models import OfficerRole


@dataclass(frozen=True)
class Acting:
    """An officer as they stand at this moment: read afresh for each request, never kept."""

    officer_id: str
    role: OfficerRole
    queues: frozenset[str]

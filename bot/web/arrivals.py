"""Wakes the pages that wait for an officer's words: one look at the database for all of them, every two seconds.

Officers may work in another process, so the tables are the only thing both sides see. Nothing but the news that there
is something goes to a browser this way; the words themselves are fetched with the page's own session.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import col, select
from starlette.concurrency import run_in_threadpool

from handoff.database import UNAVAILABLE, reading
from handoff.models import Message, Who

SECONDS = 2.0
OVERLAP = timedelta(seconds=30)
MOST_OPEN = 4000
MOST_EACH = 6


class TooManyError(Exception):
    """No more pages can wait at once: they look again by themselves."""


@dataclass
class Arrivals:
    """Who waits, by conversation."""

    engine: Engine
    pack: str
    now: Callable[[], datetime]
    seconds: float = SECONDS
    most_open: int = MOST_OPEN
    _waiting: dict[str, set[asyncio.Event]] = field(default_factory=lambda: defaultdict(set))
    _seen: set[str] = field(default_factory=set)
    _since: datetime | None = None
    _task: asyncio.Task[None] | None = None

    @property
    def open(self) -> int:
        """How many pages wait."""
        return sum(map(len, self._waiting.values()))

    @asynccontextmanager
    async def listen(self, conversation_id: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set whenever an officer has written in the conversation. Raises `TooManyError`."""
        if self.open >= self.most_open or len(self._waiting.get(conversation_id, ())) >= MOST_EACH:
            raise TooManyError
        woken = asyncio.Event()
        self._waiting[conversation_id].add(woken)
        if self._task is None or self._task.done():
            self._since = self.now() - OVERLAP
            self._task = asyncio.create_task(self._watch())
        try:
            yield woken
        finally:
            self._waiting[conversation_id].discard(woken)
            if not self._waiting[conversation_id]:
                del self._waiting[conversation_id]

    async def _watch(self) -> None:
        while self._waiting:
            with suppress(*UNAVAILABLE):
                for conversation_id in await run_in_threadpool(self._new):
                    for woken in self._waiting.get(conversation_id, ()):
                        woken.set()
            await asyncio.sleep(self.seconds)

    def _new(self) -> list[str]:
        # A line's moment is before its commit: look back a little, and remember which were seen.
        since = (self._since or self.now()) - OVERLAP
        wanted = select(Message.id, Message.conversation_id, Message.at).where(
            Message.pack == self.pack,
            col(Message.case_id).is_not(None),
            Message.who != Who.PERSON,
            col(Message.at) >= since,
        )
        with reading(self.engine) as db:
            found = db.exec(wanted).all()
        fresh = [conversation for id, conversation, _ in found if id not in self._seen]
        self._seen = {id for id, _, _ in found}
        self._since = max((at for _, _, at in found), default=self._since)
        return fresh

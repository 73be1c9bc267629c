"""An event loop on a thread of its own, behind a server whose own loop must not wait for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

JOIN_SECONDS = 40.0
READY_SECONDS = 20.0
Work = Callable[[asyncio.Event, Callable[[], None]], Coroutine[Any, Any, None]]


@dataclass
class LoopThread:
    """Runs `work(stop, ready)`, which calls `ready` once it can be used and ends soon after `stop` is set."""

    name: str
    work: Work
    _loop: asyncio.AbstractEventLoop | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _ready: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, and return once it is ready."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name=self.name, daemon=True)
        self._thread.start()
        self._ready.wait(READY_SECONDS)

    def stop(self) -> bool:
        """Let what is under way end; False when it did not end in time."""
        if self._thread is None or self._loop is None or not self._thread.is_alive():
            return True
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(JOIN_SECONDS)
        return not self._thread.is_alive()

    def soon(self, act: Callable[..., object], *given: object) -> None:
        """Have `act` called on the loop. Before it has begun there is nothing to tell."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(act, *given)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        await self.work(self._stop, self._ready.set)

"""The courier at work behind a server: a thread of its own, so that a slow mail server holds up nothing else."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine

from bot.courier import carry
from bot.senders.outcomes import Sender
from handoff.desk import Desk

JOIN_SECONDS = 40.0


@dataclass
class Courier:
    """Delivers until it is stopped. `start` it once; `stop` waits for the letters that are under way."""

    engine: Engine
    desk: Desk
    senders: Mapping[str, Sender]
    _loop: asyncio.AbstractEventLoop | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _ready: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin. What was left by a process that died is swept up at once."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="courier", daemon=True)
        self._thread.start()
        self._ready.wait()

    def stop(self) -> bool:
        """Finish what is under way and end; False when it did not end in time: its leases then run out."""
        if self._thread is None or self._loop is None or not self._thread.is_alive():
            return True
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(JOIN_SECONDS)
        return not self._thread.is_alive()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        await carry(self.engine, self.desk, self.senders, self._stop)

"""How fast a bot may speak: one message a second to a chat, thirty a second in all, and as long a pause as it is told.

A pause is counted from the moment the other side had answered, so that messages are at least as far apart when they
arrive as Telegram asks. Lines of chats that are silent are let go.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

A_SECOND = 30
GAP_SECONDS = 1.0
MANY_LINES = 2000


@dataclass
class _Line:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    users: int = 0


@dataclass
class Pace:
    """One for all that a bot sends from this process. `clock` counts seconds and never goes back."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    a_second: int = A_SECOND
    gap: float = GAP_SECONDS
    second: float = 1.0
    _lines: dict[int, _Line] = field(default_factory=dict)
    _recent: deque[float] = field(default_factory=deque)
    _under_way: int = 0
    _gate: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def turn(self, chat: int) -> AsyncIterator[None]:
        """Wait until `chat` may be written to; the message is on its way inside."""
        line = self._lines.setdefault(chat, _Line())
        line.users += 1
        try:
            async with line.lock:
                await self._until(line)
                async with self._gate:
                    await self._room()
                    self._under_way += 1
                try:
                    yield
                finally:
                    self._under_way -= 1
                    now = self.clock()
                    self._recent.append(now)
                    line.free_at = max(line.free_at, now + self.gap)
        finally:
            line.users -= 1
            self._let_go()

    def hold(self, chat: int, seconds: float) -> None:
        """Write nothing to `chat` for so long: Telegram asked for it."""
        line = self._lines.setdefault(chat, _Line())
        line.free_at = max(line.free_at, self.clock() + seconds)

    def held_for(self, chat: int) -> float:
        """How many seconds until `chat` may be written to; 0 when it may be now."""
        line = self._lines.get(chat)
        return max(0.0, line.free_at - self.clock()) if line else 0.0

    async def _until(self, line: _Line) -> None:
        while (wait := line.free_at - self.clock()) > 0:
            await self.sleep(wait)

    async def _room(self) -> None:
        while True:
            now = self.clock()
            while self._recent and self._recent[0] <= now - self.second:
                self._recent.popleft()
            if self._under_way + len(self._recent) < self.a_second:
                return
            oldest = self._recent[0] + self.second - now if self._recent else 0.01
            await self.sleep(max(0.002, oldest))

    def _let_go(self) -> None:
        if len(self._lines) > MANY_LINES:
            now = self.clock()
            self._lines = {chat: line for chat, line in self._lines.items() if line.users or line.free_at > now}

"""Updates to a webhook as the real server brings them (WebhookActor): a chat's in order, each until it is taken.

An answer that is no 2xx brings the same update again, after a pause that doubles up to a minute or lasts as long as
`Retry-After` says, up to an hour; after a day an update is dropped.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import aiohttp

from bot.telegram.loopback.state import State, Waiting

LONGEST_PAUSE = 60.0
LONGEST_RETRY_AFTER = 3600.0
HEADER = "X-Telegram-Bot-Api-Secret-Token"
LOOK_SECONDS = 0.02


@dataclass
class Delivery:
    """Brings what waits to the webhook, while one is set. `first_pause` is how long it waits after a first failure."""

    state: State
    first_pause: float = 1.0
    seconds: float = 10.0
    _busy: set[int] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`."""
        async with aiohttp.ClientSession() as session:
            while not stop.is_set():
                if self.state.webhook.get("url"):
                    self._begin(session, stop)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, session: aiohttp.ClientSession, stop: asyncio.Event) -> None:
        """The first update that waits in each chat nothing is on its way to."""
        with self.state.lock:
            self.state.pending(1)
            for one in self.state.waiting:
                if one.chat not in self._busy:
                    self._busy.add(one.chat)
                    task = asyncio.create_task(self._bring(session, one, stop))
                    self._tasks.add(task)
                    task.add_done_callback(self._tasks.discard)

    async def _bring(self, session: aiohttp.ClientSession, one: Waiting, stop: asyncio.Event) -> None:
        pause = self.first_pause
        try:
            while not stop.is_set() and self.state.webhook.get("url"):
                taken, asked = await self._tried(session, one)
                if taken:
                    with self.state.lock:
                        self.state.waiting = [other for other in self.state.waiting if other is not one]
                    return
                await asyncio.sleep(min(asked, LONGEST_RETRY_AFTER) if asked is not None else pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            self._busy.discard(one.chat)

    async def _tried(self, session: aiohttp.ClientSession, one: Waiting) -> tuple[bool, float | None]:
        hook = self.state.webhook
        headers = {HEADER: hook["secret"]} if hook.get("secret") else {}
        limit = aiohttp.ClientTimeout(total=self.seconds)
        try:
            async with session.post(hook["url"], json=one.body, headers=headers, timeout=limit) as answer:
                asked = answer.headers.get("Retry-After", "")
                return 200 <= answer.status < 300, float(asked) if asked.isdecimal() else None
        except (aiohttp.ClientError, TimeoutError, KeyError):
            return False, None

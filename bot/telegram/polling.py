"""Long polling: each update is committed before the offset moves on, so that Telegram keeps what we have not kept."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from aiogram.exceptions import TelegramAPIError, TelegramConflictError, TelegramRetryAfter, TelegramUnauthorizedError
from aiogram.methods import DeleteWebhook, TelegramMethod

from bot.telegram.caller import House
from bot.telegram.coming import KINDS
from bot.telegram.receiving import receive
from bot.telegram.working import Workers

log = structlog.get_logger(room="telegram")
POLL_SECONDS = 25
MOST_UPDATES = 100
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0


class RawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """Updates as they are sent: one of a kind that is not known yet must not hold up the others."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"
    offset: int | None
    limit: int
    timeout: int
    allowed_updates: list[str]


class NotOursError(Exception):
    """Telegram does not know the token. The message says what to do; it does not hold the token."""


@dataclass
class Polling:
    """Asks for updates until it is stopped."""

    house: House
    workers: Workers
    poll_seconds: int = POLL_SECONDS
    pause: float = FIRST_WAIT

    async def run(self, stop: asyncio.Event) -> None:
        """Keep what comes and hand it on. Raises `NotOursError` when Telegram refuses the token."""
        offset: int | None = None
        wait = self.pause
        await self._no_webhook(stop)
        while not stop.is_set():
            try:
                offset = await self._round(offset, stop)
                wait = self.pause
            except TelegramUnauthorizedError:
                raise NotOursError("Telegram does not know this token. Ask BotFather for the right one.") from None
            except TelegramConflictError:
                log.error("another_process_polls")
                await _pause(stop, LONGEST_WAIT)
            except Exception as error:
                # The network is away, or the database: nothing is acknowledged, and all of it comes again.
                wait = float(error.retry_after) if isinstance(error, TelegramRetryAfter) else wait
                log.warning("poll_failed", fault=type(error).__name__)
                await _pause(stop, wait)
                wait = min(wait * 2, LONGEST_WAIT)

    async def _round(self, offset: int | None, stop: asyncio.Event) -> int | None:
        """Ask once; where to go on. The offset is given once, to say what is safe: numbers may begin anew after it."""
        bot = self.workers.speaker.mouth.bot
        ask = RawUpdates(offset=offset, limit=MOST_UPDATES, timeout=self.poll_seconds, allowed_updates=list(KINDS))
        asking = asyncio.ensure_future(bot(ask, request_timeout=self.poll_seconds + 15))
        updates = await _or_stopped(asking, stop)
        for update in updates:
            self.workers.take_up(await asyncio.to_thread(receive, self.house, update))
        return int(updates[-1]["update_id"]) + 1 if updates else None

    async def _no_webhook(self, stop: asyncio.Event) -> None:
        """A webhook that was set before keeps updates from us. What waits is never dropped."""
        with suppress(TelegramAPIError):
            await self.workers.speaker.mouth.bot(DeleteWebhook(drop_pending_updates=False))


async def _or_stopped(asking: asyncio.Future[list[dict[str, Any]]], stop: asyncio.Event) -> list[dict[str, Any]]:
    """What was asked for; nothing once we are stopped: what is not confirmed comes again after the next start."""
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((asking, stopping), return_when=asyncio.FIRST_COMPLETED)
        return asking.result() if asking.done() else []
    finally:
        for one in (asking, stopping):
            one.cancel()
        await asyncio.gather(asking, stopping, return_exceptions=True)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)

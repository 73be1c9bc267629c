"""The courier at work behind a server: a thread of its own, so that a slow mail server holds up nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from sqlalchemy import Engine

from bot.courier import carry
from bot.loop_thread import LoopThread
from bot.senders.outcomes import Sender
from handoff.desk import Desk


def courier_thread(engine: Engine, desk: Desk, senders: Mapping[str, Sender]) -> LoopThread:
    """Delivers from its start until it is stopped; what a process that died had left is swept up at once."""
    return LoopThread("courier", partial(_carry, engine, desk, senders))


async def _carry(
    engine: Engine, desk: Desk, senders: Mapping[str, Sender], stop: asyncio.Event, ready: Callable[[], None]
) -> None:
    ready()
    await carry(engine, desk, senders, stop)

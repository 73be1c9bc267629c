"""The courier: takes the letters that are due, hands each to its channel's sender, and writes down how it went."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import structlog
from sqlalchemy import Engine

from bot.senders.outcomes import DoorClosed, Refused, RetryLater, Sender
from handoff import outbox, undelivered
from handoff.database import transaction
from handoff.desk import Desk
from handoff.outbox import Parcel

__all__ = ["Delivered", "DoorClosed", "Refused", "RetryLater", "Sender", "carry", "deliver_due"]

# All letters of a batch are on their way at once, and each is over well within its lease.
BATCH = 8
SEND_SECONDS = 30.0
PAUSE_SECONDS = 1.0
SWEEP_SECONDS = 30.0
log = structlog.get_logger(room="courier")


@dataclass(frozen=True)
class Delivered:
    """How many letters a round took, and how they went."""

    sent: int = 0
    later: int = 0
    dead: int = 0

    @property
    def taken(self) -> int:
        return self.sent + self.later + self.dead


async def deliver_due(
    engine: Engine, desk: Desk, senders: Mapping[str, Sender], worker: str = "courier", limit: int = BATCH
) -> Delivered:
    """Send up to `limit` letters that are due, over the channels that have a sender. Raises what the database raises.

    A crash at any point leaves each letter leased, and the sweeper frees it: nothing is lost, a repeat is possible.
    """
    parcels = await asyncio.to_thread(_take, engine, desk, worker, limit, tuple(senders))
    sending = (_deliver(engine, desk, senders[parcel.channel], parcel) for parcel in parcels)
    went = await asyncio.gather(*sending, return_exceptions=True)
    for fault in went:
        if isinstance(fault, BaseException):
            raise fault
    return Delivered(went.count("sent"), went.count("later"), went.count("dead"))


async def carry(
    engine: Engine, desk: Desk, senders: Mapping[str, Sender], stop: asyncio.Event, at_once: int = BATCH
) -> None:
    """Deliver and sweep until `stop` is set. A database that is away is waited for.

    `at_once` letters are on their way together, and so many at most come twice when this process is killed.
    """
    worker = f"courier-{secrets.token_hex(4)}"
    loop = asyncio.get_running_loop()
    swept_at = loop.time() - SWEEP_SECONDS
    while not stop.is_set():
        pause = PAUSE_SECONDS
        try:
            if loop.time() - swept_at >= SWEEP_SECONDS:
                await asyncio.to_thread(sweep, engine, desk)
                swept_at = loop.time()
            if (await deliver_due(engine, desk, senders, worker, at_once)).taken:
                pause = 0.0
        except Exception as error:
            # The database is away, or the keys: whatever it is, the next round may go well.
            log.warning("round_failed", fault=type(error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


def sweep(engine: Engine, desk: Desk) -> undelivered.Swept:
    """Free what a dead worker held, in a transaction of its own."""
    with transaction(engine) as session:
        swept = undelivered.sweep(session, desk)
    if swept.freed or swept.died or swept.dropped:
        log.warning("outbox_swept", freed=swept.freed, died=swept.died, dropped=swept.dropped)
    return swept


async def _deliver(engine: Engine, desk: Desk, sender: Sender, parcel: Parcel) -> str:
    try:
        await asyncio.wait_for(sender.send(parcel), SEND_SECONDS)
    except RetryLater as later:
        return await asyncio.to_thread(_failed, engine, desk, parcel, later.code, later.seconds)
    except DoorClosed as closed:
        return await asyncio.to_thread(_final, engine, desk, parcel, closed.code, shut=True)
    except Refused as refused:
        return await asyncio.to_thread(_final, engine, desk, parcel, refused.code)
    except Exception as error:
        # A fault of ours in one letter must not stop the others; its words may hold anything, so its kind is kept.
        return await asyncio.to_thread(_failed, engine, desk, parcel, type(error).__name__, None)
    return await asyncio.to_thread(_sent, engine, desk, parcel)


def _take(engine: Engine, desk: Desk, worker: str, limit: int, channels: tuple[str, ...]) -> list[Parcel]:
    if not channels:
        return []
    with transaction(engine) as session:
        return outbox.take_due(session, desk, worker, limit, channels)


def _sent(engine: Engine, desk: Desk, parcel: Parcel) -> str:
    with transaction(engine) as session:
        outbox.mark_sent(session, desk, parcel)
    log.info("letter_sent", channel=parcel.channel, kind=parcel.kind, attempt=parcel.attempt)
    return "sent"


def _failed(engine: Engine, desk: Desk, parcel: Parcel, fault: str, seconds: float | None) -> str:
    with transaction(engine) as session:
        dead = outbox.mark_failed(session, desk, parcel, fault, retry_after=seconds)
    log.warning("letter_failed", channel=parcel.channel, kind=parcel.kind, attempt=parcel.attempt, fault=fault)
    return "dead" if dead else "later"


def _final(engine: Engine, desk: Desk, parcel: Parcel, fault: str, *, shut: bool = False) -> str:
    with transaction(engine) as session:
        if shut:
            outbox.close_door(session, desk, parcel)
        outbox.mark_failed(session, desk, parcel, fault, final=True)
    log.warning("letter_dead", channel=parcel.channel, kind=parcel.kind, attempt=parcel.attempt, fault=fault)
    return "dead"

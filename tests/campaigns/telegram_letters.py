"""R6: letters out through 429s, 5xx, silence, cut connections and lost answers, and a courier that is killed now and then.
None is lost; one comes twice only where its answer was lost or the courier was killed; never faster than allowed.

    PYTHONPATH=tests python -m campaigns.telegram_letters --letters 10000      some ten minutes
    PYTHONPATH=tests python -m campaigns.telegram_letters --letters 300 --no-pace      # a control: refused by the hundred
    PYTHONPATH=tests python -m campaigns.telegram_letters --letters 300 --at-once 8    # a control: a kill repeats several
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

from bot.courier import deliver_due, sweep
from bot.front_desk import FrontDesk
from bot.logs import configure as configure_logs
from bot.senders.telegram import TelegramSender
from bot.settings import Settings
from bot.telegram.caller import House
from bot.telegram.loopback.server import BROKEN, LOST, RESET, STALL, TOKEN, TOO_MANY, Loopback, serving
from bot.telegram.pace import Pace
from bot.telegram.sending import Mouth, bot_for
from campaigns.engines import fresh_engine
from campaigns.office_day import day_desk, day_front
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.letters import Letter, Parcel
from handoff.models import OutboxMessage, OutboxState
from handoff.outbox import put
from handoff.people import address_for

FAULTS = ((TOO_MANY, 0.03), (BROKEN, 0.02), (RESET, 0.01), (LOST, 0.01), (STALL, 0.003))
# The desk's clock runs ahead of the wall's, so that a letter that failed is due again within seconds.
FASTER = 10.0


@dataclass
class Result:
    letters: int
    lost: int
    again: int
    ambiguous: int
    refused: int
    too_fast: list[str]
    seconds: float


def faults(rng: random.Random) -> Any:
    def fault(method: str, given: dict[str, Any]) -> str | None:
        if method != "sendmessage":
            return None
        drawn = rng.random()
        for kind, share in FAULTS:
            if drawn < share:
                return kind
            drawn -= share
        return None

    return fault


def run(
    folder: Path, count: int, *, seed: int = 1, pace: bool = True, kills: int = 5, scale: float = 1.0, at_once: int = 1
) -> Result:
    """Send `count` letters to a fifth as many chats. `scale` below 1 shortens every second there is, for a short form."""
    rng = random.Random(seed)
    began = time.monotonic()
    api = Loopback(fault=faults(rng), strict=not pace, stall=1.0, gap=scale, second=scale)
    with fresh_engine("sqlite", folder) as engine, serving(api):
        desk = _fast_desk(folder / "keys", FASTER / scale)
        front = day_front(engine, desk, folder)
        try:
            _write(engine, desk, api, count)
            # Only now may the courier begin; what it is told to hold is held on the wall's clock.
            asyncio.run(_deliver(front, api, count, rng, pace=pace, kills=kills, scale=scale, at_once=at_once))
        finally:
            front.close()
    sent = Counter(str(call.params["text"]) for call in api.state.sent())
    return Result(
        count,
        sum(f"Letter {number}." not in sent for number in range(count)),
        sum(times - 1 for times in sent.values()),
        # An answer that was lost, or a courier killed with a letter on its way, leaves open whether that one arrived.
        api.lost + kills,
        sum(call.status == 429 for call in api.state.calls),
        too_fast(api, scale) if pace else [],
        time.monotonic() - began,
    )


def too_fast(api: Loopback, scale: float = 1.0) -> list[str]:
    """Where more than thirty came within a second, two to a chat within one, or one before the pause it was told."""
    found, last, held = [], dict[int, float](), dict[int, float]()
    calls = sorted((call for call in api.state.calls if call.method == "sendMessage"), key=lambda call: call.at)
    for at, call in enumerate(calls):
        if at >= 30 and call.at - calls[at - 30].at < scale:
            found.append(f"31 within {call.at - calls[at - 30].at:.3f} s")
        if call.chat in last and call.at - last[call.chat] < scale:
            found.append(f"two to a chat within {call.at - last[call.chat]:.3f} s")
        if call.at < held.get(call.chat, 0.0):
            found.append("before the pause was over")
        last[call.chat] = call.at
        if call.status == 429:
            held[call.chat] = call.at + 1.0
    return found


def _fast_desk(keys: Path, faster: float) -> Desk:
    began, zero = datetime.now(UTC), time.monotonic()
    made = day_desk(keys)
    return Desk(
        pack=made.pack,
        vault=made.vault,
        queues=made.queues,
        phrases=made.phrases,
        prefix=made.prefix,
        now=lambda: began + timedelta(seconds=faster * (time.monotonic() - zero)),
    )


def _write(engine: Engine, desk: Desk, api: Loopback, count: int) -> None:
    chats = max(1, count // 5)
    for first in range(0, count, 200):
        with transaction(engine) as session:
            for number in range(first, min(first + 200, count)):
                chat = 1 + number % chats
                api.state.chat(chat)
                door = address_for(session, desk, "telegram", str(chat))
                words = f"Letter {number}."
                letter = Letter(
                    f"k{number}", door.person_id, "telegram", door.id, None, f"line{chat}", "news", words, words, words
                )
                put(session, desk, letter)


async def _deliver(
    front: FrontDesk,
    api: Loopback,
    count: int,
    rng: random.Random,
    *,
    pace: bool,
    kills: int,
    scale: float,
    at_once: int,
) -> None:
    deaths = sorted(rng.randrange(count) for _ in range(kills))
    how = Pace(gap=scale, second=scale) if pace else Pace(a_second=100_000, gap=0.0)
    mouth = Mouth(bot_for(TOKEN, api.url, seconds=0.5 if scale < 1 else 3.0), how)
    mortal = Mortal(TelegramSender(House(front, Settings()), mouth), api, deaths)
    office = front.office
    try:
        while True:
            mortal.dead = False
            with suppress(Killed):
                taken = (await deliver_due(office.engine, office.desk, {"telegram": mortal}, "courier", at_once)).taken
            if mortal.dead or not taken:
                await asyncio.to_thread(sweep, office.engine, office.desk)
                if not await asyncio.to_thread(_open, office.engine):
                    return
                await asyncio.sleep(0.1)
    finally:
        await mouth.bot.session.close()


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Mortal:
    """A sender whose process dies when as many letters had arrived: none on its way then is marked as sent."""

    inner: TelegramSender
    api: Loopback
    deaths: list[int]
    dead: bool = False
    channel: str = "telegram"

    async def send(self, parcel: Parcel) -> None:
        await self.inner.send(parcel)
        if self.deaths and len(self.api.state.sent()) > self.deaths[0]:
            self.deaths.pop(0)
            self.dead = True
        if self.dead:
            raise Killed


def _open(engine: Engine) -> bool:
    waiting = (OutboxState.WAITING, OutboxState.LEASED)
    with reading(engine) as session:
        return (
            session.exec(select(OutboxMessage.id).where(OutboxMessage.state.in_(waiting)).limit(1)).first() is not None
        )


def main() -> None:
    """Print what became of the letters; end with 1 when a promise was broken."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--no-pace", action="store_true")
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--at-once", type=int, default=1)
    given = parser.parse_args()
    configure_logs("critical")
    with tempfile.TemporaryDirectory() as name:
        done = run(Path(name), given.letters, pace=not given.no_pace, kills=given.kills, at_once=given.at_once)
    print(
        f"R6{' without a pace' if given.no_pace else ''}: {done.letters} letters in {done.seconds:.0f} s, {done.lost} lost, "
        f"{done.again} came again (at most {done.ambiguous} may), {len(done.too_fast)} too fast, {done.refused} refused (429)."
    )
    print("\n".join(done.too_fast[:5]))
    sys.exit(bool(done.lost or done.too_fast or done.again > done.ambiguous))


if __name__ == "__main__":
    main()

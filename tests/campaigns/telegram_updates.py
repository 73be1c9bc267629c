"""R5 over the wire: updates that come again, in any order across chats, with numbers that begin anew, and a crash after
every so many commits. Each acts once, each chat's order is kept, each is answered; a crash says at most one answer of a
chat again, the one that was on its way.

    PYTHONPATH=tests python -m campaigns.telegram_updates --updates 5000
    PYTHONPATH=tests python -m campaigns.telegram_updates --updates 300 --defaults     # the control: aiogram as it comes

The updates go through our Bot API server by long polling into the real dispatcher. A crash ends the process as far as
anything in it can tell: nothing is written after it, and a new one begins with connections of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from aiogram import Dispatcher
from aiogram.types import Message as Arriving
from sqlalchemy import Engine, event
from sqlmodel import select

from bot.front_desk import FrontDesk
from bot.logs import configure as configure_logs
from bot.messages import Arrived, Incoming
from bot.settings import Settings
from bot.telegram.caller import CHANNEL
from bot.telegram.loopback.people import Human
from bot.telegram.loopback.server import TOKEN, Loopback, serving
from bot.telegram.pace import Pace
from bot.telegram.running import open_door, poll
from bot.telegram.sending import bot_for
from campaigns.engines import fresh_engine
from campaigns.office_day import day_desk, day_front, stub_assistant
from campaigns.updates_again import AGAIN, RESTART, RISK, CrashError, wrong
from handoff.database import connect, reading
from handoff.desk import Desk
from handoff.models import ChatUpdate, ChatUpdateState
from handoff.people import known_address

CHATS = 60
FAR_AHEAD = 120.0
OPEN = (ChatUpdateState.RECEIVED, ChatUpdateState.DONE)


@dataclass
class Crashes:
    """Ends the process after every so many commits: from then on nothing more is written by it."""

    rng: random.Random
    every: int
    count: int = 0
    dead: threading.Event = field(default_factory=threading.Event)
    left: int = 0

    def begin(self, engine: Engine) -> None:
        """A new process, with the connections of `engine`."""
        self.dead.clear()
        self.left = self.rng.randrange(self.every, 2 * self.every) if self.every else -1
        committed = threading.local()
        event.listen(engine, "commit", lambda _: setattr(committed, "yes", True))
        event.listen(engine, "begin", lambda _: self._not_after_death(), insert=True)
        event.listen(engine, "checkin", lambda *_: self._counted(committed))

    def _not_after_death(self) -> None:
        if self.dead.is_set():
            raise CrashError

    def _counted(self, committed: Any) -> None:
        if not getattr(committed, "yes", False):
            return
        committed.yes = False
        self.left -= 1
        if self.left == 0:
            self.count += 1
            self.dead.set()
            raise CrashError


@dataclass
class Result:
    updates: int
    deliveries: int
    crashes: int
    wrong: list[str]
    again: int
    most_again: int


def weeks(count: int, rng: random.Random) -> list[int]:
    """How many updates come between two quiet weeks, `count` in all: numbers begin anew only after such a week."""
    breaks = [number for number in range(1, count) if rng.random() < RESTART]
    return [end - begun for begun, end in pairwise([0, *breaks, count])]


@dataclass
class Backlog:
    """What waits at the server at once: a week's updates, chats shuffled, three in ten of them brought again."""

    api: Loopback
    rng: random.Random
    lengths: list[int]
    numbers: Counter[int] = field(default_factory=Counter)
    put: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    deliveries: int = 0

    def next_week(self) -> bool:
        """Put the next week's updates, numbered anew; False when there is none."""
        if not self.lengths:
            return False
        restart: int | None = self.rng.randrange(10**9)
        # What was confirmed a week ago does not come again.
        self.put = []
        for _ in range(self.lengths.pop(0)):
            chat = 1 + self.rng.randrange(CHATS)
            self.numbers[chat] += 1
            text = f"{'I want to kill myself' if self.rng.random() < RISK else 'where is it'} {self.numbers[chat]}"
            self.put = [*self.put[-300:], (chat, Human(self.api.state, chat).says(text, update_id=restart))]
            restart = None
            self.deliveries += 1
            if self.rng.random() < AGAIN:
                again, body = self.rng.choice(self.put)
                self.api.state.put_again(body, again)
                self.deliveries += 1
        return True


def run(folder: Path, count: int, seed: int = 1, *, every: int = 60, defaults: bool = False) -> Result:
    """Deliver `count` updates to one process after another, until all are settled."""
    rng = random.Random(seed)
    crashes = Crashes(rng, every)
    with fresh_engine("sqlite", folder) as first, serving(Loopback()) as api:
        url = first.url
        backlog = Backlog(api, rng, weeks(count, rng))
        backlog.next_week()
        ahead, lives, most = 0.0, 0, 0
        on_their_way: Counter[int] = Counter()
        while True:
            engine = connect(str(url))
            crashes.begin(engine)
            front = day_front(engine, day_desk(folder / "keys", ahead), folder)
            try:
                whole = asyncio.run(_life(front, backlog, crashes, defaults=defaults))
            finally:
                front.close()
                engine.dispose()
            unmarked = _said_and_not_marked(first, day_desk(folder / "keys"), api)
            most = max([most, *(unmarked - on_their_way).values()])
            on_their_way, ahead, lives = unmarked, ahead + FAR_AHEAD, lives + 1
            if whole:
                break
            assert lives < 40 + count, "it never ends"
        said = Counter(call.chat for call in api.state.sent())
        found = wrong(first, day_desk(folder / "keys"), count)
        unanswered = count - sum(said.values())
        if unanswered > 0:
            found.append(f"{unanswered} updates were not answered")
        # aiogram as it comes marks nothing.
        if most > 1 and not defaults:
            found.append(f"{most} answers of one chat were on their way at one crash")
    return Result(count, backlog.deliveries, crashes.count, found, max(0, -unanswered), most)


def _said_and_not_marked(engine: Engine, desk: Desk, api: Loopback) -> Counter[int]:
    """How many more messages each chat was sent than are marked as said: each is said again by the next process."""
    sent = Counter(call.chat for call in api.state.sent())
    with reading(engine) as session:
        marked = Counter(
            session.exec(select(ChatUpdate.address_id).where(ChatUpdate.state == ChatUpdateState.SENT)).all()
        )
        doors = {chat: known_address(session, desk, CHANNEL, str(chat)) for chat in sent}
        return Counter({chat: sent[chat] - marked[door.id] for chat, door in doors.items() if door})


async def _life(front: FrontDesk, backlog: Backlog, crashes: Crashes, *, defaults: bool) -> bool:
    """One process; whether everything was settled before it ended."""
    stop, api = asyncio.Event(), backlog.api
    serve = _as_it_comes(front, api) if defaults else _our_door(front, api, stop)
    serving_it = asyncio.create_task(serve)
    whole = False
    while not crashes.dead.is_set():
        await asyncio.sleep(0.05)
        if serving_it.done():
            break
        if api.state.waiting or not await asyncio.to_thread(_settled, front, defaults):
            continue
        if not backlog.next_week():
            whole = True
            break
    stop.set()
    if crashes.dead.is_set() or defaults:
        # The process is gone: nothing in it ends what it had begun.
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
    await asyncio.gather(serving_it, return_exceptions=True)
    return whole


async def _our_door(front: FrontDesk, api: Loopback, stop: asyncio.Event) -> None:
    # No chat is too quick here: what is written too fast is not acted on, which is another promise.
    settings = Settings(telegram_api=api.url, chat_a_minute=0)
    door = open_door(front, settings, TOKEN, Pace(a_second=100_000, gap=0.0))
    try:
        await poll(door, stop, poll_seconds=1)
    finally:
        await door.mouth.bot.session.close()


async def _as_it_comes(front: FrontDesk, api: Loopback) -> None:
    """aiogram's own polling: the offset moves on while tasks still run, and what comes again runs again."""
    bot, dispatcher = bot_for(TOKEN, api.url), Dispatcher()
    numbers = iter(range(10**9))

    @dispatcher.message()
    async def answer(message: Arriving) -> None:
        key = f"{id(front)}:{next(numbers)}"
        arrived = Arrived("telegram", str(message.chat.id), key, Incoming(message.text or ""))
        reply = await asyncio.to_thread(partial(front.reply, arrived))
        await bot.send_message(message.chat.id, reply.heading or "-", parse_mode=None)

    try:
        await dispatcher.start_polling(bot, handle_signals=False, polling_timeout=1, close_bot_session=False)
    finally:
        await bot.session.close()


def _settled(front: FrontDesk, defaults: bool) -> bool:
    if defaults:
        return True
    try:
        with reading(front.office.engine) as session:
            return session.exec(select(ChatUpdate.id).where(ChatUpdate.state.in_(OPEN)).limit(1)).first() is None
    except CrashError:
        return False


def main() -> None:
    """Print how many acts went wrong; end with 1 when any did."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--updates", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=400, help="commits between two crashes, at least")
    parser.add_argument("--defaults", action="store_true")
    given = parser.parse_args()
    configure_logs("critical")
    stub_assistant()
    with tempfile.TemporaryDirectory() as name:
        done = run(Path(name), given.updates, given.seed, every=given.every, defaults=given.defaults)
    how = " with aiogram's defaults" if given.defaults else ""
    print(
        f"R5 over the wire{how}: {done.updates} updates, {done.deliveries} deliveries, {done.crashes} crashes, "
        f"{len(done.wrong)} wrong, {done.again} answers said again, of one chat {done.most_again} a crash at most."
    )
    print("\n".join(done.wrong[:5]))
    sys.exit(bool(done.wrong))


if __name__ == "__main__":
    main()

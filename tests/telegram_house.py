"""The Telegram door in tests: the real dispatcher, session and front desk, over a Bot API server of our own."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import uvicorn
from sqlmodel import select

from bot.front_desk import FrontDesk
from bot.settings import Settings
from bot.telegram.buttons import letters
from bot.telegram.loopback.people import Human
from bot.telegram.loopback.rules import read_html
from bot.telegram.loopback.server import TOKEN, Loopback, serving
from bot.telegram.loopback.state import Shown
from bot.telegram.pace import Pace
from bot.telegram.running import Door, DoorThread, open_door, poll
from bot.telegram.token import Hook, hook_of
from bot.web.routes import create_app, site_for
from bot.web.telegram_hook import Receiver
from handoff.database import reading
from handoff.models import ChatUpdate, ChatUpdateState

QUICK = {"a_second": 100_000, "gap": 0.0}
OPEN = (ChatUpdateState.RECEIVED, ChatUpdateState.DONE)

# Before the surgeries of `small_surgeries`, whenever the tests run.
START = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)


@dataclass
class RunningClock:
    """The council's clock: it runs as ours does, and may be put forward."""

    began: datetime = field(default_factory=lambda: datetime.now(UTC))
    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return START + (datetime.now(UTC) - self.began) + self.ahead


@dataclass
class House:
    """The door, open; and people in front of it."""

    api: Loopback
    front: FrontDesk
    door: Door
    loop: asyncio.AbstractEventLoop

    def human(self, chat: int = 4711, **more: Any) -> Human:
        one = Human(self.api.state, chat)
        for name, value in more.items():
            setattr(self.api.state.chat(chat), name, value)
        return one

    def settle(self, seconds: float = 240.0) -> None:
        """Wait until every update was taken, acted on and answered."""
        ends = time.monotonic() + seconds
        quiet = 0
        while quiet < 2:
            assert time.monotonic() < ends, "the door did not come to rest"
            quiet = quiet + 1 if self._at_rest() else 0
            time.sleep(0.01)

    def _at_rest(self) -> bool:
        with self.api.state.lock:
            if self.api.state.waiting:
                return False
        try:
            asyncio.run_coroutine_threadsafe(self.door.workers.idle(), self.loop).result(30)
        except TimeoutError:
            return False
        with reading(self.front.office.engine) as session:
            return session.exec(select(ChatUpdate.id).where(ChatUpdate.state.in_(OPEN)).limit(1)).first() is None

    def says(self, human: Human, text: str) -> list[Shown]:
        """What the bot answers to a message."""
        return self._after(human, lambda: human.says(text))

    def presses(self, human: Human, label: str) -> list[Shown]:
        """What is new in the chat after a press: new messages, or the one that was edited."""
        return self._after(human, lambda: human.presses(label))

    def _after(self, human: Human, act: Callable[[], object]) -> list[Shown]:
        before = {one.id: one.edits for one in human.reads()}
        act()
        self.settle()
        return [one for one in human.reads() if before.get(one.id, -1) != one.edits]


@contextmanager
def open_house(
    front: FrontDesk, *, api: Loopback | None = None, pace: Pace | None = None, **settings: Any
) -> Iterator[House]:
    """The door, polling, until the block ends."""
    with serving(api or Loopback(redeliver=0.02)) as server:
        loop, stop = asyncio.new_event_loop(), asyncio.Event()
        made: list[Door] = []
        ready = threading.Event()

        async def run() -> None:
            door = open_door(
                front,
                Settings(telegram_api=server.url, **{"chat_a_minute": 0, **settings}),
                TOKEN,
                pace or Pace(**QUICK),  # type: ignore[arg-type]
            )
            made.append(door)
            ready.set()
            await poll(door, stop, poll_seconds=2)

        def work() -> None:
            try:
                loop.run_until_complete(run())
                loop.run_until_complete(loop.shutdown_default_executor())
            finally:
                loop.close()

        thread = threading.Thread(target=work, name="door")
        thread.start()
        ready.wait(10)
        try:
            yield House(server, front, made[0], loop)
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join(30)


@dataclass
class Served:
    """`serve` as Telegram sees it: the web application with its webhook, and the door behind it."""

    api: Loopback
    front: FrontDesk
    thread: DoorThread
    url: str
    hook: Hook

    def human(self, chat: int = 4711) -> Human:
        return Human(self.api.state, chat)


def until(what: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait for `what`; fails when it does not come."""
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.01)


@contextmanager
def served_house(front: FrontDesk, *, api: Loopback | None = None, **receiver: Any) -> Iterator[Served]:
    """The door by webhook, until the block ends."""
    with serving(api or Loopback(redeliver=0.02)) as server, socket.socket() as here:
        here.bind(("127.0.0.1", 0))
        settings = Settings(
            address=f"http://127.0.0.1:{here.getsockname()[1]}",
            telegram_token=TOKEN,
            telegram_webhook=True,
            telegram_path="a-path-nobody-guesses",
            telegram_secret="a-secret-nobody-guesses",
            telegram_api=server.url,
            chat_a_minute=0,
        )
        hook = hook_of(settings)
        assert hook
        thread = DoorThread(front, settings, TOKEN, hook.url, hook.secret, Pace(**QUICK))  # type: ignore[arg-type]
        given = {
            "receive": thread.receive,
            "busy": lambda: thread.busy,
            "pack": lambda: front.office.assistant.engine.pack,
        }
        app = create_app(front, site=site_for(front, settings), telegram=Receiver(hook, **{**given, **receiver}))
        web = uvicorn.Server(uvicorn.Config(app, log_config=None, log_level="warning", access_log=False))
        serving_web = threading.Thread(target=lambda: web.run(sockets=[here]), name="web")
        serving_web.start()
        thread.start()
        try:
            yield Served(server, front, thread, settings.address, hook)
        finally:
            thread.stop()
            web.should_exit = True
            serving_web.join(30)


def words(shown: list[Shown]) -> str:
    """All of it as people read it."""
    return "\n".join(one.plain for one in shown)


def check_payloads(api: Loopback) -> None:
    """Every message of the whole run: valid HTML within limits, every callback of ours short, a way back on each."""
    for call in api.state.calls:
        if call.status != 200:
            continue
        text = call.params.get("text")
        if call.method in ("sendMessage", "editMessageText") and call.params.get("parse_mode"):
            assert len(read_html(str(text)).encode("utf-16-le")) // 2 <= 4096
        markup = call.params.get("reply_markup")
        if isinstance(markup, dict):
            rows = markup["inline_keyboard"]
            assert len(rows) <= 6 and all(len(row) <= 4 for row in rows), rows
            data = [button.get("callback_data", "") for row in rows for button in row]
            assert all(len(one.encode()) <= 48 for one in data)
            ours = [button["text"] for row in rows for button in row if "callback_data" in button]
            assert all(letters(label) <= 24 for label in ours), ours
            # The menu is where one comes back to.
            assert {"v1.menu", "v1.ask"} & set(data), f"no way back: {rows}"

"""`askwell demo telegram`: chat with the bot on a terminal, over a Bot API server of our own. No token, no network.

What is said here is kept in a folder that is thrown away at the end.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot import app as wiring
from bot.assistant import Assistant
from bot.example_sessions import publish_examples
from bot.front_desk import FrontDesk
from bot.logs import configure as configure_logs
from bot.records import desk_of, open_database, prepare
from bot.settings import Settings
from bot.telegram.loopback.people import Human
from bot.telegram.loopback.server import TOKEN, Loopback, serving
from bot.telegram.loopback.state import Shown
from bot.telegram.running import Door, open_door, poll
from bot.terminal import said
from handoff.database import transaction
from handoff.spool import Spool

QUIET_SECONDS = 0.4
LONGEST_SECONDS = 30.0
INTRO = (
    "You are in a chat with the bot, over a Bot API server on this machine. Nothing leaves it, and nothing is kept.\n"
    "Write a message, a command such as /start, or the number of a button. An empty line ends. "
    "Links to the web page work only beside 'askwell serve'."
)


def telegram_demo() -> None:
    """Chat with the bot on this terminal, without a token. Example sessions are there to be booked."""
    configure_logs("error")
    settings = Settings()
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_front(settings, Path(folder)) as front,
        chatting(front, settings) as terminal,
    ):
        said.print(INTRO)
        terminal.talk(_typed, _show)


@contextmanager
def demo_front(settings: Settings, folder: Path) -> Iterator[FrontDesk]:
    """A front desk whose records lie in `folder`, with example sessions; the index is the one there is."""
    own = settings.model_copy(update={"database_url": f"sqlite:///{folder / 'askwell.db'}", "keys": folder / "keys"})
    engine, complete = wiring.build_engine_now(settings)
    if not complete:
        said.print("The index is not made yet: answers are found by words alone. 'askwell index' makes it.")
    records = open_database(own)
    prepare(records)
    desk = desk_of(own, engine.pack)
    with transaction(records) as session:
        publish_examples(session, desk, engine.pack.calendar)
    front = FrontDesk(records, desk, Assistant(engine), Spool(folder / "spool", folder / "keys"))
    try:
        yield front
    finally:
        front.close()
        records.dispose()


@dataclass
class Terminal:
    """One person in one chat, as lines in and lines out."""

    human: Human
    _seen: dict[int, int] = field(default_factory=dict)

    def talk(self, read: Callable[[], str | None], show: Callable[[str], None]) -> None:
        """Until an empty line, or the end of input."""
        while (typed := read()) is not None and typed.strip():
            self.send(typed.strip())
            show(self.news())

    def send(self, typed: str) -> None:
        """A number presses that button of the newest keyboard; all else is a message."""
        buttons = next((one.buttons for one in reversed(self.human.reads()) if one.buttons), [])
        if typed.isdecimal() and 1 <= int(typed[:3]) <= len(buttons):
            button = buttons[int(typed[:3]) - 1]
            if "callback_data" in button:
                self.human.presses_data(button["callback_data"], self._under(button))
                return
        self.human.says(typed)

    def news(self) -> str:
        """What is new in the chat, once it has come to rest."""
        ends, quiet, new = time.monotonic() + LONGEST_SECONDS, 0.0, ""
        while time.monotonic() < ends and quiet < QUIET_SECONDS:
            time.sleep(0.05)
            fresh = "\n\n".join(_as_lines(one) for one in self._fresh())
            new = f"{new}\n\n{fresh}" if fresh and new else new or fresh
            quiet = 0.0 if fresh or not new else quiet + 0.05
        return new

    def _fresh(self) -> list[Shown]:
        found = [one for one in self.human.reads() if self._seen.get(one.id, -1) != one.edits]
        self._seen |= {one.id: one.edits for one in found}
        return found

    def _under(self, button: dict[str, str]) -> Shown | None:
        return next((one for one in reversed(self.human.reads()) if button in one.buttons), None)


@contextmanager
def chatting(front: FrontDesk, settings: Settings) -> Iterator[Terminal]:
    """The server, the door, and a person in front of it."""
    with serving(Loopback()) as api:
        own = settings.model_copy(update={"telegram_api": api.url, "telegram_webhook": False})
        loop, stop = asyncio.new_event_loop(), asyncio.Event()
        made: list[Door] = []
        ready = threading.Event()

        async def run() -> None:
            made.append(open_door(front, own, TOKEN))
            ready.set()
            await poll(made[0], stop)

        thread = threading.Thread(target=lambda: loop.run_until_complete(run()), name="door")
        thread.start()
        ready.wait(LONGEST_SECONDS)
        try:
            yield Terminal(Human(api.state))
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join(LONGEST_SECONDS)
            loop.run_until_complete(loop.shutdown_default_executor())
            loop.close()


def _as_lines(shown: Shown) -> str:
    """A message with its buttons numbered below it."""
    changed = "(changed) " if shown.edits else ""
    text = f"[file] {shown.file}" if shown.file else shown.plain
    buttons = [f"  [{number}] {one['text']}" for number, one in enumerate(shown.buttons, 1)]
    return "\n".join([f"{changed}{text}", *buttons])


def _typed() -> str | None:
    said.print("> ", end="")
    line = sys.stdin.readline()
    return line.rstrip("\n") if line else None


def _show(text: str) -> None:
    sys.stdout.write(f"{text}\n\n")
    sys.stdout.flush()

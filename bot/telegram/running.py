"""The door open: a bot, its workers and its courier on one event loop, fed by polling or by the webhook."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import SetMyCommands, SetWebhook, TelegramMethod
from aiogram.types import BotCommand

from bot.courier import carry
from bot.front_desk import FrontDesk
from bot.loop_thread import LoopThread
from bot.senders.telegram import TelegramSender
from bot.settings import Settings
from bot.telegram.caller import House
from bot.telegram.coming import KINDS
from bot.telegram.dispatching import build_dispatcher
from bot.telegram.flooding import chat_limits
from bot.telegram.pace import Pace
from bot.telegram.polling import POLL_SECONDS, Polling
from bot.telegram.receiving import Received, receive
from bot.telegram.saying import Speaker
from bot.telegram.screens.home import COMMANDS
from bot.telegram.sending import Mouth, bot_for
from bot.telegram.working import Workers

log = structlog.get_logger(room="telegram")
WEBHOOK_CONNECTIONS = 20
LONGEST_WAIT = 60.0


@dataclass
class Door:
    """Everything that runs while the door is open. Made on the event loop it lives on; `close` it at the end."""

    house: House
    mouth: Mouth
    workers: Workers

    async def close(self) -> None:
        """Let what is under way end, and hang up."""
        await self.workers.close()
        await self.mouth.bot.session.close()


def open_door(front: FrontDesk, settings: Settings, token: str, pace: Pace | None = None) -> Door:
    """The door for this token. Raises `TokenValidationError` for what is no token."""
    house = House(front, settings, chat_limits(settings.chat_a_minute))
    mouth = Mouth(bot_for(token, settings.telegram_api), pace or Pace())
    return Door(house, mouth, Workers(house, Speaker(house, mouth), build_dispatcher()))


async def poll(door: Door, stop: asyncio.Event, poll_seconds: int = POLL_SECONDS) -> None:
    """Serve by long polling until `stop`. Raises `NotOursError` when Telegram does not know the token."""
    async with _behind(door, stop):
        await Polling(door.house, door.workers, poll_seconds).run(stop)


class _behind:  # noqa: N801  a context, used as a verb
    """What runs beside the updates: the sweep, the courier of letters, the menu of commands."""

    def __init__(self, door: Door, stop: asyncio.Event) -> None:
        self.door, self.stop = door, stop
        self.tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> None:
        office = self.door.house.front.office
        senders = {"telegram": TelegramSender(self.door.house, self.door.mouth)}
        self.tasks = [
            asyncio.create_task(self.door.workers.keep_sweeping(self.stop)),
            # Each letter is marked before the next goes: a crash repeats one at most.
            asyncio.create_task(carry(office.engine, office.desk, senders, self.stop, at_once=1)),
            asyncio.create_task(set_commands(self.door, self.stop)),
        ]

    async def __aexit__(self, *_: object) -> None:
        self.stop.set()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.door.close()


async def set_commands(door: Door, stop: asyncio.Event) -> None:
    """The menu of commands, in each language the pack has words for; tried again until Telegram takes it."""
    house = door.house
    for code in ("en", *(code for code in house.pack.phrases.languages if code != "en")):
        commands = [BotCommand(command=name, description=house.say(f"tg_cmd_{name}", code)) for name in COMMANDS]
        spoken = None if code == "en" else code
        await _until_taken(door, SetMyCommands(commands=commands, language_code=spoken), stop, "commands_not_set")


@dataclass
class DoorThread:
    """The door behind a web server, on a thread of its own: the webhook keeps an update and hands it on."""

    front: FrontDesk
    settings: Settings
    token: str
    url: str
    secret: str
    pace: Pace | None = None
    _door: Door | None = None

    def __post_init__(self) -> None:
        self.thread = LoopThread("telegram", self._run)

    def start(self) -> None:
        """Begin, and tell Telegram where updates go."""
        self.thread.start()

    def stop(self) -> bool:
        """Finish what is under way and end; False when it did not end in time."""
        return self.thread.stop()

    def receive(self, raw: Mapping[str, Any]) -> Received:
        """Keep an update and have it worked on. Raises what the database raises while it is away."""
        received = receive(House(self.front, self.settings), raw)
        if self._door is not None:
            self.thread.soon(self._door.workers.take_up, received)
        return received

    @property
    def busy(self) -> int:
        """How many chats are being answered or wait for it."""
        return self._door.workers.under_way if self._door else 0

    async def _run(self, stop: asyncio.Event, ready: Callable[[], None]) -> None:
        self._door = open_door(self.front, self.settings, self.token, self.pace)
        async with _behind(self._door, stop):
            ready()
            await self._point_here(self._door, stop)
            await stop.wait()

    async def _point_here(self, door: Door, stop: asyncio.Event) -> None:
        where = SetWebhook(
            url=self.url,
            secret_token=self.secret,
            allowed_updates=list(KINDS),
            max_connections=WEBHOOK_CONNECTIONS,
            # What waits at Telegram is somebody's question.
            drop_pending_updates=False,
        )
        await _until_taken(door, where, stop, "webhook_not_set")


async def _until_taken(door: Door, call: TelegramMethod[bool], stop: asyncio.Event, fault: str) -> None:
    """Make this call until Telegram takes it, less and less often; `fault` names it in the records."""
    wait = 1.0
    while not stop.is_set():
        try:
            await door.mouth.bot(call)
            return
        except TelegramAPIError as error:
            log.warning("telegram_call_failed", call=fault, fault=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
            wait = min(wait * 2, LONGEST_WAIT)

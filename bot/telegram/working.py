"""What waits is worked on, chat by chat, in order: acted on once, and then said until all of it was."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import structlog
from aiogram import Dispatcher
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import LeaveChat, SendMessage
from sqlmodel import Session

from bot import metrics
from bot.front.office import act
from bot.telegram.acting import NothingToDo, called, is_gone, settled
from bot.telegram.caller import Caller, House, Told
from bot.telegram.coming import as_update, came_from_text
from bot.telegram.flooding import slowed
from bot.telegram.parts import Parts, Say, Speech, Toast, speech_from_text, speech_to_text
from bot.telegram.receiving import Received
from bot.telegram.saying import Speaker
from bot.telegram.screens.off import switched_off
from bot.telegram.showing import Typing
from handoff import chat_updates
from handoff.chat_updates import MOST_ATTEMPTS, Taken
from handoff.database import UNAVAILABLE, reading
from handoff.switches import Part
from handoff.vault import ErasedError

log = structlog.get_logger(room="telegram")
# Acting is the processor's work: more at once than it has cores only makes each later.
AT_ONCE = 3
FAULTS_ALLOWED = 3
# The oldest beyond these are forgotten: the model then judges the words as they were kept.
MOST_TYPED = 5000
AWAY_SECONDS = 2.0
SWEEP_SECONDS = 5.0


@dataclass
class Workers:
    """One task for each chat that has something waiting; it ends when nothing does. All live on one event loop."""

    house: House
    speaker: Speaker
    dispatcher: Dispatcher
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _again: set[str] = field(default_factory=set)
    _acting: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _asides: set[asyncio.Task[None]] = field(default_factory=set)
    # The words of updates as typed, until they are acted on; never written anywhere.
    _typed: dict[str, str] = field(default_factory=dict)
    _closing: bool = False

    @property
    def under_way(self) -> int:
        """How many chats have something waiting."""
        return len(self._tasks)

    def take_up(self, received: Received) -> None:
        """What must follow from an update that is safe."""
        if received.typed:
            self._typed[received.id] = received.typed
            if len(self._typed) > MOST_TYPED:
                del self._typed[next(iter(self._typed))]
        if received.door:
            self.wake(received.door)
        if received.help:
            self._aside(self.speaker.say_now(received.chat, received.help))
        if received.spins:
            self._aside(self.speaker.say_now(0, (Toast(received.spins),)))
        if received.leave:
            self._aside(self._leave(received.leave))

    def wake(self, address_id: str) -> None:
        """Something waits in this chat."""
        if self._closing:
            return
        if address_id in self._tasks:
            self._again.add(address_id)
            return
        task = asyncio.create_task(self._chat(address_id))
        self._tasks[address_id] = task
        task.add_done_callback(lambda _: self._ended(address_id))

    async def sweep(self) -> int:
        """Take up what waits although nobody works on it; how many chats. Raises what the database raises."""
        doors = await asyncio.to_thread(_waiting, self.house)
        for door in doors:
            self.wake(door)
        return len(doors)

    async def keep_sweeping(self, stop: asyncio.Event) -> None:
        """Sweep at once, and every few seconds until `stop`."""
        while not stop.is_set():
            try:
                await self.sweep()
            except Exception as error:
                log.warning("sweep_failed", fault=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), SWEEP_SECONDS)

    async def idle(self) -> None:
        """Return once nothing is under way."""
        while tasks := [*self._tasks.values(), *self._asides]:
            await asyncio.gather(*tasks, return_exceptions=True)

    async def close(self, seconds: float = 10.0) -> None:
        """Let what is under way end, for so long; what is left is taken up after the next start."""
        self._closing = True
        tasks = [*self._tasks.values(), *self._asides]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, address_id: str) -> None:
        del self._tasks[address_id]
        if address_id in self._again:
            self._again.discard(address_id)
            self.wake(address_id)

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)

    async def _chat(self, address_id: str) -> None:
        try:
            while (work := await self._next(address_id)) is not None:
                taken, stored = work
                if stored is not None:
                    await self.speaker.say(taken, speech_from_text(stored))
        except ErasedError:
            return
        except UNAVAILABLE:
            # The sweep comes back to this chat when the database does.
            await asyncio.sleep(AWAY_SECONDS)
        except Exception as error:
            log.error("chat_failed", fault=type(error).__name__)

    async def _next(self, address_id: str) -> tuple[Taken, str | None] | None:
        """The chat's next update with what is to be said because of it; none when nothing waits.

        An update is leased only once there is room to act on it: a lease must not run out in a queue.
        """
        async with self._acting:
            taken = await asyncio.to_thread(act, self.house.front.office, partial(_take, self.house, address_id))
            if taken is None:
                return None
            if taken.parts is not None:
                return taken, taken.parts
            if taken.attempt > MOST_ATTEMPTS:
                await self.speaker.finish(taken, "crashed")
                return taken, None
            return taken, await self._acted(taken)

    async def _acted(self, taken: Taken) -> str | None:
        """What is to be said, stored; none when nothing is, or when somebody else has the update now."""
        came = came_from_text(taken.text or "")
        came = replace(came, typed=came.typed or self._typed.get(taken.row.id))
        try:
            caller = await asyncio.to_thread(called, self.house, taken, came)
        except NothingToDo as nothing:
            self._typed.pop(taken.row.id, None)
            await self.speaker.finish(taken, None if nothing.code == "answered" else nothing.code)
            return None
        try:
            async with Typing(self.speaker, came):
                told = await self._handled(caller)
        except UNAVAILABLE:
            raise
        except Exception as error:
            return await self._failed(taken, caller, error)
        return await self._stored(taken, caller, told)

    async def _handled(self, caller: Caller) -> Told:
        if await self.house.front.office.switches.off_on_loop(Part.BOT):
            return Told((*caller.toast(), *switched_off(caller)))
        if (waits := slowed(caller)) is not None:
            return waits
        given = await self.dispatcher.feed_update(self.speaker.mouth.bot, as_update(caller.came), caller=caller)
        told = given if isinstance(given, Told) else Told(())
        if not any(isinstance(part, Toast) for part in told.parts):
            told = replace(told, parts=(*caller.toast(), *told.parts))
        return told

    async def _stored(self, taken: Taken, caller: Caller, told: Told) -> str | None:
        speech = Speech(caller.came.chat, told.parts)
        text = speech_to_text(speech)
        try:
            kept = await asyncio.to_thread(
                act, self.house.front.office, lambda session: settled(session, caller, taken, told, text)
            )
        except ErasedError:
            kept = False
        self._typed.pop(taken.row.id, None)
        if kept:
            return text
        if await asyncio.to_thread(is_gone, self.house, taken):
            # Who was erased has no row any more: what they are told is said from memory.
            await self.speaker.say_now(speech.chat, speech.parts)
        return None

    async def _failed(self, taken: Taken, caller: Caller, error: Exception) -> str | None:
        """Leave it for another try; after the third say that it did not work, and where a person is."""
        metrics.FAULTS.inc()
        log.error("update_failed", fault=type(error).__name__, kind=caller.came.kind, attempt=taken.attempt)
        if taken.attempt < FAULTS_ALLOWED:
            await self.speaker.write(partial(_given_back, self.house, taken, type(error).__name__))
            return None
        rows = ((caller.person(),), *caller.way_back())
        parts: Parts = (*caller.toast(), Say(caller.html("tg_failed"), rows))
        return await self._stored(taken, caller, Told(parts))

    async def _leave(self, chat: int) -> None:
        """One line, and out: a group is no place to talk about a child."""
        bot = self.speaker.mouth.bot
        with suppress(TelegramAPIError):
            await bot(SendMessage(chat_id=chat, text=self.house.say("tg_group")))
        try:
            await bot(LeaveChat(chat_id=chat))
        except TelegramAPIError as error:
            log.warning("not_left", fault=type(error).__name__)


def _take(house: House, address_id: str, session: Session) -> Taken | None:
    return chat_updates.take(session, house.desk, address_id)


def _given_back(house: House, taken: Taken, fault: str, session: Session) -> object:
    return chat_updates.give_back(session, house.desk, taken, fault)


def _waiting(house: House) -> list[str]:
    with reading(house.front.office.engine) as session:
        return chat_updates.waiting(session, house.desk)

"""What is stored to be said is said, part by part: again after a fault, never twice after it was noted as said."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import structlog
from sqlmodel import Session

from bot.front.office import act
from bot.senders.outcomes import DoorClosed, Refused, RetryLater
from bot.telegram.acting import close_door
from bot.telegram.caller import House
from bot.telegram.parts import Part, Parts, Speech, Toast
from bot.telegram.sending import Mouth
from handoff import chat_updates
from handoff.chat_updates import Taken

log = structlog.get_logger(room="telegram")
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Speaker:
    """Says what updates led to. `sleep` is replaced in tests."""

    house: House
    mouth: Mouth
    sleep: Sleep = asyncio.sleep

    async def say(self, taken: Taken, speech: Speech) -> None:
        """Say what is left of `speech`, and note each part, until all of it was said or the door is shut."""
        fault: str | None = None
        for at, part in enumerate(speech.parts):
            if at < taken.row.said:
                continue
            try:
                await self._until_said(taken, speech.chat, part)
            except DoorClosed as closed:
                await asyncio.to_thread(close_door, self.house, taken.row.address_id)
                fault = closed.code
                break
            except Refused as refused:
                log.error("part_refused", kind=part.kind, fault=refused.code)
                fault = refused.code
            # A press is answered as often as it comes: it needs no note.
            if at + 1 < len(speech.parts) and not isinstance(part, Toast):
                await self.write(partial(_noted, self.house, taken, at + 1))
        await self.finish(taken, fault)

    async def say_now(self, chat: int, parts: Parts) -> None:
        """Say this once, from memory, as well as it goes."""
        for part in parts:
            try:
                await self._tried(chat, part)
            except (DoorClosed, Refused) as outcome:
                log.warning("not_said", fault=outcome.code)
                return

    async def finish(self, taken: Taken, fault: str | None = None) -> None:
        """All was said, or why not."""
        await self.write(partial(_finished, self.house, taken, fault))

    async def write(self, work: Callable[[Session], object]) -> None:
        """`work` in one transaction, in a thread."""
        await asyncio.to_thread(act, self.house.front.office, work)

    async def _until_said(self, taken: Taken, chat: int, part: Part) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                return await self.mouth.say(chat, part)
            except RetryLater as later:
                if isinstance(part, Toast):
                    # By the time we may speak again the button has stopped spinning by itself.
                    return None
                pause = later.seconds if later.seconds is not None else wait
                log.warning("said_later", fault=later.code, seconds=int(pause))
                await self.write(partial(_leased, self.house, taken, pause))
                await self.sleep(pause)
                wait = min(wait * 2, LONGEST_WAIT)

    async def _tried(self, chat: int, part: Part) -> None:
        wait = FIRST_WAIT
        while wait <= LONGEST_WAIT:
            try:
                return await self.mouth.say(chat, part)
            except RetryLater as later:
                await self.sleep(later.seconds if later.seconds is not None else wait)
                wait *= 2
        return None


def _noted(house: House, taken: Taken, count: int, session: Session) -> object:
    return chat_updates.said(session, house.desk, taken, count)


def _leased(house: House, taken: Taken, seconds: float, session: Session) -> object:
    return chat_updates.keep_lease(session, house.desk, taken, seconds)


def _finished(house: House, taken: Taken, fault: str | None, session: Session) -> object:
    return chat_updates.finish(session, house.desk, taken, fault)

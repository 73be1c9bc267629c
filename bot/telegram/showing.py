"""That an answer is on its way, shown in the chat while it is looked for."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from aiogram.exceptions import TelegramAPIError
from aiogram.methods import SendChatAction

from bot.telegram.coming import Came
from bot.telegram.parts import Say
from bot.telegram.saying import Speaker

TYPING_AFTER, TYPING_EVERY, STILL_AFTER = 0.4, 4.5, 8.0


@dataclass
class Typing:
    """While an answer is looked for the chat says "typing", and after eight seconds a line says so in words."""

    speaker: Speaker
    came: Came
    _task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> None:
        if self.came.kind != "press":
            self._task = asyncio.create_task(self._shown())

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _shown(self) -> None:
        speaker, chat, shown = self.speaker, self.came.chat, 0.0
        await asyncio.sleep(TYPING_AFTER)
        while True:
            with suppress(TelegramAPIError):
                await speaker.mouth.bot(SendChatAction(chat_id=chat, action="typing"))
            await asyncio.sleep(TYPING_EVERY)
            before, shown = shown, shown + TYPING_EVERY
            if before < STILL_AFTER <= shown:
                house = speaker.house
                still = house.say("tg_still_looking", self.came.language)
                await speaker.say_now(chat, (Say(still),))

"""One part of what is to be said, sent: at the pace Telegram allows, and with its answer read as an outcome."""

from __future__ import annotations

from dataclasses import dataclass

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import AnswerCallbackQuery, DeleteMessage, EditMessageText, SendDocument, SendMessage
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from bot.senders.outcomes import DoorClosed, Refused, RetryLater
from bot.telegram.pace import Pace
from bot.telegram.parts import Edit, File, Part, Remove, Row, Say, Toast

SECONDS = 20.0
QUIET = LinkPreviewOptions(is_disabled=True)
LONGEST_TOAST = 200
# What Telegram says when there is nothing left to do.
DONE_ALREADY = (
    "message is not modified",
    "query is too old",
    "message to delete not found",
    "message can't be deleted",
)
CANNOT_EDIT = ("message to edit not found", "message can't be edited", "message_id_invalid")
NO_SUCH_CHAT = ("chat not found", "user is deactivated", "peer_id_invalid", "user_is_blocked")


def bot_for(token: str, api: str = "", seconds: float = SECONDS) -> Bot:
    """A bot that speaks HTML, over Telegram's own server or the one at `api`. Raises `TokenValidationError`."""
    server = TelegramAPIServer.from_base(api) if api else PRODUCTION
    session = AiohttpSession(api=server, timeout=seconds)
    return Bot(token, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))


@dataclass
class Mouth:
    """What speaks for the bot. Every message that leaves this process goes through one of these."""

    bot: Bot
    pace: Pace

    async def say(self, chat: int, part: Part) -> None:
        """Send one part. Raises `RetryLater`, `DoorClosed` and `Refused`."""
        try:
            await self._sent(chat, part)
        except TelegramRetryAfter as error:
            self.pace.hold(chat, float(error.retry_after))
            raise RetryLater(float(error.retry_after), "telegram_429") from None
        except TelegramForbiddenError as error:
            raise DoorClosed(f"telegram_{type(error).__name__}") from None
        except TelegramBadRequest as error:
            await self._refused(chat, part, error.message.lower())
        except (TelegramNetworkError, TelegramServerError, ClientDecodeError, TimeoutError) as error:
            raise RetryLater(code=f"telegram_{type(error).__name__}") from None
        except TelegramAPIError as error:
            # Our token, our settings, or something new: what waits must not die of it.
            raise RetryLater(code=f"telegram_{type(error).__name__}") from None

    async def _sent(self, chat: int, part: Part) -> None:
        if isinstance(part, Toast):
            await self.bot(AnswerCallbackQuery(callback_query_id=part.callback, text=part.text[:LONGEST_TOAST] or None))
        elif isinstance(part, Remove):
            await self.bot(DeleteMessage(chat_id=chat, message_id=part.message))
        else:
            async with self.pace.turn(chat):
                await self._message(chat, part)

    async def _message(self, chat: int, part: Say | Edit | File) -> None:
        if isinstance(part, File):
            named = BufferedInputFile(part.text.encode(), filename=part.name)
            await self.bot(SendDocument(chat_id=chat, document=named))
        elif isinstance(part, Edit):
            edit = EditMessageText(
                chat_id=chat,
                message_id=part.message,
                text=part.text,
                reply_markup=keyboard(part.rows),
                link_preview_options=QUIET,
            )
            await self.bot(edit)
        else:
            message = SendMessage(
                chat_id=chat, text=part.text, reply_markup=keyboard(part.rows), link_preview_options=QUIET
            )
            await self.bot(message)

    async def _refused(self, chat: int, part: Part, said: str) -> None:
        if any(words in said for words in DONE_ALREADY):
            return
        if any(words in said for words in NO_SUCH_CHAT):
            raise DoorClosed("telegram_no_such_chat")
        if isinstance(part, Edit) and any(words in said for words in CANNOT_EDIT):
            await self.say(chat, Say(part.text, part.rows))
            return
        raise Refused("telegram_400")


def keyboard(rows: tuple[Row, ...]) -> InlineKeyboardMarkup | None:
    """The buttons as Telegram takes them."""
    if not rows:
        return None
    made = [
        [InlineKeyboardButton(text=one.label, callback_data=one.data or None, url=one.url or None) for one in row]
        for row in rows
    ]
    return InlineKeyboardMarkup(inline_keyboard=made)

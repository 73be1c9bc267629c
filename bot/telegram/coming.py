"""An update as the Bot API sends it becomes what we need of it, and nothing else: no names of accounts, no files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update
from pydantic import TypeAdapter, ValidationError

PRIVATE = "private"
LONGEST_TEXT = 4096
LONGEST_NUMBER = 2**31 - 1
# What a bot is asked about; everything else is not even sent to it.
KINDS = ("message", "edited_message", "callback_query", "my_chat_member")


@dataclass(frozen=True)
class Came:
    """One update of a private chat. `key` is the app's own number of it within the chat.

    `kind` is `message`, `edited` or `press`. `text` is none for what is not text: a voice, a photo, a file.
    `typed` holds the words before anything was hidden, only while an officer answers this family.
    """

    kind: str
    chat: int
    key: str
    message: int = 0
    text: str | None = None
    data: str = ""
    callback: str = ""
    language: str = ""
    first_name: str = ""
    in_doubt: bool = False
    redacted: bool = False
    typed: str | None = None


@dataclass(frozen=True)
class Elsewhere:
    """The bot was put into a group or a channel: it leaves. `callback` is a press there, to be answered."""

    chat: int
    callback: str = ""


@dataclass(frozen=True)
class Shut:
    """The person blocked the bot (`closed`), or let it in again."""

    chat: int
    closed: bool


@dataclass(frozen=True)
class Spins:
    """A press we can do nothing with: only its button must stop spinning."""

    callback: str


Coming = Came | Elsewhere | Shut | Spins | None
_CAME = TypeAdapter(Came)


def read_update(raw: Mapping[str, Any]) -> Coming:
    """What came, or none for an update of no kind we know."""
    try:
        update = Update.model_validate(raw)
    except (ValidationError, RecursionError):
        return None
    if update.callback_query:
        return _press(update.callback_query)
    if update.my_chat_member:
        return _member(update.my_chat_member)
    if update.message:
        return _message(update.message, "message")
    if update.edited_message:
        return _message(update.edited_message, "edited")
    return None


def as_update(came: Came) -> Update:
    """The update again, as far as it was kept, for the dispatcher."""
    # aiogram remembers the last 128 updates, and compares those that have one number field by field.
    number = crc32(f"{came.chat}:{came.key}".encode())
    user = {"id": came.chat, "is_bot": False, "first_name": came.first_name or "-", "language_code": came.language}
    message = {
        "message_id": came.message,
        "date": datetime(2000, 1, 1, tzinfo=UTC),
        "chat": {"id": came.chat, "type": PRIVATE},
    }
    if came.kind == "press":
        pressed = {
            "id": came.callback,
            "from": user,
            "chat_instance": "-",
            "data": came.data,
            "message": message if came.message else None,
        }
        return Update.model_validate({"update_id": number, "callback_query": pressed})
    wrote = {**message, "from": user, "text": came.text}
    # An edit that is answered at all is answered as a question.
    return Update.model_validate({"update_id": number, "message": wrote})


def came_to_text(came: Came) -> str:
    """As JSON, to be kept sealed."""
    return _CAME.dump_json(came).decode()


def came_from_text(text: str) -> Came:
    """What was kept."""
    return _CAME.validate_json(text)


def _message(message: Message, kind: str) -> Coming:
    if message.chat.type != PRIVATE:
        return Elsewhere(message.chat.id)
    user = message.from_user
    if user is not None and user.is_bot:
        return None
    edited = f":{message.edit_date}" if kind == "edited" else ""
    return Came(
        kind=kind,
        chat=message.chat.id,
        key=f"{message.message_id}{edited}",
        message=_number(message.message_id),
        text=clean(message.text)[:LONGEST_TEXT] if message.text else None,
        language=(user.language_code or "")[:16] if user else "",
        first_name=clean(user.first_name)[:40] if user else "",
    )


def _press(pressed: CallbackQuery) -> Coming:
    message = pressed.message
    if message is None or not pressed.data:
        return Spins(pressed.id)
    if message.chat.type != PRIVATE:
        return Elsewhere(message.chat.id, pressed.id)
    return Came(
        kind="press",
        chat=message.chat.id,
        key=f"press:{pressed.id}",
        message=_number(message.message_id),
        data=clean(pressed.data)[:64],
        callback=pressed.id,
        language=(pressed.from_user.language_code or "")[:16],
        first_name=clean(pressed.from_user.first_name)[:40],
    )


def _member(changed: ChatMemberUpdated) -> Coming:
    status = changed.new_chat_member.status
    if changed.chat.type == PRIVATE:
        return Shut(changed.chat.id, closed=status in ("kicked", "left"))
    return None if status in ("kicked", "left") else Elsewhere(changed.chat.id)


def clean(text: str) -> str:
    """`text` without what no database and no screen can hold: NUL, lone surrogates, control characters."""
    sound = text.encode("utf-8", "replace").decode()
    return "".join(char if char >= " " or char in "\n\t" else " " for char in sound)


def _number(given: int) -> int:
    return given if 0 < given <= LONGEST_NUMBER else 0

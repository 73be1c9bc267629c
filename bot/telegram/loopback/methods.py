"""The methods a bot calls, each with the answer the real server gives."""

from __future__ import annotations

import json
import time
from typing import Any

from bot.telegram.loopback.rules import LONGEST_TOAST, Refusal, bad, read_keyboard, read_text
from bot.telegram.loopback.state import BOT_ID, PRESS_SECONDS, Chat, Shown, State

ME = {"id": BOT_ID, "is_bot": True, "first_name": "Askwell", "username": "askwell_demo_bot"}


def send_message(state: State, given: dict[str, Any]) -> Any:
    """A new message of the bot's."""
    chat = _chat(state, given)
    plain = read_text(str(given.get("text", "")), given.get("parse_mode"))
    rows = read_keyboard(_object(given.get("reply_markup")))
    shown = Shown(chat.next_id(), True, str(given["text"]), plain, rows)
    chat.messages[shown.id] = shown
    return message_json(chat, shown)


def send_document(state: State, given: dict[str, Any]) -> Any:
    """A file of the bot's, with its content as text."""
    chat = _chat(state, given)
    name, content = given.get("_file") or ("", "")
    if not content:
        raise bad("file must be non-empty")
    shown = Shown(chat.next_id(), True, content, content, file=name)
    chat.messages[shown.id] = shown
    document = {"file_id": str(shown.id), "file_unique_id": str(shown.id), "file_name": name}
    return {**message_json(chat, shown), "document": document}


def edit_message_text(state: State, given: dict[str, Any]) -> Any:
    """Other words in a message of the bot's."""
    chat, shown = _own(state, given)
    text = str(given.get("text", ""))
    plain = read_text(text, given.get("parse_mode"))
    rows = read_keyboard(_object(given.get("reply_markup")))
    _changed(shown, text, rows)
    shown.text, shown.plain, shown.rows = text, plain, rows
    shown.edits += 1
    return message_json(chat, shown)


def edit_message_reply_markup(state: State, given: dict[str, Any]) -> Any:
    """Other buttons under a message of the bot's."""
    chat, shown = _own(state, given)
    rows = read_keyboard(_object(given.get("reply_markup")))
    _changed(shown, shown.text, rows)
    shown.rows = rows
    return message_json(chat, shown)


def delete_message(state: State, given: dict[str, Any]) -> Any:
    """A message out of the chat, the person's own included."""
    chat = _chat(state, given)
    if chat.messages.pop(int(given.get("message_id") or 0), None) is None:
        raise bad("message to delete not found")
    return True


def answer_callback_query(state: State, given: dict[str, Any]) -> Any:
    """The button stops spinning."""
    id = str(given.get("callback_query_id", ""))
    if state.clock() - state.presses.get(id, float("-inf")) > PRESS_SECONDS:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if len(str(given.get("text") or "")) > LONGEST_TOAST:
        raise bad("MESSAGE_TOO_LONG")
    state.toasts[id] = str(given.get("text") or "")
    return True


def send_chat_action(state: State, given: dict[str, Any]) -> Any:
    """ "Typing" for five seconds."""
    _chat(state, given)
    return True


def leave_chat(state: State, given: dict[str, Any]) -> Any:
    """Out of a group."""
    chat = state.chats.get(int(given.get("chat_id") or 0))
    if chat is None:
        raise bad("chat not found")
    if chat.kind == "private":
        raise bad("chat member status can't be changed in private chats")
    chat.blocked = True
    return True


def set_my_commands(state: State, given: dict[str, Any]) -> Any:
    """The menu of commands in one language."""
    commands = _object(given.get("commands")) or []
    if not all(1 <= len(one["command"]) <= 32 and 1 <= len(one["description"]) <= 256 for one in commands):
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    state.commands[str(given.get("language_code") or "")] = commands
    return True


def get_me(state: State, given: dict[str, Any]) -> Any:
    """Who the bot is."""
    return ME


def delete_webhook(state: State, given: dict[str, Any]) -> Any:
    """Back to polling."""
    state.webhook = {}
    if str(given.get("drop_pending_updates", "")).lower() == "true":
        state.waiting = []
    return True


def get_webhook_info(state: State, given: dict[str, Any]) -> Any:
    """Where updates go."""
    return {
        "url": state.webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(state.waiting),
    }


METHODS = {
    "getme": get_me,
    "sendmessage": send_message,
    "senddocument": send_document,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_callback_query,
    "sendchataction": send_chat_action,
    "leavechat": leave_chat,
    "setmycommands": set_my_commands,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
}


def message_json(chat: Chat, shown: Shown) -> dict[str, Any]:
    """A message as the Bot API shows it."""
    told: dict[str, Any] = {
        "message_id": shown.id,
        "date": int(time.time()),
        "chat": chat.as_json(),
        "from": ME if shown.from_bot else chat.user(),
        "text": shown.plain,
    }
    return told | ({"reply_markup": {"inline_keyboard": shown.rows}} if shown.rows else {})


def _chat(state: State, given: dict[str, Any]) -> Chat:
    try:
        chat = state.chats.get(int(given.get("chat_id") or 0))
    except ValueError:
        chat = None
    if chat is None:
        raise bad("chat not found")
    if chat.blocked:
        kind = "user" if chat.kind == "private" else "group chat"
        words = "bot was blocked by the user" if kind == "user" else "bot was kicked from the group chat"
        raise Refusal(403, f"Forbidden: {words}")
    return chat


def _own(state: State, given: dict[str, Any]) -> tuple[Chat, Shown]:
    chat = _chat(state, given)
    shown = chat.messages.get(int(given.get("message_id") or 0))
    if shown is None:
        raise bad("message to edit not found")
    if not shown.from_bot or shown.file:
        raise bad("message can't be edited")
    return chat, shown


def _changed(shown: Shown, text: str, rows: list[list[dict[str, str]]]) -> None:
    if (shown.text, shown.rows) == (text, rows):
        raise bad(
            "message is not modified: specified new message content and reply markup are exactly the same as a "
            "current content and reply markup of the message"
        )


def _object(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        raise bad("can't parse reply keyboard markup JSON object") from None

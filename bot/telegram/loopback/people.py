"""Somebody with the app in their hand: writes, presses, sends a photo, blocks the bot, and reads what came."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from bot.telegram.loopback.methods import ME, message_json
from bot.telegram.loopback.state import Shown, State


class NoSuchButtonError(Exception):
    """There is no such button under any message in the chat."""


@dataclass
class Human:
    """One person in one private chat."""

    state: State
    chat: int = 4711

    def __post_init__(self) -> None:
        self.state.chat(self.chat)

    def says(self, text: str, *, update_id: int | None = None) -> dict[str, Any]:
        """Write a message; the update it makes."""
        with self.state.lock:
            chat = self.state.chat(self.chat)
            shown = Shown(chat.next_id(), False, text, text)
            chat.messages[shown.id] = shown
            body = {"message": message_json(chat, shown)}
        return self.state.put(self.chat, body, update_id).body

    def edits(self, message_id: int, text: str) -> dict[str, Any]:
        """Change a message of one's own."""
        with self.state.lock:
            chat = self.state.chat(self.chat)
            shown = chat.messages[message_id]
            shown.text = shown.plain = text
            body = {"edited_message": {**message_json(chat, shown), "edit_date": int(time.time())}}
        return self.state.put(self.chat, body).body

    def sends(self, kind: str, value: Any) -> dict[str, Any]:
        """Send something that is no text: a photo, a voice, a file, a place."""
        with self.state.lock:
            chat = self.state.chat(self.chat)
            shown = Shown(chat.next_id(), False, "", "")
            chat.messages[shown.id] = shown
            message = {key: part for key, part in message_json(chat, shown).items() if key != "text"}
            body = {"message": {**message, kind: value}}
        return self.state.put(self.chat, body).body

    def presses(self, label: str, *, message_id: int | None = None) -> dict[str, Any]:
        """Press a button by its words, the newest there is. Raises `NoSuchButtonError`."""
        with self.state.lock:
            chat = self.state.chat(self.chat)
            for shown in reversed(list(chat.messages.values())):
                if message_id is not None and shown.id != message_id:
                    continue
                for button in shown.buttons:
                    if button["text"] == label and "callback_data" in button:
                        return self.presses_data(button["callback_data"], shown)
        raise NoSuchButtonError(label)

    def presses_data(self, data: str, shown: Shown | None = None) -> dict[str, Any]:
        """Press a button that carries `data`, also one that is no longer there."""
        with self.state.lock:
            chat = self.state.chat(self.chat)
            id = f"{self.state.rng.randrange(10**17)}"
            self.state.presses[id] = self.state.clock()
            message = message_json(chat, shown or Shown(chat.last, True, "-", "-"))
            body = {
                "callback_query": {
                    "id": id,
                    "from": chat.user(),
                    "message": message,
                    "chat_instance": "-",
                    "data": data,
                }
            }
        return self.state.put(self.chat, body).body

    def blocks(self, shut: bool = True) -> dict[str, Any]:
        """Shut the bot out, or let it in again."""
        with self.state.lock:
            chat = self.state.chat(self.chat)
            chat.blocked = shut
            member = {"user": ME, "status": "kicked" if shut else "member", "until_date": 0}
            before = {"user": ME, "status": "member" if shut else "kicked", "until_date": 0}
            body = {
                "my_chat_member": {
                    "chat": chat.as_json(),
                    "from": chat.user(),
                    "date": int(time.time()),
                    "old_chat_member": before,
                    "new_chat_member": member,
                }
            }
        return self.state.put(self.chat, body).body

    def reads(self) -> list[Shown]:
        """What the bot has said here, oldest first."""
        return self.state.said(self.chat)

    def reads_last(self) -> Shown:
        """The newest of it."""
        return self.reads()[-1]

"""What the server knows: chats with their messages, updates that wait for the bot, and every call that was made."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

DROP_SECONDS = 24 * 3600
PRESS_SECONDS = 900
BOT_ID = 1_000_001


@dataclass
class Shown:
    """One message of a chat as it stands. `text` is as it was sent; `plain` is what people read."""

    id: int
    from_bot: bool
    text: str
    plain: str
    rows: list[list[dict[str, str]]] = field(default_factory=list)
    edits: int = 0
    file: str = ""

    @property
    def buttons(self) -> list[dict[str, str]]:
        """All of them, in reading order."""
        return [button for row in self.rows for button in row]


@dataclass
class Chat:
    """One private chat. `blocked`: the person shut the bot out."""

    id: int
    name: str = "Amina"
    language: str = "en"
    blocked: bool = False
    kind: str = "private"
    messages: dict[int, Shown] = field(default_factory=dict)
    last: int = 0

    def next_id(self) -> int:
        self.last += 1
        return self.last

    def as_json(self) -> dict[str, Any]:
        """As the Bot API shows it."""
        named = {"first_name": self.name} if self.kind == "private" else {"title": self.name}
        return {"id": self.id, "type": self.kind, **named}

    def user(self) -> dict[str, Any]:
        """The person in it."""
        return {"id": abs(self.id), "is_bot": False, "first_name": self.name, "language_code": self.language}


@dataclass
class Waiting:
    """An update that the bot has not confirmed."""

    id: int
    chat: int
    body: dict[str, Any]
    at: float


@dataclass(frozen=True)
class Call:
    """One call of the bot, as it came. `at` is in seconds of the server's clock; `status` is what it was answered."""

    method: str
    params: dict[str, Any]
    at: float
    status: int

    @property
    def chat(self) -> int:
        return int(self.params.get("chat_id") or 0)


@dataclass
class State:
    """Everything, behind one lock: people act from threads of their own."""

    token: str
    clock: Callable[[], float] = time.monotonic
    rng: random.Random = field(default_factory=lambda: random.Random(1))
    chats: dict[int, Chat] = field(default_factory=dict)
    waiting: list[Waiting] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    presses: dict[str, float] = field(default_factory=dict)
    toasts: dict[str, str] = field(default_factory=dict)
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    webhook: dict[str, Any] = field(default_factory=dict)
    next_update: int = 500_000
    lock: threading.RLock = field(default_factory=threading.RLock)
    changed: Callable[[], None] = lambda: None

    def chat(self, id: int) -> Chat:
        """The chat, made when it is new."""
        with self.lock:
            return self.chats.setdefault(id, Chat(id))

    def put(self, chat: int, body: dict[str, Any], id: int | None = None) -> Waiting:
        """An update for the bot; `id` makes the numbering go on from elsewhere."""
        with self.lock:
            if id is not None:
                self.next_update = id
            made = Waiting(self.next_update, chat, {"update_id": self.next_update, **body}, self.clock())
            self.next_update += 1
            self.waiting.append(made)
        self.changed()
        return made

    def put_again(self, body: dict[str, Any], chat: int) -> None:
        """The same update once more, as after an answer that was lost."""
        with self.lock:
            self.waiting.append(Waiting(int(body["update_id"]), chat, body, self.clock()))
        self.changed()

    def confirm(self, offset: int) -> None:
        """Forget what lies before `offset`. One that lies beyond every number there is confirms nothing."""
        with self.lock:
            known = [one.id for one in self.waiting]
            if known and offset <= max(known) + 1:
                self.waiting = [one for one in self.waiting if one.id >= offset]

    def pending(self, limit: int) -> list[dict[str, Any]]:
        """The oldest updates that wait, none older than a day."""
        with self.lock:
            now = self.clock()
            self.waiting = [one for one in self.waiting if now - one.at < DROP_SECONDS]
            return [one.body for one in self.waiting[:limit]]

    def said(self, chat: int) -> list[Shown]:
        """What the bot has said in a chat, oldest first."""
        with self.lock:
            return [one for one in self.chat(chat).messages.values() if one.from_bot]

    def sent(self) -> list[Call]:
        """Every message that was taken, as calls."""
        with self.lock:
            return [one for one in self.calls if one.status == 200 and one.method in ("sendMessage", "sendDocument")]

"""Who is at the door, and the house behind it: what every handler works with, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from bot.front_desk import FrontDesk
from bot.keeping import Standing
from bot.limits import Limits
from bot.settings import Settings
from bot.telegram.buttons import press
from bot.telegram.coming import Came
from bot.telegram.markup import escape
from bot.telegram.parts import Button, Edit, Part, Parts, Row, Say, Toast
from handoff.desk import Desk
from knowledge.pack import Pack
from knowledge.phrases import Voice

CHANNEL = "telegram"


@dataclass(frozen=True)
class House:
    """The front desk, the operator's settings, and how often one chat may write; none for no limit."""

    front: FrontDesk
    settings: Settings
    limits: Limits | None = None

    @property
    def pack(self) -> Pack:
        return self.front.office.assistant.engine.pack

    @property
    def desk(self) -> Desk:
        return self.front.office.desk

    @property
    def public(self) -> bool:
        """Whether families reach the pages by https, so that a button may open them."""
        return self.settings.address.startswith("https://")

    def say(self, key: str, language: str = "en", **values: str) -> str:
        """A phrase of the pack, for a chat."""
        return Voice(self.pack.phrases, language)(key, **values)


@dataclass(frozen=True)
class Flow:
    """A form that is filled in step by step. `step` counts its screens, so that an old button is known."""

    kind: str
    id: str
    step: int
    at: datetime
    data: dict[str, Any]


_FLOW = TypeAdapter(Flow)


def flow_to_text(flow: Flow | None) -> str:
    """As JSON, to be kept with the conversation; empty for none."""
    return _FLOW.dump_json(flow).decode() if flow else ""


def flow_from_text(text: str) -> Flow | None:
    """What was kept; none when nothing was, or when an older version kept it in another shape."""
    try:
        return _FLOW.validate_json(text) if text else None
    except ValueError:
        return None


@dataclass(frozen=True)
class Caller:
    """The person behind one update. `key` is the update's own id: what is done under it is done once."""

    house: House
    came: Came
    key: str
    address_id: str
    person_id: str
    language: str
    standing: Standing
    flow: Flow | None = None

    @property
    def unfinished(self) -> Flow | None:
        """The form they could carry on with."""
        return self.flow if self.flow is not None and not self.flow.data.get("done") else None

    @property
    def address(self) -> str:
        return str(self.came.chat)

    @property
    def voice(self) -> Voice:
        """Words in the person's language."""
        return Voice(self.house.pack.phrases, self.language)

    def plain(self, key: str, **values: str) -> str:
        """A phrase in the person's language."""
        return self.voice(key, **values)

    def html(self, key: str, **values: str) -> str:
        """The same, as it may stand in a message."""
        return escape(self.plain(key, **values))

    def menu(self) -> Button:
        """The way back to the beginning."""
        return press(self.plain("tg_menu"), "menu")

    def web(self, what: str = "chat") -> Button:
        """A fresh link to the same state on the web."""
        return press(self.plain("tg_web"), "web", what)

    def person(self) -> Button:
        """To a person."""
        return press(self.plain("tg_person"), "person")

    def way_back(self, what: str = "chat") -> tuple[Row, ...]:
        """The last row of every keyboard."""
        return ((self.menu(), self.web(what)),)

    def screen(self, text: str, rows: tuple[Row, ...] = (), what: str = "chat") -> Part:
        """A screen to find one's way by: in the place of the one whose button was pressed, or as a new message."""
        rows = (*rows, *self.way_back(what))
        return Edit(self.came.message, text, rows) if self.came.kind == "press" else Say(text, rows)

    def toast(self, key: str = "") -> Parts:
        """The answer to a press; nothing for a message."""
        if self.came.kind != "press":
            return ()
        return (Toast(self.came.callback, self.plain(key) if key else ""),)


@dataclass(frozen=True)
class Told:
    """What a handler gives back: what to say, and the form as it stands now. `keep` leaves the form alone."""

    parts: Parts
    flow: Flow | None = None
    keep: bool = True


def told(*parts: Part) -> Told:
    """These words, and nothing changed."""
    return Told(tuple(parts))

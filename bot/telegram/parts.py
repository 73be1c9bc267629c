"""What is to be said in a chat, as values: messages, edits of a message for navigation, answers to a press, files.

They are stored as JSON, sealed, before the first of them is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import TypeAdapter


@dataclass(frozen=True)
class Button:
    """A button under a message: `data` comes back when it is pressed, `url` opens a page."""

    label: str
    data: str = ""
    url: str = ""


Row = tuple[Button, ...]


@dataclass(frozen=True)
class Say:
    """A new message, as Telegram's HTML."""

    text: str
    rows: tuple[Row, ...] = ()
    kind: Literal["say"] = "say"


@dataclass(frozen=True)
class Edit:
    """Other words and buttons in a message there is. A message that cannot be edited is said anew."""

    message: int
    text: str
    rows: tuple[Row, ...] = ()
    kind: Literal["edit"] = "edit"


@dataclass(frozen=True)
class Toast:
    """The answer to a press: its button stops spinning; `text` is shown for a moment."""

    callback: str
    text: str = ""
    kind: Literal["toast"] = "toast"


@dataclass(frozen=True)
class File:
    """A small text file, such as a calendar entry."""

    name: str
    text: str
    kind: Literal["file"] = "file"


@dataclass(frozen=True)
class Remove:
    """A message to take away, where Telegram still allows it."""

    message: int
    kind: Literal["remove"] = "remove"


Part = Say | Edit | Toast | File | Remove
Parts = tuple[Part, ...]


@dataclass(frozen=True)
class Speech:
    """All that is to be said in one chat because of one update."""

    chat: int
    parts: Parts


_SPEECH = TypeAdapter(Speech)


def speech_to_text(speech: Speech) -> str:
    """As JSON."""
    return _SPEECH.dump_json(speech).decode()


def speech_from_text(text: str) -> Speech:
    """What was kept."""
    return _SPEECH.validate_json(text)

"""What a button carries: `v1.<act>[.<id>[.<arg>]]`, 48 bytes at most. All state is on the server."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.telegram.parts import Button, Row

VERSION = "v1"
LONGEST_DATA = 48
LONGEST_LABEL = 24
# Unicode's marks, and what only tells letters how to join.
NO_LETTERS = ("Mn", "Mc", "Me", "Cf")
A_ROW = 2
# Six rows in all: two are for the way back.
MOST_CHOICES = 8
A_PAGE = 6
_DATA = re.compile(r"v1\.([a-z]{1,12})(?:\.([0-9A-Za-z_-]{1,8}))?(?:\.([0-9A-Za-z_-]{1,20}))?")
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Pressed:
    """A press, read: what to do, about what, and which answer."""

    act: str
    id: str = ""
    arg: str = ""


def data_of(act: str, id: str = "", arg: str = "") -> str:
    """What the button carries. Raises `ValueError` for what could not be read again."""
    made = ".".join(part for part in (VERSION, act, id, arg) if part)
    if read_data(made) != Pressed(act, id, arg) or len(made.encode()) > LONGEST_DATA:
        raise ValueError("A button carries a short act, an id and an answer.")
    return made


def read_data(data: str) -> Pressed | None:
    """The press, or none for a button of another version, or of somebody's own making."""
    found = _DATA.fullmatch(data) if len(data.encode("utf-8", "replace")) <= LONGEST_DATA else None
    return Pressed(found[1], found[2] or "", found[3] or "") if found else None


def press(label: str, act: str, id: str = "", arg: str = "") -> Button:
    """A button that does `act`."""
    return Button(label, data_of(act, id, arg))


def letters(label: str) -> int:
    """How many letters a label shows: signs that stand over, under or in another one take no place of their own."""
    return sum(unicodedata.category(sign) not in NO_LETTERS for sign in label)


def too_long(labels: Sequence[str]) -> bool:
    """Whether any of them is longer than a button shows: then they stand in the text, and the buttons have numbers."""
    return any(letters(label) > LONGEST_LABEL for label in labels)


def short_id(text: str) -> str:
    """Six letters and digits that stand for `text`: enough to see that a button is about something else by now."""
    number, out = int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8]), []
    for _ in range(6):
        number, at = divmod(number, 62)
        out.append(_BASE62[at])
    return "".join(out)


def in_rows(buttons: Sequence[Button]) -> tuple[Row, ...]:
    """Two a row."""
    return tuple(tuple(buttons[at : at + A_ROW]) for at in range(0, len(buttons), A_ROW))


def choices(
    labels: Sequence[str], make: Callable[[str, str], Button], more: str, page: int = 0
) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """The choices as lines of text, where a label is too long for a button, and as buttons; the rest behind `more`.

    `make` makes a button from its label and its answer: a number, or `m` and the number of the next page.
    """
    paged = len(labels) > MOST_CHOICES
    first = page * A_PAGE if paged and page * A_PAGE < len(labels) else 0
    shown = list(enumerate(labels))[first : first + A_PAGE] if paged else list(enumerate(labels))
    long = too_long(labels)
    lines = tuple(f"{number + 1}. {label}" for number, label in shown) if long else ()
    buttons = [make(str(number + 1) if long else label, str(number)) for number, label in shown]
    rows = in_rows(buttons)
    if paged:
        following = (first // A_PAGE + 1) if first + A_PAGE < len(labels) else 0
        rows = (*rows, (make(more, f"m{following}"),))
    return lines, rows

"""Telegram's HTML: everything inserted is escaped, and a long text is split without cutting a tag or a citation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Telegram takes 4,096 UTF-16 units after the tags are read; ours counts the tags too, and stays well below.
LONGEST = 3500
RTL_MARK = "\u200f"


@dataclass(frozen=True)
class Block:
    """What stands together, as pieces of whole HTML: a part may end between two pieces and never inside one."""

    pieces: tuple[str, ...]
    between: str = " "
    before: str = ""
    after: str = ""


def escape(text: str) -> str:
    """`text` as it may stand in Telegram's HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def bold(text: str) -> str:
    """`text`, escaped, in bold."""
    return f"<b>{escape(text)}</b>" if text.strip() else escape(text)


def line(html: str) -> Block:
    """One piece of HTML that is short enough by itself."""
    return Block((html,))


def units(text: str) -> int:
    """How long Telegram counts it: UTF-16 units."""
    return len(text.encode("utf-16-le", "replace")) // 2


def split(blocks: Iterable[Block], longest: int = LONGEST) -> tuple[str, ...]:
    """The blocks as messages, each whole HTML by itself, broken between blocks where that is possible."""
    parts: list[str] = []
    for text in _texts(blocks, longest):
        if parts and units(parts[-1]) + units(text) + 2 <= longest:
            parts[-1] = f"{parts[-1]}\n\n{text}"
        else:
            parts.append(text)
    return tuple(parts)


def _texts(blocks: Iterable[Block], longest: int) -> Iterator[str]:
    """Each block as one text, or as several where it is too long for one message."""
    for block in blocks:
        room = longest - units(block.before) - units(block.after)
        held: list[str] = []
        for piece in (shorter for one in block.pieces for shorter in _short(one, room)):
            joined = block.between.join([*held, piece])
            if held and units(joined) > room:
                yield f"{block.before}{block.between.join(held)}{block.after}"
                held = [piece]
            else:
                held.append(piece)
        if any(one.strip() for one in held):
            yield f"{block.before}{block.between.join(held)}{block.after}"


def _short(piece: str, room: int) -> Iterator[str]:
    """A piece that fits; one that is longer than a message is broken between words, without its tags."""
    if units(piece) <= room:
        yield piece
        return
    words = _without_tags(piece).split(" ")
    held = ""
    for word in words:
        if units(word) > room:
            yield from (held, *_cut(word, room)) if held else _cut(word, room)
            held = ""
        elif held and units(held) + units(word) + 1 > room:
            yield held
            held = word
        else:
            held = f"{held} {word}" if held else word
    if held:
        yield held


def _cut(word: str, room: int) -> Iterator[str]:
    """A word of endless length, cut where no escape such as &amp; is broken."""
    while units(word) > room:
        end = room // 2
        begun = word.rfind("&", 0, end)
        if begun > 0 and ";" not in word[begun:end]:
            end = begun
        yield word[:end]
        word = word[end:]
    yield word


def _without_tags(html: str) -> str:
    out, inside = [], False
    for char in html:
        inside = char == "<" or (inside and char != ">")
        if not inside and char != ">":
            out.append(char)
    return "".join(out)

"""What the Bot API refuses, and in which words (core.telegram.org/bots/api; tdlib/telegram-bot-api)."""

from __future__ import annotations

import html
import re
from typing import Any

LONGEST_TEXT = 4096
LONGEST_DATA = 64
MOST_BUTTONS = 100
LONGEST_TOAST = 200
TAGS = frozenset("b strong i em u ins s strike del code pre a blockquote tg-spoiler span".split())
_TAG = re.compile(r"<(/?)([a-zA-Z-]*)((?:\s[^<>]*)?)>")
_URL = re.compile(r"(?:https?://[^\s/]+\.[^\s]+|tg://\S+)")


class Refusal(Exception):  # noqa: N818  an answer of the server, not an error of ours
    """The answer that is not ok: its code, its words, and how long to wait."""

    def __init__(self, code: int, words: str, retry_after: int | None = None) -> None:
        super().__init__(words)
        self.code, self.words, self.retry_after = code, words, retry_after

    def as_json(self) -> dict[str, Any]:
        """As it goes over the wire."""
        told: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.words}
        return told | ({"parameters": {"retry_after": self.retry_after}} if self.retry_after else {})


def bad(words: str) -> Refusal:
    """A request that can never be granted."""
    return Refusal(400, f"Bad Request: {words}")


def too_many(seconds: int) -> Refusal:
    """Too fast."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", seconds)


def read_text(text: str, parse_mode: str | None) -> str:
    """The text as people see it. Raises `Refusal` for one that is empty, too long, or no valid HTML."""
    plain = read_html(text) if (parse_mode or "").lower() == "html" else text
    if not plain.strip():
        raise bad("message text is empty")
    if len(plain.encode("utf-16-le", "replace")) // 2 > LONGEST_TEXT:
        raise bad("message is too long")
    return plain


def read_html(text: str) -> str:
    """The words without their tags. Raises `Refusal` as the server does for what it cannot parse."""
    open_tags: list[str] = []
    out: list[str] = []
    at = 0
    while (start := text.find("<", at)) >= 0:
        out.append(text[at:start])
        found = _TAG.match(text, start)
        offset = len(text[:start].encode())
        if found is None:
            raise bad(f"can't parse entities: Unclosed start tag at byte offset {offset}")
        closing, name, attributes = found[1], found[2].lower(), found[3]
        if name not in TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {offset}')
        if closing:
            if not open_tags or open_tags.pop() != name:
                raise bad(f"can't parse entities: Unmatched end tag at byte offset {offset}")
        else:
            if name == "blockquote" and "blockquote" in open_tags:
                raise bad("can't parse entities: Nested blockquote")
            if attributes.strip() not in ("", "expandable") and name not in ("a", "span", "code"):
                raise bad(f"can't parse entities: Unexpected attribute at byte offset {offset}")
            open_tags.append(name)
        at = found.end()
    if open_tags:
        raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1]}\"")
    out.append(text[at:])
    if ">" in "".join(out):
        # The server is not as strict; ours finds what somebody forgot to escape.
        raise bad("can't parse entities: unescaped '>'")
    return html.unescape("".join(out))


def read_keyboard(markup: Any) -> list[list[dict[str, str]]]:
    """The buttons of an inline keyboard. Raises `Refusal`."""
    if not markup:
        return []
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list):
        raise bad("object expected as reply markup")
    if sum(len(row) for row in rows) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)
    return rows


def _check_button(button: dict[str, str]) -> None:
    if not str(button.get("text", "")).strip():
        raise bad("text buttons are unallowed in the inline keyboard")
    data, url = button.get("callback_data"), button.get("url")
    if data is None and url is None:
        raise bad("Text buttons are unallowed in the inline keyboard")
    if data is not None and not 1 <= len(data.encode()) <= LONGEST_DATA:
        raise bad("BUTTON_DATA_INVALID")
    if url is not None and not _URL.fullmatch(url):
        raise bad("inline keyboard button URL is invalid: Wrong HTTP URL")

"""Untrusted input becomes our own types here, or a message that says what to send instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.messages import Incoming, Role

HARD_LIMIT = 20_000


class BadInputError(ValueError):
    """What came in cannot be used; the message says why, in words for the sender."""


def read_text(value: object, name: str = "question") -> str:
    """`value` as clean text: no NUL, no control characters but line ends and tabs. Raises `BadInputError`."""
    if not isinstance(value, str):
        raise BadInputError(f"{name} must be text")
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise BadInputError(f"{name} is not text I can read: send it as UTF-8")
    if len(value) > HARD_LIMIT:
        raise BadInputError(f"{name} is {len(value):,} characters long: send {HARD_LIMIT:,} or fewer")
    return "".join(char if char >= " " or char in "\n\t" else " " for char in value)


def read_role(value: object) -> Role:
    """The role `value` names; family when there is none. Raises `BadInputError`."""
    if value in (None, ""):
        return Role.FAMILY
    try:
        return Role(str(value))
    except ValueError as error:
        raise BadInputError(f"role must be one of {', '.join(Role)}") from error


def read_language(value: object) -> str | None:
    """A language code, or none. Raises `BadInputError` when it is no text."""
    if value in (None, ""):
        return None
    if not isinstance(value, str) or len(value) > 35:
        raise BadInputError("language must be a code like en or pa")
    return value


def read_easy(value: object) -> bool:
    """Whether easy words are wanted; not when nothing is said. Raises `BadInputError`."""
    if value is not None and not isinstance(value, bool):
        raise BadInputError("easy must be true or false")
    return value is True


def read_turns(row: Mapping[str, Any]) -> list[Incoming]:
    """The messages of one line of a batch: `turns` as one conversation, or `question` alone."""
    role, language, easy = read_role(row.get("role")), read_language(row.get("language")), read_easy(row.get("easy"))
    turns = row.get("turns")
    if turns is None:
        turns = [row.get("question")]
    if not isinstance(turns, list) or not turns or len(turns) > 50:
        raise BadInputError("turns must be a list of 1 to 50 messages")
    if turns == [None]:
        raise BadInputError("there is no question and no turns")
    return [Incoming(read_text(turn), role, language, easy) for turn in turns]

"""Replies and remembered conversations as text to keep, and back."""

from __future__ import annotations

from pydantic import TypeAdapter

from bot.messages import Incoming, Reply
from bot.turn import Past

_REPLY = TypeAdapter(Reply)
_PAST = TypeAdapter(Past)
_INCOMING = TypeAdapter(Incoming)


def reply_to_text(reply: Reply) -> str:
    """The whole reply as JSON, so that a repeated message gets the same words."""
    return _REPLY.dump_json(reply).decode()


def reply_from_text(text: str) -> Reply:
    """The reply that was kept."""
    return _REPLY.validate_json(text)


def past_to_text(past: Past) -> str:
    """What the conversation remembers, as JSON."""
    return _PAST.dump_json(past).decode()


def past_from_text(text: str | None) -> Past:
    """What was remembered; nothing at the beginning, or when an older version remembered it in another shape."""
    try:
        return _PAST.validate_json(text) if text else Past()
    except ValueError:
        return Past()


def incoming_to_text(incoming: Incoming) -> str:
    """A redacted message as JSON."""
    return _INCOMING.dump_json(incoming).decode()


def incoming_from_text(text: str) -> Incoming:
    """The message that was kept."""
    return _INCOMING.validate_json(text)

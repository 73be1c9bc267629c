"""Replies and remembered conversations as text to keep, and back."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import TypeAdapter

from bot.messages import Chosen, Incoming, Reply
from bot.turn import Past


@dataclass(frozen=True)
class Standing:
    """Where the dialogue stands: what was asked, what the person chose, and what they are filling in step by step.

    `flow` is that form so far, as JSON of whoever asks it; empty when there is none.
    """

    past: Past = field(default_factory=Past)
    chosen: Chosen = field(default_factory=Chosen)
    flow: str = ""


@dataclass(frozen=True)
class Waiting:
    """A message as it waits to be answered: redacted, with what was chosen in it."""

    incoming: Incoming
    chosen: Chosen = field(default_factory=Chosen)


_REPLY = TypeAdapter(Reply)
_STANDING = TypeAdapter(Standing)
_WAITING = TypeAdapter(Waiting)


def reply_to_text(reply: Reply) -> str:
    """The whole reply as JSON, so that a repeated message gets the same words."""
    return _REPLY.dump_json(reply).decode()


def reply_from_text(text: str) -> Reply:
    """The reply that was kept."""
    return _REPLY.validate_json(text)


def standing_to_text(standing: Standing) -> str:
    """Where the dialogue stands, as JSON."""
    return _STANDING.dump_json(standing).decode()


def standing_from_text(text: str | None) -> Standing:
    """Where it stood; the beginning when nothing was kept, or when an older version kept it in another shape."""
    try:
        return _STANDING.validate_json(text) if text else Standing()
    except ValueError:
        return Standing()


def waiting_to_text(waiting: Waiting) -> str:
    """A redacted message as JSON."""
    return _WAITING.dump_json(waiting).decode()


def waiting_from_text(text: str) -> Waiting:
    """The message that was kept."""
    return _WAITING.validate_json(text)

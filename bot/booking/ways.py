"""The ways out of the flow that really exist here: how a person can be written to, and whom they can ask."""

from __future__ import annotations

from bot.settings import Settings
from handoff.bookings.visit import Reach
from knowledge.pack import Pack


def reaches_of(settings: Settings) -> tuple[Reach, ...]:
    """The ways of writing that have a sender; and not at all, which always works."""
    return (Reach.EMAIL, Reach.NONE) if settings.smtp_url else (Reach.NONE,)


def route_of(pack: Pack) -> str:
    """Whom to ask about surgeries, as the pack publishes it."""
    queue = pack.queues.get("surgery")
    contact = pack.contacts.get((queue.contact if queue else None) or "local_offer")
    return f"{contact.name}: {contact.says('contact')}" if contact else ""

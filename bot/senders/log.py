"""For trying Askwell out: the log says that a letter was sent, never what it said or to whom."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from handoff.outbox import Parcel


@dataclass(frozen=True)
class LogSender:
    """Sends nothing. The letters of its channel count as sent."""

    channel: str = "email"

    async def send(self, parcel: Parcel) -> None:
        """Write that it was sent."""
        structlog.get_logger(room="senders").info(
            "letter_logged", channel=parcel.channel, kind=parcel.kind, attempt=parcel.attempt
        )

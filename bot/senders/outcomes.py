"""What a channel may say to a letter, apart from taking it. Each carries a code for the records, never a value."""

from __future__ import annotations

from typing import Protocol

from handoff.outbox import Parcel


class RetryLater(Exception):  # noqa: N818  an outcome, not an error
    """The door cannot take it now. `seconds` is what it asked for, or none."""

    def __init__(self, seconds: float | None = None, code: str = "later") -> None:
        super().__init__(code)
        self.seconds, self.code = seconds, code


class DoorClosed(Exception):  # noqa: N818  an outcome, not an error
    """The door does not exist any more, or its owner has shut it: nothing is to be sent there again."""

    def __init__(self, code: str = "door_closed") -> None:
        super().__init__(code)
        self.code = code


class Refused(Exception):  # noqa: N818  an outcome, not an error
    """The door will never take this letter; others it may."""

    def __init__(self, code: str = "refused") -> None:
        super().__init__(code)
        self.code = code


class Sender(Protocol):
    """Sends over one channel. It returns when the other side has taken the parcel; it may be called again with it."""

    @property
    def channel(self) -> str: ...

    async def send(self, parcel: Parcel) -> None:
        """Raises `RetryLater`, `DoorClosed` and `Refused`."""
        ...

"""Two lanes to the front desk: while too many ask at once, a cry for help still gets its answer and the rest are told.

Replies are the processor's work, so more at once than it has cores only makes each later. What cannot start soon is
refused at the door, before anything was promised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import anyio
import anyio.to_thread
from anyio import CapacityLimiter

Result = TypeVar("Result")
AT_ONCE = 2
# At under a tenth of a second each, the last of these still has its answer within about a second.
MOST_WAITING = 16
MOST_JUDGED = 1


class BusyError(Exception):
    """Too many wait already. Nothing was kept; try again in a minute."""


@dataclass
class Lanes:
    """How many are on each lane. `most_waiting` is where the ordinary lane closes."""

    most_waiting: int = MOST_WAITING
    _ordinary: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))
    _urgent: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))
    _looking: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(1))
    _opening: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(1))
    _waiting: int = 0
    _judged: int = 0

    @property
    def full(self) -> bool:
        """Whether the ordinary lane is closed."""
        return self._waiting >= self.most_waiting

    async def ordinary(self, work: Callable[[], Result]) -> Result:
        """Do `work` in its turn. Raises `BusyError` when the lane is closed."""
        if self.full:
            raise BusyError
        self._waiting += 1
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._ordinary)
        finally:
            self._waiting -= 1

    async def urgent(self, work: Callable[[], Result]) -> Result:
        """Do `work` on the lane kept free for people at risk."""
        return await anyio.to_thread.run_sync(work, limiter=self._urgent)

    async def opening(self, work: Callable[[], Result]) -> Result:
        """Do `work` for a page that begins to wait, one at a time: after a restart a thousand come at once."""
        return await anyio.to_thread.run_sync(work, limiter=self._opening)

    async def judge(self, work: Callable[[], Result], unless: Result) -> Result:
        """Do `work`, one at a time; `unless` at once when `MOST_JUDGED` wait for that already."""
        if self._judged >= MOST_JUDGED:
            return unless
        self._judged += 1
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._looking)
        finally:
            self._judged -= 1

"""What must be done again and again behind the doors, each chore at its own interval, until the service stops.

A chore that fails is logged by the name of its fault and tried again at its next turn; the others go on. So a
database that was away is taken up again without a restart.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger("askwell.housekeeping")
JOIN_SECONDS = 15.0


@dataclass(frozen=True)
class Chore:
    """Something to do every `seconds`."""

    name: str
    seconds: float
    act: Callable[[], object]


@dataclass
class Housekeeping:
    """One thread that does the chores in turn. `start` it once; `stop` waits for the chore in hand."""

    chores: tuple[Chore, ...]
    clock: Callable[[], float] = time.monotonic
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, with every chore due at once."""
        self._thread = threading.Thread(target=self._run, name="housekeeping", daemon=True)
        self._thread.start()

    def stop(self) -> bool:
        """Finish the chore in hand and end; False when it did not end in time."""
        self._stopping.set()
        if self._thread is None:
            return True
        self._thread.join(JOIN_SECONDS)
        return not self._thread.is_alive()

    def _run(self) -> None:
        due = {chore.name: self.clock() for chore in self.chores}
        while not self._stopping.is_set():
            for chore in self._due(due):
                do(chore)
                due[chore.name] = self.clock() + chore.seconds
            self._stopping.wait(max(0.0, min(due.values(), default=self.clock() + 1.0) - self.clock()))

    def _due(self, due: dict[str, float]) -> Iterable[Chore]:
        for chore in self.chores:
            if not self._stopping.is_set() and due[chore.name] <= self.clock():
                yield chore


def do(chore: Chore) -> bool:
    """Do one chore; False, and a line in the log, when it failed. Its words may be a family's: only its name."""
    try:
        chore.act()
    except Exception as error:
        log.warning("chore_failed", chore=chore.name, fault=type(error).__name__)
        return False
    return True

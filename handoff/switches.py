"""Off switches (reliability.md G3): each part of the service off and on again, with a reason, without a restart.

What is told to someone at risk, and the way to a person, is never behind a switch.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from handoff import audit
from handoff.database import UNAVAILABLE, reading
from handoff.desk import Desk
from handoff.models import OffSwitch

# How often a process that serves looks, so that a turn counts for everybody within `SEEN_SECONDS`.
LOOK_SECONDS = 1.0
SEEN_SECONDS = 2
LONGEST_REASON = 400


class Part(StrEnum):
    """What can be off. `answering` leaves help in danger and the way to a person; `web` leaves the crisis text."""

    WEB = "web"
    BOT = "bot"
    ANSWERING = "answering"
    INGESTION = "ingestion"


class SwitchError(ValueError):
    """The switch was not turned. The message says what is missing."""


@dataclass(frozen=True)
class Turned:
    """The last turn of one switch. `reason` is for the council's own people, never for a page."""

    part: Part
    off: bool
    reason: str
    by: str
    at: datetime


def turn(session: Session, desk: Desk, part: Part, *, off: bool, reason: str, by: str) -> Turned:
    """Turn a switch, with a reason that is kept, and an entry in the audit.

    Raises `SwitchError` without a reason, or with one longer than 400 characters.
    """
    said = " ".join(reason.replace("\x00", " ").split())
    if not said or len(said) > LONGEST_REASON:
        raise SwitchError("Say why, in 400 characters or fewer. The reason is kept.")
    last = _last(session, desk, part)
    # The last turn counts, also when the clock has been put back.
    at = max(desk.now(), last.at + timedelta(microseconds=1)) if last else desk.now()
    row = OffSwitch(pack=desk.pack, id=desk.new_id(), what=part, off=off, reason=said, by=by, at=at)
    session.add(row)
    audit.record(session, desk, actor=by, act="switched_off" if off else "switched_on", kind="switch", subject=part)
    session.flush()
    return _turned(row)


def turns(session: Session, desk: Desk) -> dict[Part, Turned]:
    """The last turn of each switch that was ever turned."""
    found = {part: _last(session, desk, part) for part in Part}
    return {part: _turned(row) for part, row in found.items() if row is not None}


@dataclass
class Switchboard:
    """What is off now, as a process that serves asks it at each message: the database is looked at every second."""

    engine: Engine
    desk: Desk
    clock: Callable[[], float] = time.monotonic
    _seen: dict[Part, Turned] = field(default_factory=dict, repr=False)
    _looked_at: float | None = field(default=None, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def off(self, part: Part) -> bool:
        """True while the switch of `part` is off. While the database is away, what was seen last holds."""
        with self._lock:
            if self._due():
                self._looked_at = self.clock()
                self._look()
        return self._seen_off(part)

    async def off_on_loop(self, part: Part) -> bool:
        """`off`, for an event loop: it takes a thread only when it is time to look at the database."""
        return await asyncio.to_thread(self.off, part) if self._due() else self._seen_off(part)

    def _due(self) -> bool:
        return self._looked_at is None or self.clock() - self._looked_at >= LOOK_SECONDS

    def _seen_off(self, part: Part) -> bool:
        turned = self._seen.get(part)
        return turned is not None and turned.off

    def _look(self) -> None:
        try:
            with reading(self.engine) as session:
                self._seen = turns(session, self.desk)
        except UNAVAILABLE:
            return


def _last(session: Session, desk: Desk, part: Part) -> OffSwitch | None:
    mine = select(OffSwitch).where(OffSwitch.pack == desk.pack, OffSwitch.what == part)
    return session.exec(mine.order_by(col(OffSwitch.at).desc()).limit(1)).first()


def _turned(row: OffSwitch) -> Turned:
    return Turned(Part(row.what), row.off, row.reason, row.by, row.at)

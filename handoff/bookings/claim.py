"""Run an act that wants a place. Whatever two writers can do to each other comes out as one answer: taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from handoff.bookings.errors import SlotTakenError
from handoff.database import clashed, transaction

T = TypeVar("T")
TRIES = 3


def claim(engine: Engine, act: Callable[[Session], T]) -> T:
    """What `act` gives, in a transaction of its own.

    A deadlock, a lock that took too long, a row somebody else wrote first or "locked" is tried again, because acts
    change rows by condition and keys; after `TRIES` it is `SlotTakenError`. Other faults are not hidden.
    """
    for _ in range(TRIES):
        try:
            with transaction(engine) as session:
                return act(session)
        except DBAPIError as error:
            if not clashed(error):
                raise
    raise SlotTakenError

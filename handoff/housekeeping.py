"""What is done daily, and after a restart: erasures finished, what has been kept long enough swept, files scrubbed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from handoff.database import transaction
from handoff.desk import Desk
from handoff.erasure import ErasureReceipt, apply_erasures
from handoff.retention import Swept, sweep_retention
from handoff.scrub import Scrubbed, scrub


@dataclass(frozen=True)
class Housekept:
    """What one round did."""

    erased: tuple[ErasureReceipt, ...]
    swept: Swept
    scrubbed: Scrubbed


def keep_house(engine: Engine, desk: Desk) -> Housekept:
    """One round. Safe to run again at any time, and to be killed half-way."""
    erased = apply_erasures(engine, desk)
    with transaction(engine) as session:
        swept = sweep_retention(session, desk)
    # Always: an erasure of today left sealed bytes in the files, whoever carried it out.
    return Housekept(erased, swept, scrub(engine))

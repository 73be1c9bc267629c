"""What is done daily, and after a restart: erasures finished, what has been kept long enough swept, files scrubbed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import func, select

from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.erasure import ErasureReceipt, apply_erasures
from handoff.models import Erasure
from handoff.retention import Swept, sweep_retention
from handoff.scrub import Scrubbed, scrub


@dataclass(frozen=True)
class Housekept:
    """What one round did; `scrubbed` is none when nothing had gone since the last scrub."""

    erased: tuple[ErasureReceipt, ...]
    swept: Swept
    scrubbed: Scrubbed | None


def keep_house(engine: Engine, desk: Desk) -> Housekept:
    """One round. Safe to run again at any time, and to be killed half-way."""
    owed = not _mark(desk).exists() or _erased_since(engine, desk)
    erased = apply_erasures(engine, desk)
    with transaction(engine) as session:
        swept = sweep_retention(session, desk)
    if not (owed or erased or swept.anything):
        return Housekept(erased, swept, None)
    _mark(desk).unlink(missing_ok=True)
    return Housekept(erased, swept, scrub_now(engine, desk))


def scrub_now(engine: Engine, desk: Desk) -> Scrubbed:
    """Scrub the files, and remember that it was done when all of it was."""
    begun = desk.now()
    done = scrub(engine)
    if done.done:
        _mark(desk).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _mark(desk).write_text(begun.isoformat(), encoding="ascii")
    return done


def _erased_since(engine: Engine, desk: Desk) -> bool:
    """Whether anybody was erased after the last scrub began: their sealed bytes are in the files yet."""
    last = datetime.fromisoformat(_mark(desk).read_text(encoding="ascii"))
    with reading(engine) as session:
        newest = session.exec(select(func.max(Erasure.at)).where(Erasure.pack == desk.pack)).one()
    return newest is not None and newest >= last


def _mark(desk: Desk) -> Path:
    return desk.vault.folder / f"scrubbed-{desk.pack}"

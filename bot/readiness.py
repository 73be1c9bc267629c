"""Whether this process can serve: its database, its index and the folder of keys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, inspect

from handoff.database import UNAVAILABLE


@dataclass(frozen=True)
class Readiness:
    """What `/readyz` says. Each part is one of its own few words."""

    database: str
    index: str
    keys: str

    @property
    def ready(self) -> bool:
        return self.database == "ok" and self.keys == "ok" and self.index != "empty"


def readiness(engine: Engine, keys: Path, *, passages: int, complete: bool) -> Readiness:
    """Look at each part once. `index` is "words alone" while the full one is being made: that serves as well."""
    index = "ok" if complete else "words alone" if passages else "empty"
    return Readiness(_database(engine), index, _keys(keys))


def _database(engine: Engine) -> str:
    try:
        tables_there = inspect(engine).has_table("audit_entry")
    except UNAVAILABLE:
        return "away"
    return "ok" if tables_there else "no tables"


def _keys(keys: Path) -> str:
    """A key can be read and made: without them no word of a family can be kept."""
    probe = keys / f".probe-{id(keys):x}"
    try:
        keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe.touch()
        probe.unlink()
    except OSError:
        return "away"
    return "ok"

"""A database file with every table and no row, made once in a process: making the tables takes longer than many a test."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from handoff.database import connect, upgrade


@cache
def _blank() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "blank.db"
        engine = connect(f"sqlite:///{file}")
        upgrade(engine)
        engine.dispose()
        return file.read_bytes()


def blank_file(file: Path) -> str:
    """The address of a fresh database at `file`; one that is there already stays as it is."""
    if not file.exists():
        file.write_bytes(_blank())
    return f"sqlite:///{file}"

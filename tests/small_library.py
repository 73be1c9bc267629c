"""The little council's pack behind the console: its texts, what answers from them, and an assistant to ask."""

from __future__ import annotations

from pathlib import Path

from little_council import little_engine, write_pack
from small_office import QUEUES
from sqlalchemy import Engine

from bot.assistant import Assistant
from bot.shelf import Shelf
from bot.web.officers import library_of
from handoff.console.ports import Library
from handoff.desk import Desk
from knowledge.pack import load_pack

CONFLICTS = """
conflicts:
  C1:
    about: how old a child must be for the holiday clubs
    differ_in: age
    state: open
    older: {says: Clubs are for children from 6., pages: [fares]}
    newer: {says: Clubs are for children from 8., pages: [clubs]}
    which: Nobody knows which is newer.
    owner: clubs
"""


def assistant_at(folder: Path, **changed: str) -> Assistant:
    """Who answers from the little council's texts; it has the queues of the small office."""
    rows = "\n".join(
        f"{one.id}: {{name: {one.name}, handles: {one.handles}, contact: local_offer, order: {one.order}}}"
        for one in QUEUES.values()
    )
    return Assistant(little_engine(load_pack(write_pack(folder, **{"queues.yaml": rows, **changed}))))


def small_library(database: Engine, desk: Desk, assistant: Assistant, folder: Path) -> Library:
    """The console's ports, over that assistant."""
    return library_of(assistant, Shelf(database, desk, assistant, folder / "content"))

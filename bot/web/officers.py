"""The officers' console under /officers, over the same records as every channel."""

from __future__ import annotations

from fastapi import APIRouter

from bot.front_desk import FrontDesk
from handoff.console.ports import Office
from handoff.console.routes import console


def officers_pages(front: FrontDesk) -> APIRouter:
    """The console of this council. A section's heading is what an officer reads of what was quoted."""
    office, pack = front.office, front.office.assistant.engine.pack
    titles = {section.id: section.heading for section in pack.sections.values()}
    return console(Office(office.engine, office.desk, pack.council, titles, pack.calendar))

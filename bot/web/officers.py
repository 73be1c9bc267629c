"""The officers' console under /officers, over the same records as every channel."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter

from bot.app import shelf_of
from bot.assistant import Assistant
from bot.front_desk import FrontDesk
from bot.gathering.rounds import take_in
from bot.grouping import group_questions
from bot.looking_into import find, look_into
from bot.settings import Settings
from bot.shelf import Shelf
from handoff.console.ports import Library, Office
from handoff.console.routes import console

# Long enough to see a mistake, short enough that nobody waits (ux.md O5).
UNDO = timedelta(seconds=10)


def officers_pages(front: FrontDesk, settings: Settings) -> APIRouter:
    """The console of this council. A section's heading is what an officer reads of what was quoted."""
    office = front.office
    pack, library = office.assistant.engine.pack, library_of(office.assistant, shelf_of(settings, front))
    return console(Office(office.engine, office.desk, pack.council, {}, pack.calendar, library, UNDO))


def library_of(assistant: Assistant, shelf: Shelf) -> Library:
    """What the console asks of search, of the answers, and of the pack's files."""
    return Library(
        pack=lambda: assistant.engine.pack,
        text_of=shelf.text_of,
        search=lambda question, limit: find(assistant, question, limit),
        ask=lambda question: look_into(assistant, question),
        preview=shelf.preview,
        reindex=shelf.refresh,
        group=lambda texts: group_questions(assistant.engine, texts),
        private=lambda text: sorted({text[found.start : found.end] for found in assistant.hide(text).found}),
        take_in=lambda data, name, url, by: take_in(shelf, data, name, url, by),
    )

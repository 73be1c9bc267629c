"""The council's desk for a command: the database opened and brought up to date, what cannot be done said plainly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from bot.app import load_settings_pack
from bot.assistant import Assistant
from bot.records import desk_of
from bot.settings import Settings
from bot.shelf import Shelf
from bot.terminal import stop
from handoff.database import UNAVAILABLE, DatabaseError, connect, head, revision, upgrade
from handoff.desk import Desk
from handoff.retention_rules import RetentionError
from handoff.switches import Part, Switchboard
from handoff.vault import Vault


@contextmanager
def open_desk(settings: Settings) -> Iterator[tuple[Engine, Desk]]:
    """The engine and the desk. Ends the command when the database cannot be opened, or goes away meanwhile."""
    pack = load_settings_pack(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    try:
        engine = connect(settings.database)
        try:
            upgrade(engine)
            yield engine, desk_of(settings, pack)
        finally:
            engine.dispose()
    except (DatabaseError, RetentionError) as error:
        stop(str(error), code=1)
    except UNAVAILABLE:
        stop("The database cannot be reached. Check that it runs and that DATABASE_URL names it.", code=1)


def take_in_changed_texts(settings: Settings, assistant: Assistant) -> None:
    """Answer from what was approved since, as a server does. A database that is not there yet, or away, has nothing."""
    try:
        engine = connect(settings.database)
        try:
            if revision(engine) != head():
                return
            desk = desk_of(settings, assistant.engine.pack)
            Shelf(engine, desk, assistant, settings.content_folder, settings.data / "vectors").refresh()
        finally:
            engine.dispose()
    except (*UNAVAILABLE, DatabaseError, RetentionError):
        return


def refuse_while_off(settings: Settings, part: Part) -> None:
    """End the command while `part` is switched off. A database that is not there yet, or away, has nothing off."""
    try:
        engine = connect(settings.database)
        try:
            if revision(engine) is None:
                return
            desk = Desk(pack=load_settings_pack(settings).id, vault=Vault(settings.keys_folder))
            off = Switchboard(engine, desk).off(part)
        finally:
            engine.dispose()
    except (*UNAVAILABLE, DatabaseError):
        return
    if off:
        stop(f"The council has switched {part} off. 'askwell switch list' says why.", code=1)

"""The council's records: where they are, whether their tables are there, and the desk that works on them."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Engine

import handoff.desk
from bot.settings import Settings
from handoff.database import connect, head, revision, upgrade
from handoff.desk import Desk
from handoff.retention_rules import Rules, read_rules, standard_rules
from handoff.spool import Spool
from handoff.vault import Vault
from knowledge.pack import Pack


class Readiness(StrEnum):
    """Whether the tables are what this version needs."""

    READY = "ready"
    MADE = "made"
    BEHIND = "behind"


def open_database(settings: Settings) -> Engine:
    """The database of the settings; its folder is made, nothing is opened yet. Raises `DatabaseError`."""
    settings.data.mkdir(parents=True, exist_ok=True)
    return connect(settings.database)


def desk_of(settings: Settings, pack: Pack) -> Desk:
    """The council's desk. Raises `RetentionError`."""
    return handoff.desk.desk_of(pack, Vault(settings.keys_folder), settings.address, rules_of(settings))


def rules_of(settings: Settings) -> Rules:
    """How long what is kept: Askwell's rules, and the council's own laid over them. Raises `RetentionError`."""
    return read_rules(settings.retention, standard_rules()) if settings.retention else standard_rules()


def spool_of(settings: Settings, pack: Pack) -> Spool:
    """Where a message about someone at risk of this council waits while the database is away."""
    return Spool(settings.spool_folder, settings.keys_folder, pack.id)


def prepare(engine: Engine) -> Readiness:
    """Make the tables of an empty database. One that is behind is left for a person, who makes a backup first."""
    at = revision(engine)
    if at == head():
        return Readiness.READY
    if at is not None:
        return Readiness.BEHIND
    upgrade(engine)
    return Readiness.MADE

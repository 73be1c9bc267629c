"""A copy of everything held about one person, as data a person can read: grouped, labelled, words opened.

Nothing of anyone else is in it: rows are found by the person's own id alone, never by a child, a name or a case
number. Officers' notes are left out until a lead has read them (they may hold what another person said), and the copy
says how many there are and how to ask for them.
"""

from __future__ import annotations

import json
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Table
from sqlmodel import Session, col, select

from handoff.data_register import Audience, TableEntry, data_register
from handoff.desk import Desk
from handoff.models import Case, Person
from handoff.personal import about, rows_of, sealed_columns, tables_of_people
from handoff.vault import ErasedError, SealError

LONDON = ZoneInfo("Europe/London")
UNREADABLE = "These words can no longer be read."

Copy = dict[str, Any]


class NobodyError(Exception):
    """There is no such person or reference. The message says what to do."""


def export_person(session: Session, desk: Desk, person_id: str, *, notes: bool = False) -> Copy:
    """Everything held about this person. `notes` adds what officers wrote, for a lead who has read it.

    Raises `NobodyError`.
    """
    if session.get(Person, (desk.pack, person_id)) is None:
        raise NobodyError("Nobody with this id is known here. They may never have written, or are erased.")
    copy: Copy = {
        "what_this_is": "A copy of everything Askwell holds about you.",
        "council": desk.pack,
        "made": _moment(desk.now()),
    }
    held_back: list[str] = []
    for table in reversed(tables_of_people()):
        entry = data_register().tables[table.name]
        rows = rows_of(session, desk, table, person_id)
        shown = [_shown(desk, person_id, table, entry, row, notes) for row in rows]
        copy[entry.shown_as] = [row for row in shown if row]
        if not notes and rows:
            held_back += _held_back(entry, len(rows))
    copy["not_in_this_copy"] = [*held_back, "Codes and numbers that only the machinery uses."]
    copy["how_long"] = "Each kind is kept as long as the privacy page says. You can have it erased: write /forget."
    return copy


def person_of(session: Session, desk: Desk, person_or_reference: str) -> str:
    """The person with this id, or whose case has this reference. Raises `NobodyError`."""
    wanted = person_or_reference.strip()
    if session.get(Person, (desk.pack, wanted)) is not None:
        return wanted
    by_case = select(Case.person_id).where(Case.pack == desk.pack, col(Case.reference) == wanted.upper())
    found = session.exec(by_case).first()
    if found is None:
        raise NobodyError(
            f"There is no person and no case called {wanted}. Give an id, or a reference like HS-4F7K-92."
        )
    return found


def as_file(copy: Copy) -> str:
    """The copy as JSON a person can read, with a line end."""
    return json.dumps(copy, ensure_ascii=False, indent=2) + "\n"


def _shown(
    desk: Desk, person_id: str, table: Table, entry: TableEntry, row: Row[tuple[object, ...]], notes: bool
) -> Copy:
    sees = {Audience.FAMILY, Audience.OFFICER} if notes else {Audience.FAMILY}
    sealed = sealed_columns(table)
    shown: Copy = {}
    for name, field in entry.fields.items():
        value = row._mapping[name]
        if field.audience not in sees or value is None or value == "":
            continue
        shown[field.says] = _opened(desk, person_id, value, about(table, name)) if name in sealed else _plain(value)
    return shown


def _held_back(entry: TableEntry, rows: int) -> list[str]:
    reviewed = [field.says.lower() for field in entry.fields.values() if field.audience is Audience.OFFICER]
    if not reviewed:
        return []
    what = f"{entry.shown_as} ({rows}: {', '.join(reviewed)})"
    return [
        f"{what}. Someone at the council reads these first, in case they name another person. You can ask for them."
    ]


def _opened(desk: Desk, person_id: str, value: bytes, place: str) -> Any:
    try:
        words = desk.open(person_id, value, place)
    except (ErasedError, SealError):
        return UNREADABLE
    try:
        parts = json.loads(words)
    except ValueError:
        return words
    return parts if isinstance(parts, dict | list) else words


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.value.replace("_", " ") if isinstance(value, StrEnum) else value


def _moment(at: datetime) -> str:
    here = at.astimezone(LONDON)
    return f"{here.day} {here:%B %Y}, {here:%H:%M}"

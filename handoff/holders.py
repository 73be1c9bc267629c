"""Records that stay after an erasure get a holder of their own: a new id and a new key.

The person's old key can then be destroyed, so that what was erased is unreadable in every backup, while the kept
records are sealed anew. The ledger keeps those seals too: in a backup made before, the rows have only the old ones.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Row, Table, false, insert, select, update
from sqlmodel import Session, SQLModel

from handoff import ledger
from handoff.desk import Desk
from handoff.duties import Kept
from handoff.ledger import Asked, KeptRow, as_bytes, as_text
from handoff.models import Person
from handoff.personal import PERSON, about, sealed_columns, tables_of_people, theirs, this_row

# Where the dialogue stood is of no use to the record.
NOT_KEPT = frozenset({"conversation.sealed_state"})


def move_kept(session: Session, desk: Desk, person: Person, kept: tuple[Kept, ...], receipt: str) -> str:
    """Give the kept cases, and what belongs to them, to a new holder; the holder's id. The key is on the disk first."""
    holder = desk.new_id()
    desk.vault.make_key(holder)
    _add_holder(session, person, holder)
    rows: list[KeptRow] = []
    for table, wanted in _belonging(session, desk, person.id, kept).items():
        found = session.execute(select(table).where(theirs(table, desk.pack, person.id) & wanted)).all()
        rows += [_give(session, desk, table, row, person.id, holder) for row in found]
    ledger.keep_rows(desk, receipt, tuple(rows))
    return holder


def move_kept_from_ledger(session: Session, desk: Desk, person: Person, owed: Asked) -> str:
    """The same in a restored backup, where the old key is gone: the seals come from the ledger. The holder's id."""
    if session.get(Person, (desk.pack, owed.holder)) is None:
        _add_holder(session, person, owed.holder)
    for row in ledger.kept_rows(desk, owed.receipt):
        table = SQLModel.metadata.tables[row.table]
        key = theirs(table, desk.pack, person.id)
        for column, value in zip(table.primary_key, row.key, strict=True):
            key = key & (column == value)
        seals = {name: as_bytes(text) if text else None for name, text in row.sealed}
        session.execute(update(table).where(key).values(person_id=owed.holder, **seals))
    return owed.holder


def _belonging(
    session: Session, desk: Desk, person_id: str, kept: tuple[Kept, ...]
) -> dict[Table, ColumnElement[bool]]:
    """For each table with a `person_id`, which of the person's rows belong to the kept cases."""
    tables = {table.name: table for table in tables_of_people()}
    case, conversation = tables["case"], tables["conversation"]
    named = theirs(case, desk.pack, person_id) & case.c.reference.in_([one.reference for one in kept])
    cases = list(session.execute(select(case.c.id).where(named)).scalars())
    talks = list(session.execute(select(case.c.conversation_id).where(named)).scalars())
    in_talk = conversation.c.id.in_(talks) & theirs(conversation, desk.pack, person_id)
    doors = list(session.execute(select(conversation.c.address_id).where(in_talk)).scalars())
    whose = [table for table in reversed(tables_of_people()) if "person_id" in table.c]
    return {table: _wanted(table, cases, talks, doors) for table in whose}


def _wanted(table: Table, cases: list[str], talks: list[str], doors: list[str]) -> ColumnElement[bool]:
    match table.name:
        case "case":
            return table.c.id.in_(cases)
        case "conversation":
            return table.c.id.in_(talks)
        case "address":
            return table.c.id.in_(doors)
        case "inbox_message":
            return table.c.conversation_id.in_(talks) & table.c.urgent.is_not(None)
    return table.c.case_id.in_(cases) if "case_id" in table.c else false()


def _give(session: Session, desk: Desk, table: Table, row: Row[tuple[object, ...]], giver: str, holder: str) -> KeptRow:
    seals: dict[str, bytes | None] = {}
    for name in sealed_columns(table):
        old, place = row._mapping[name], about(table, name)
        stays = old is not None and place not in NOT_KEPT
        seals[name] = desk.seal(holder, desk.open(giver, old, place), place) if stays else None
    session.execute(update(table).where(this_row(table, row)).values(person_id=holder, **seals))
    key = tuple(str(row._mapping[column.name]) for column in table.primary_key)
    return KeptRow(table.name, key, tuple((name, as_text(seal) if seal else "") for name, seal in seals.items()))


def _add_holder(session: Session, person: Person, holder: str) -> None:
    columns = Person.model_fields.keys() - {"id"}
    values = {name: getattr(person, name) for name in columns}
    session.execute(insert(SQLModel.metadata.tables[PERSON]).values(id=holder, **values))

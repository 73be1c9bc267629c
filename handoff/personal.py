"""Which rows are one person's, worked out from the tables themselves: a table added later is found without a word here.

A table is of people when it has a `person_id`, or when it points to a table that is. The export, erasure, retention
and the joining of doors all ask this module, so none of them can forget a table that the others know.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from sqlalchemy import ColumnElement, Row, Table, and_, false, or_, select, true
from sqlmodel import Session, SQLModel

from handoff.desk import Desk
from handoff.models import Erasure, Person

PERSON = str(Person.__tablename__)
# It says that a person was erased: it must outlive them.
AFTERWARDS = frozenset({str(Erasure.__tablename__)})


@cache
def tables_of_people() -> tuple[Table, ...]:
    """Every table with rows of one person, those that point to others first; `person` itself is last."""
    return tuple(reversed([table for table in SQLModel.metadata.sorted_tables if _is_personal(table)]))


def theirs(table: Table, pack: str, person_id: str) -> ColumnElement[bool]:
    """The condition that picks this person's rows of `table`, within one council."""
    in_pack = table.c.pack == pack
    if table.name == PERSON:
        return in_pack & (table.c.id == person_id)
    if "person_id" in table.c:
        return in_pack & (table.c.person_id == person_id)
    parents = (
        table.c[column].in_(select(parent.c.id).where(theirs(parent, pack, person_id)))
        for column, parent in _links(table)
    )
    return in_pack & or_(false(), *parents)


def rows_of(session: Session, desk: Desk, table: Table, person_id: str) -> list[Row[tuple[object, ...]]]:
    """This person's rows of `table`, in the order of their keys."""
    mine = select(table).where(theirs(table, desk.pack, person_id)).order_by(*table.primary_key)
    return list(session.execute(mine).all())


def sealed_columns(table: Table) -> tuple[str, ...]:
    """The columns that only the person's own key opens."""
    return tuple(column.name for column in table.c if column.name.startswith("sealed_"))


def about(table: Table, column: str) -> str:
    """What a sealed column is bound to: the place it is kept in."""
    return f"{table.name}.{column}"


def this_row(table: Table, row: Row[tuple[object, ...]]) -> ColumnElement[bool]:
    """The condition that picks exactly `row`."""
    return and_(true(), *(column == row._mapping[column.name] for column in table.primary_key))


def _is_personal(table: Table) -> bool:
    if table.name in AFTERWARDS:
        return False
    return table.name == PERSON or "person_id" in table.c or any(True for _ in _links(table))


def _links(table: Table) -> Iterator[tuple[str, Table]]:
    for constraint in table.foreign_key_constraints:
        parent = constraint.referred_table
        if parent is not table and _is_personal(parent):
            column = next(name for name in constraint.column_keys if name != "pack")
            yield column, parent

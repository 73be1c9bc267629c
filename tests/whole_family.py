"""A family with a row in every table of people and a canary in every field that can hold words.

Made from the tables themselves, so that a table added later is filled, searched for and missed like the others.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Boolean, Column, DateTime, Enum, Integer, LargeBinary, Table, UniqueConstraint, insert
from sqlmodel import Session

from handoff.desk import Desk
from handoff.moments import Moment
from handoff.personal import PERSON, about, tables_of_people

ROOM = 50


@dataclass
class Family:
    """One family as it was written down: `canaries` by place ("table.column"), `rows` by table (the ids)."""

    person_id: str
    canaries: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        return [word for words in self.canaries.values() for word in words]


def write_family(
    session: Session, desk: Desk, name: str, *, times: int = 1, only: Collection[str] = (), **changed: object
) -> Family:
    """A family called `name`: `times` rows in every table (more than one only where nothing points to the table).

    A table that lets a person have one open row at a time gets one. `only` names the tables to fill, `person` is
    always one; `changed` sets a column everywhere it occurs, for example `priority` or `data_complaint`.
    """
    family = Family(desk.new_id())
    desk.vault.make_key(family.person_id)
    for table in reversed(tables_of_people()):
        if only and table.name not in {PERSON, *only}:
            continue
        for number in range(1 if _is_pointed_to(table) or _one_at_a_time(table) else times):
            _write(session, desk, family, table, name, number, changed)
    session.flush()
    return family


def _write(
    session: Session, desk: Desk, family: Family, table: Table, name: str, number: int, changed: dict[str, object]
) -> None:
    links = _links(table)
    for parent in links.values():
        if parent.name not in family.rows:
            # A session of the surgery, say: it is nobody's, and the family's row points to it.
            _write(session, desk, family, parent, name, number, changed)
    values = {column.name: _value(desk, family, table, column, name, number) for column in table.c}
    values |= {column: family.rows[parent.name] for column, parent in links.items()}
    values |= {key: value for key, value in changed.items() if key in table.c and _fits(table.c[key], value)}
    family.rows[table.name] = str(values.get("id", ""))
    session.execute(insert(table).values(**values))


def _fits(column: Column[object], value: object) -> bool:
    """Two tables may call different things by one name: a word is no answer to yes or no."""
    return isinstance(column.type, Boolean) == isinstance(value, bool)


def _links(table: Table) -> dict[str, Table]:
    """The columns that point to another table; of those that may be empty, the first alone."""
    found: dict[str, Table] = {}
    for constraint in sorted(table.foreign_key_constraints, key=lambda one: list(table.c).index(list(one.columns)[-1])):
        column = table.c[next(key for key in constraint.column_keys if key != "pack")]
        if column.name != "person_id" and not (column.nullable and any(table.c[name].nullable for name in found)):
            found[column.name] = constraint.referred_table
    return found


def _one_at_a_time(table: Table) -> bool:
    return any(index.unique for index in table.indexes)


def _is_pointed_to(table: Table) -> bool:
    return any(table in {one.referred_table for one in other.foreign_key_constraints} for other in tables_of_people())


def _value(desk: Desk, family: Family, table: Table, column: Column[object], name: str, number: int) -> object:
    kind = column.type
    if column.name == "pack":
        return desk.pack
    if column.name == "person_id" or (table.name == PERSON and column.name == "id"):
        return family.person_id
    if column.name == "case_id" or (column.nullable and not isinstance(kind, LargeBinary)):
        return None
    if isinstance(kind, LargeBinary):
        word = f"canary-{name}-{table.name}-{column.name}-{number}é"
        family.canaries.setdefault(f"{table.name}.{column.name}", []).append(word)
        return desk.seal(family.person_id, word, about(table, column.name))
    if isinstance(kind, Enum):
        return column.default.arg if column.default is not None else next(iter(kind.enums))
    if isinstance(kind, Moment | DateTime):
        return desk.now() + timedelta(hours=column.name.startswith("ends"))
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer):
        # A time counts its seats, and there is one for each row written: room for all of them.
        return ROOM if column.name in ("capacity", "taken") else number + 1
    # The end of an id: a counter's own digits are there, whatever the column's length.
    return desk.new_id()[-(getattr(kind, "length", None) or 64) :] if _must_differ(table, column) else "x"


def _must_differ(table: Table, column: Column[object]) -> bool:
    if column.primary_key:
        return True
    unique = (one for one in table.constraints if isinstance(one, UniqueConstraint))
    return any(column.name in constraint.columns for constraint in unique)

"""A family with a row in every table of people and a canary in every field that can hold words.

Made from the tables themselves, so that a table added later is filled, searched for and missed like the others.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Boolean, Column, DateTime, Enum, Integer, LargeBinary, Table, insert
from sqlmodel import Session

from handoff.desk import Desk
from handoff.moments import Moment
from handoff.personal import PERSON, about, tables_of_people

# The plain columns that say something in words; every other plain column holds an id, a code, a number or a moment.
SEALED = "sealed_"


@dataclass
class Family:
    """One family as it was written down: `canaries` by place ("table.column"), `rows` by table (the ids)."""

    person_id: str
    canaries: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        return [word for words in self.canaries.values() for word in words]


def write_family(session: Session, desk: Desk, name: str, *, times: int = 1, **changed: object) -> Family:
    """A family called `name`: `times` rows in every table (more than one only where nothing points to the table).

    `changed` sets a column everywhere it occurs, for example `priority` or `data_complaint`.
    """
    family = Family(desk.new_id())
    desk.vault.make_key(family.person_id)
    for table in reversed(tables_of_people()):
        parent = any(
            table in {one.referred_table for one in other.foreign_key_constraints} for other in tables_of_people()
        )
        for number in range(1 if parent or table.name == PERSON else times):
            values = {column.name: _value(desk, family, table, column, name, number) for column in table.c}
            values |= {key: value for key, value in changed.items() if key in table.c}
            family.rows[table.name] = str(values.get("id", ""))
            session.execute(insert(table).values(**values))
    session.flush()
    return family


def _value(desk: Desk, family: Family, table: Table, column: Column[object], name: str, number: int) -> object:
    kind = column.type
    if column.name == "pack":
        return desk.pack
    if table.name == PERSON and column.name == "id":
        return family.person_id
    if column.name == "person_id":
        return family.person_id
    for constraint in table.foreign_key_constraints:
        if column.name in constraint.column_keys:
            return family.rows[constraint.referred_table.name]
    if column.name == "case_id" or (column.nullable and not isinstance(kind, LargeBinary)):
        return None
    if isinstance(kind, LargeBinary):
        word = f"canary-{name}-{table.name}-{column.name}-{number}é"
        family.canaries.setdefault(f"{table.name}.{column.name}", []).append(word)
        return desk.seal(family.person_id, word, about(table, column.name))
    if isinstance(kind, Enum):
        return column.default.arg if column.default is not None else next(iter(kind.enums))
    if isinstance(kind, Moment | DateTime):
        return desk.now()
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer):
        return number + 1
    if column.primary_key or column.unique or _in_unique(table, column):
        return desk.new_id()
    return "x"


def _in_unique(table: Table, column: Column[object]) -> bool:
    from sqlalchemy import UniqueConstraint

    return any(
        column.name in constraint.columns
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    )

"""What every table shares: the council in its key, and columns for moments and sealed text."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Enum, ForeignKeyConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from handoff.moments import Moment

LONGEST_ID = 64
# Every constraint has a name, so that a later migration can find it on both engines.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """One row of one council. `pack` is the first part of every key, so that two councils can never meet."""

    pack: str = Field(primary_key=True, max_length=LONGEST_ID)


def id_field(**more: Any) -> Any:
    """An opaque id, the second part of the key."""
    return Field(primary_key=True, max_length=LONGEST_ID, **more)


def link(*, null: bool = False, index: bool = False) -> Any:
    """The id of another row of the same council."""
    more: dict[str, Any] = {"default": None, "nullable": True} if null else {}
    return Field(index=index, max_length=LONGEST_ID, **more)


def moment(*, null: bool = False, index: bool = False) -> Any:
    """When something happened or is due."""
    if null:
        return Field(default=None, sa_type=Moment, nullable=True, index=index)
    return Field(sa_type=Moment, index=index)


def one_of(family: type[StrEnum], default: StrEnum | None = None, **more: Any) -> Any:
    """A column of one family of words, kept as the words themselves so that both engines hold the same."""
    words = Enum(
        family,
        native_enum=False,
        create_constraint=True,
        name=f"{family.__name__.lower()}_word",
        values_callable=lambda members: [member.value for member in members],
        length=max(len(member.value) for member in family),
    )
    return Field(sa_type=words, **({} if default is None else {"default": default}), **more)  # type: ignore[call-overload]


def sealed(*, null: bool = False) -> Any:
    """Text only its family's key opens (`handoff.vault`)."""
    return Field(default=None, sa_type=LargeBinary, nullable=True) if null else Field(sa_type=LargeBinary)


def of_person(column: str = "person_id") -> ForeignKeyConstraint:
    """The row belongs to a person of the same council."""
    return points_to("person", column)


def points_to(table: str, *columns: str) -> ForeignKeyConstraint:
    """A foreign key that holds within one council."""
    return ForeignKeyConstraint(["pack", *columns], [f"{table}.pack", f"{table}.id"])

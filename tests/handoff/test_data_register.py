"""The register of what is kept: complete, in words, and the same as the tables."""

from __future__ import annotations

from sqlmodel import SQLModel

from handoff.data_register import Audience, data_register
from handoff.personal import sealed_columns, tables_of_people


def faults(tables: dict[str, set[str]]) -> list[str]:
    """Where the register and the tables differ."""
    entries = data_register().tables
    found = [f"{name}: not in the register" for name in tables.keys() - entries.keys()]
    found += [f"{name}: no such table" for name in entries.keys() - tables.keys()]
    for name in tables.keys() & entries.keys():
        found += [f"{name}.{field}" for field in tables[name] ^ entries[name].fields.keys()]
    return found


def the_tables() -> dict[str, set[str]]:
    return {table.name: {column.name for column in table.c} for table in SQLModel.metadata.sorted_tables}


def test_every_field_of_every_table_has_its_purpose_basis_retention_and_audience() -> None:
    assert faults(the_tables()) == []


def test_a_field_or_a_table_without_an_entry_is_found() -> None:
    tables = the_tables()
    tables["person"].add("shoe_size")
    tables["diary"] = {"id"}
    assert sorted(faults(tables)) == ["diary: not in the register", "person.shoe_size"]


def test_every_code_in_the_register_is_explained() -> None:
    register = data_register()
    for entry in register.tables.values():
        assert entry.basis in register.bases
        assert {entry.purpose, *(field.purpose for field in entry.fields.values())} <= register.purposes.keys()


def test_words_sealed_with_a_persons_key_are_theirs_or_officers_and_never_only_machinery() -> None:
    for table in tables_of_people():
        for name in sealed_columns(table):
            audience = data_register().tables[table.name].fields[name].audience
            assert audience in (Audience.FAMILY, Audience.OFFICER), f"{table.name}.{name}"

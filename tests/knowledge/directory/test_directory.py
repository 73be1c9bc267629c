"""Entries: what is read, who may see what, and what must stand beside each."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from ap_sheets import FARM, GOOD, HEADER, SCHOOL, spoilt, write_csv

from knowledge.directory.fields import BY_ID, FIELDS, Basis
from knowledge.directory.matching import choices, compared, providers_matching
from knowledge.directory.provider import Caution, Provider, Reader, cautions, passage_of, shown, withheld
from knowledge.directory.rows import read_rows
from knowledge.directory.store import Directory, as_csv, keep, load_directory, plan_import

TODAY = date(2026, 11, 23)


@pytest.fixture
def both() -> tuple[Provider, ...]:
    return _read(GOOD).providers


def _read(rows):
    return read_rows([(number, tuple(map(str, cells))) for number, cells in enumerate(rows, start=1)])


def test_every_field_says_where_it_was_seen_or_that_it_was_inferred():
    for field in FIELDS:
        assert (field.basis is Basis.SEEN) == bool(field.seen_in), field.id


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("Registration", "probably fine", "write one of"),
        ("Assurance date", "31/02/2026", "there is no such day"),
        ("Assurance date", "last spring", "write a date"),
        ("Cost in pounds", "about ninety", "write a sum"),
        ("Places free", "-3", "write a whole number"),
        ("Contact email", "ring us", "email address"),
        ("Provider name", "", "must be filled in"),
        ("Key stages", "KS3, KS9", "write one of"),
        ("Activities", "x" * 2001, "characters long"),
    ],
)
def test_a_fault_names_its_row_its_column_and_what_to_write(column: str, value: str, says: str):
    read = _read(spoilt(column, value))
    assert [provider.name for provider in read.providers] == ["Example Bridge School"]
    assert [(fault.row, fault.column) for fault in read.faults] == [(2, column)]
    assert says in read.faults[0].message


def test_an_unknown_column_is_met_with_the_nearest_one():
    read = _read([["Provider nam", *HEADER[1:]], FARM])
    assert "Did you mean Provider name?" in str(read.faults[0])
    assert read.providers == ()


def test_the_same_provider_twice_is_named_with_its_first_row():
    read = _read([*GOOD, FARM])
    assert str(read.faults[0]) == "row 4: this provider is in row 2 already"
    assert len(read.providers) == 2


def test_an_import_with_faults_leaves_the_directory_as_it_was(tmp_path: Path):
    keep(tmp_path, plan_import(write_csv(tmp_path / "a.csv", GOOD), Directory()), "a.csv", TODAY)
    report = plan_import(write_csv(tmp_path / "b.csv", spoilt("Registration", "?")), load_directory(tmp_path))
    assert report.faults and report.removed == ("ap-ex1",)
    assert len(load_directory(tmp_path).providers) == 2


def test_what_is_kept_reads_back_as_the_same(tmp_path: Path, both):
    keep(tmp_path, plan_import(write_csv(tmp_path / "a.csv", GOOD), Directory()), "a.csv", TODAY)
    again = load_directory(tmp_path)
    assert again.providers == both
    assert (again.imported, again.source) == (TODAY, "a.csv")


def test_an_export_holds_no_cell_that_a_spreadsheet_runs(both):
    spiked = Provider("ap-x", {**both[0].values, "activities": "=HYPERLINK(1)", "hours": "@SUM(A1)", "name": "-1+1"})
    for line in as_csv([spiked]).splitlines()[1:]:
        assert not any(cell.strip('"')[:1] in ("=", "+", "-", "@") for cell in line.split(","))


def test_a_family_sees_nothing_of_an_entry_for_schools_and_no_sum_or_contact_of_a_public_one(both):
    farm, school = both
    assert shown(farm, Reader.PUBLIC, TODAY) == ()
    labels = {field.id for field, _ in shown(school, Reader.PUBLIC, date(2026, 1, 10))}
    assert {"name", "area", "registration"} <= labels
    assert not labels & {"cost", "contact_email", "contact_phone", "vacancies", "assurance"}


def test_the_day_after_review_sums_places_and_contacts_go_and_the_rest_stays(both):
    school = both[1]
    moving = {"cost", "cost_unit", "vacancies", "contact_email", "contact_phone"}
    assert moving <= {field.id for field, _ in shown(school, Reader.SCHOOL, date(2026, 1, 31))}
    after = {field.id for field, _ in shown(school, Reader.SCHOOL, date(2026, 2, 1))}
    assert not after & moving and "registration" in after
    assert {field.id for field in withheld(school, date(2026, 2, 1))} == moving


def test_cautions_stand_beside_each_entry_gravest_first(both):
    assert cautions(both[0], TODAY) == (Caution.NOT_A_SCHOOL,)
    assert cautions(both[1], TODAY) == (Caution.NOT_ASSURED, Caution.SELF_DECLARED, Caution.PAST_REVIEW)
    hung = Provider("x", {**both[0].values, "listing": "suspended"})
    assert cautions(hung, TODAY)[0] is Caution.SUSPENDED


def test_facets_narrow_and_count(both):
    found = providers_matching(both, {"key_stages": ("KS4",), "days": ("Tue",)}, visible_to=Reader.SCHOOL)
    assert [provider.name for provider in found] == [SCHOOL[0]]
    assert providers_matching(both, {}, visible_to=Reader.PUBLIC) == (both[1],)
    assert [(one.value, one.count) for one in choices(both, "key_stages")] == [("KS3", 1), ("KS4", 2)]


def test_a_comparison_has_a_row_for_each_field_one_of_them_has(both):
    assert BY_ID["activities"] in compared(both)
    assert BY_ID["urn"] not in compared(both)


def test_the_passage_search_reads_holds_no_sum_and_no_contact(both):
    text = passage_of(both[0]).text
    assert "SEMH" in text and "Feltham" in text
    assert "85" not in text and "@" not in text and "7946" not in text

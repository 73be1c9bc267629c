"""Hostile and clumsy spreadsheets: a clear report, nothing run, nothing taken in part."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from ap_sheets import GOOD, HEADER, spoilt, write_csv, write_xlsx
from openpyxl import load_workbook

from knowledge.directory.rows import read_rows
from knowledge.directory.sheets import MOST_ROWS, SheetError, read_sheet
from knowledge.directory.store import Directory, plan_import

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ZIPPED = zipfile.ZIP_DEFLATED


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_a_good_sheet_gives_its_providers_whatever_it_is_called(tmp_path: Path, write):
    read = read_rows(read_sheet(write(tmp_path / "list.dat", GOOD)).rows)
    assert [provider.name for provider in read.providers] == ["Example Meadow Farm", "Example Bridge School"]
    assert read.faults == ()


def test_a_formula_is_named_and_never_worked_out(tmp_path: Path):
    report = plan_import(write_xlsx(tmp_path / "a.xlsx", spoilt("Places free", "=1+1")), Directory())
    assert [str(fault) for fault in report.faults] == [
        "row 2, Q: this holds a formula, which I do not work out: put its value in its place"
    ]


def test_a_formula_in_a_csv_is_text_and_comes_back_out_with_a_mark(tmp_path: Path):
    report = plan_import(write_csv(tmp_path / "a.csv", spoilt("Activities", '=cmd|"/c calc"!A1')), Directory())
    assert report.faults == ()
    assert report.providers[0]["activities"] == '=cmd|"/c calc"!A1'


def test_one_cell_in_the_farthest_corner_is_refused_with_its_place(tmp_path: Path):
    write_xlsx(tmp_path / "a.xlsx", GOOD)
    book = load_workbook(tmp_path / "a.xlsx")
    book.active["XFD1048576"] = "far"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(SheetError, match="XFD1048576"):
        read_sheet(tmp_path / "a.xlsx")


def test_merged_cells_are_named(tmp_path: Path):
    write_xlsx(tmp_path / "a.xlsx", GOOD)
    book = load_workbook(tmp_path / "a.xlsx")
    book.active.merge_cells("B2:B3")
    book.save(tmp_path / "a.xlsx")
    faults = plan_import(tmp_path / "a.xlsx", Directory()).faults
    assert any("B2:B3" in str(fault) and "merged" in str(fault) for fault in faults)


def test_a_hundred_thousand_rows_of_csv_are_refused_whole(tmp_path: Path):
    rows = [HEADER[:3], *(["Example", "Feltham", f"EX{number}"] for number in range(100_000))]
    with pytest.raises(SheetError, match="more than 5,000 rows"):
        read_sheet(write_csv(tmp_path / "big.csv", rows))


def test_a_hundred_thousand_rows_of_xlsx_are_refused_whole(tmp_path: Path):
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 100_001))
    sheet = f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>'
    with pytest.raises(SheetError, match="A20001"):
        read_sheet(_with_sheet(tmp_path, sheet))


def _with_sheet(folder: Path, sheet: str) -> Path:
    """A good workbook whose first sheet is this XML."""
    write_xlsx(folder / "good.xlsx", GOOD)
    with zipfile.ZipFile(folder / "good.xlsx") as good, zipfile.ZipFile(folder / "a.xlsx", "w", ZIPPED) as bad:
        for name in good.namelist():
            bad.writestr(name, sheet if "sheet1" in name else good.read(name))
    return folder / "a.xlsx"


def test_many_empty_rows_around_three_real_ones_do_no_harm(tmp_path: Path):
    file = write_csv(tmp_path / "a.csv", [GOOD[0], *[[""] * 5] * (MOST_ROWS + 10), *GOOD[1:]])
    assert len(read_rows(read_sheet(file).rows).providers) == 2


@pytest.mark.parametrize(("encoding", "noted"), [("utf-8-sig", 0), ("utf-16", 0), ("cp1252", 1)])
def test_other_encodings_are_read_and_a_guess_is_said(tmp_path: Path, encoding: str, noted: int):
    sheet = read_sheet(write_csv(tmp_path / "a.csv", spoilt("Activities", "café visits"), encoding))
    assert len(sheet.notes) == noted
    assert read_rows(sheet.rows).providers[0]["activities"] == "café visits"


@pytest.mark.parametrize("data", [b"\x00\x01\x02binary", b"PK\x03\x04 not a zip", b"\x81\x8d\x8f,x\n", b'a,"b\nc'])
def test_a_broken_file_is_refused_in_words(tmp_path: Path, data: bytes):
    (tmp_path / "a.csv").write_bytes(data)
    with pytest.raises(SheetError):
        read_sheet(tmp_path / "a.csv")


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 80_000_000)
    with pytest.raises(SheetError, match="unpacks"):
        read_sheet(tmp_path / "a.xlsx")


def test_a_workbook_with_macros_is_refused(tmp_path: Path):
    write_xlsx(tmp_path / "a.xlsx", GOOD)
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    with pytest.raises(SheetError, match="macros"):
        read_sheet(tmp_path / "a.xlsx")


def test_entities_do_not_unfold(tmp_path: Path):
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    sheet = f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]><worksheet>&a9;</worksheet>'
    with pytest.raises(SheetError):
        read_sheet(_with_sheet(tmp_path, sheet))


def test_a_file_that_is_not_there_says_so(tmp_path: Path):
    with pytest.raises(SheetError, match="cannot be opened"):
        read_sheet(tmp_path / "none.csv")

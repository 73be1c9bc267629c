"""AP Directory sheets made by the tests: a good one, and ways to spoil it. Every provider is invented."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from openpyxl import Workbook

HEADER = [
    "Provider name", "Area", "Provider code", "Registration", "Listing status", "Assurance", "Assurance date",
    "Next review", "Key stages", "Needs supported", "Activities", "Full or part time", "Days", "Placement type",
    "Cost in pounds", "Cost is for one", "Places free", "Contact email", "Contact phone", "Entry last updated",
    "Source document", "Visible to",
]  # fmt: skip
FARM = [
    "Example Meadow Farm", "Feltham", "EX1", "unregistered", "approved", "council visit", "2026-09-01",
    "2027-09-01", "KS3, KS4", "SEMH, anxiety or EBSNA", "animals; growing food", "part", "Mon, Wed", "enrichment",
    "85.50", "day", "3", "desk@meadow.example", "+44 20 7946 0001", "01/09/2026", "test list", "schools",
]  # fmt: skip
SCHOOL = [
    "Example Bridge School", "Hounslow", "EX2", "independent school", "framework", "self-declared", "",
    "2026-01-31", "KS4", "excluded", "", "full", "Mon, Tue, Wed, Thu, Fri", "full", "120", "day", "0",
    "desk@bridge.example", "020 7946 0002", "02/01/2026", "test list", "public",
]  # fmt: skip
GOOD: list[list[Any]] = [HEADER, FARM, SCHOOL]


def spoilt(column: str, value: Any, row: int = 1) -> list[list[Any]]:
    """The good rows with one cell changed."""
    rows = [list(cells) for cells in GOOD]
    rows[row][HEADER.index(column)] = value
    return rows


def write_csv(file: Path, rows: list[list[Any]], encoding: str = "utf-8") -> Path:
    with file.open("w", encoding=encoding, newline="") as out:
        csv.writer(out).writerows(rows)
    return file


def write_xlsx(file: Path, rows: list[list[Any]]) -> Path:
    book = Workbook()
    for cells in rows:
        book.active.append(cells)
    book.save(file)
    return file

"""Read one XLSX file from the input, in a process of its own with memory and time limits; print its rows as JSON."""

from __future__ import annotations

import io
import json
import resource
import sys
import zipfile
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import iterparse

MEMORY = 700_000_000
CPU_SECONDS = 15
MOST_ROWS = 20_000
MOST_COLUMNS = 120


def main() -> None:
    """Print `{"rows": [[number, cells]], "faults": [[row, column, message]]}`, or `{"refused": why}`."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    json.dump(read(sys.stdin.buffer.read()), sys.stdout)


def read(data: bytes) -> dict[str, Any]:
    """The first sheet's rows. Formulas are not worked out: each is a fault."""
    from openpyxl import load_workbook  # noqa: PLC0415  only after the limits are set
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    sheet = book.worksheets[0] if book.worksheets else None
    if sheet is None:
        return {"refused": "this workbook has no sheet with cells."}
    sheet.reset_dimensions()
    rows: list[list[Any]] = []
    faults: list[list[Any]] = []
    for cells in sheet.iter_rows():
        filled = [cell for cell in cells if cell.value is not None]
        if not filled:
            continue
        if filled[-1].row > MOST_ROWS or filled[-1].column > MOST_COLUMNS:
            where = f"{get_column_letter(filled[-1].column)}{filled[-1].row}"
            return {"refused": f"there is an entry far away, in {where}. Delete it, or copy the entries elsewhere."}
        line = [""] * filled[-1].column
        for cell in filled:
            if cell.data_type == "f":
                message = "this holds a formula, which I do not work out: put its value in its place"
                faults.append([cell.row, get_column_letter(cell.column), message])
            else:
                line[cell.column - 1] = written(cell.value)
        rows.append([filled[0].row, line])
    for merged in merged_cells(data):
        faults.append(
            [0, merged, "these cells are merged: unmerge them, and write the value in each row it belongs to"]
        )
    return {"rows": rows, "faults": faults}


def written(value: object) -> str:
    """A cell's value as a person would type it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def merged_cells(data: bytes) -> list[str]:
    """The merged ranges of the first sheet, at most 50."""
    found: list[str] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = sorted(name for name in archive.namelist() if name.startswith("xl/worksheets/sheet"))
        for name in sheets[:1]:
            with archive.open(name) as sheet:
                for _event, element in iterparse(sheet):  # noqa: S314  the child has limits, and expat no entities here
                    if element.tag.endswith("}mergeCell") and len(found) < 50:
                        found.append(element.get("ref", ""))
                    element.clear()
    return found


if __name__ == "__main__":
    main()

"""XLSX and CSV: every row in words, each cell with its column's name. Hidden sheets are reported and not read."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from knowledge.sources.containers import without_entities
from knowledge.sources.document import Document, Format, Trouble, UnreadableError
from knowledge.sources.gathering import Gatherer, written_out

MOST_ROWS = 5_000
MOST_COLUMNS = 100
MOST_SHEETS = 40
# Rows that stand under one heading, so that a passage stays short enough to be shown.
ROWS_TOGETHER = 12


def read_xlsx(data: bytes) -> Document:
    """Every sheet a reader sees. Raises `UnreadableError`."""
    without_entities(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        gathered = Gatherer(Format.XLSX)
        for told in book.sheets_metadata[:MOST_SHEETS]:
            if told.visible is not SheetVisibleEnum.Visible:
                gathered.report(Trouble.HIDDEN_SHEET, told.name)
                continue
            rows = book.get_sheet_by_name(told.name).to_python(skip_empty_area=True, nrows=MOST_ROWS + 1)
            _sheet(gathered, told.name, [[written(cell) for cell in row] for row in rows])
    except UnreadableError:
        raise
    except Exception as error:  # calamine's own kinds, and what pyo3 makes of a panic
        raise UnreadableError("damaged", "This XLSX cannot be read. Open it, and save it again.") from error
    gathered.title = next((part.heading for part in gathered.parts if part.heading), "")
    return gathered.done()


def read_csv(data: bytes) -> Document:
    """The rows of the file. Raises `UnreadableError`."""
    text = _decoded(data)
    dialect = "excel-tab" if text.count("\t") > text.count(",") else "excel"
    rows: list[list[str]] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), dialect, strict=True):
            rows.append(cells[: MOST_COLUMNS + 1])
            if len(rows) > MOST_ROWS + 1:
                break
    except csv.Error as error:
        raise UnreadableError("damaged", "This CSV cannot be read. Save it again as CSV UTF-8.") from error
    gathered = Gatherer(Format.CSV)
    _sheet(gathered, "", rows)
    return gathered.done()


def _decoded(data: bytes) -> str:
    for encoding in ("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableError("damaged", "This CSV is text in a form I cannot read. Save it as CSV UTF-8.")


def _sheet(gathered: Gatherer, name: str, rows: list[list[str]]) -> None:
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return
    if len(rows) > MOST_ROWS or any(len(row) > MOST_COLUMNS for row in filled):
        gathered.report(Trouble.CUT, name or "the sheet", "more rows or columns than are read")
    # A title above the table has one cell: the names of the columns are the first row with more.
    place = next((at for at, row in enumerate(filled) if sum(bool(cell.strip()) for cell in row) > 1), 0)
    names, heading = filled[place], name
    for row in filled[:place]:
        heading = next(cell for cell in row if cell.strip())
    for start, row in enumerate(filled[place + 1 : MOST_ROWS]):
        if start % ROWS_TOGETHER == 0:
            first = next((cell for cell in row if cell.strip()), "")
            whole = heading or ", ".join(one for one in names if one)[:80]
            gathered.heading(f"{heading}: {first} and more" if start else whole)
        gathered.piece(written_out(names[:MOST_COLUMNS], row[:MOST_COLUMNS]), is_item=True)
    if place + 1 >= len(filled):
        gathered.heading(heading)
        gathered.piece("; ".join(cell for cell in names if cell.strip()))


def written(value: object) -> str:
    """A cell's value as a person would type it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return f"{value:%-d %B %Y}" if value.time() == time() else f"{value:%-d %B %Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)

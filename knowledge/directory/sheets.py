"""CSV and XLSX files to rows of text. Nothing in a file is ever run; a file that is too big or broken is refused whole.

A spreadsheet can be a few kilobytes that unpack to gigabytes, or one cell in the farthest corner: the zip directory
is looked at before anything is opened, and the sheet is read in a child process with memory and time limits.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from knowledge.directory.rows import Fault, Row

MOST_BYTES = 5_000_000
MOST_UNPACKED = 60_000_000
MOST_ENTRIES = 200
MOST_ROWS = 5_000
MOST_COLUMNS = 100
SECONDS = 20
ZIP_MARK = b"PK\x03\x04"
# A cell that begins with one of these is run by a spreadsheet (OWASP, CSV injection): exports put a mark in front.
FORMULA_STARTS = "=+-@"


class SheetError(Exception):
    """The file cannot be read as a sheet. The message says what to do; nothing has changed."""


@dataclass(frozen=True)
class Sheet:
    """Rows that hold anything, each with its number from 1; `notes`: what was guessed; `faults`: what was not read."""

    rows: tuple[Row, ...]
    notes: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_sheet(file: Path) -> Sheet:
    """The rows of `file`, by what it is and not by its name. Raises `SheetError`."""
    try:
        data = file.read_bytes() if file.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        raise SheetError(f"{file.name} cannot be opened: {error.strerror}.") from error
    if data is None:
        raise SheetError(f"{file.name} is larger than {MOST_BYTES // 1_000_000} MB. Split it, or remove pictures.")
    return _xlsx(file, data) if data.startswith(ZIP_MARK) else _csv(file, data)


def _csv(file: Path, data: bytes) -> Sheet:
    text, notes = _decoded(file, data)
    dialect = "excel-tab" if text.count("\t") > text.count(",") else "excel"
    rows: list[Row] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), dialect, strict=True), start=1):
            _keep(rows, number, cells)
    except csv.Error as error:
        raise SheetError(f"{file.name} cannot be read as CSV ({error}). Save it again as CSV UTF-8.") from error
    return Sheet(tuple(rows), notes)


def _decoded(file: Path, data: bytes) -> tuple[str, tuple[Fault, ...]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(file, data, "utf-16"), ()
    if b"\0" in data:
        raise SheetError(f"{file.name} is neither CSV nor XLSX. Save it as one of the two.")
    try:
        return data.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        note = Fault(0, "", "this was not UTF-8, so I read it as Windows text: check letters with accents")
        return _strictly(file, data, "cp1252"), (note,)


def _strictly(file: Path, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetError(f"{file.name} is text in a form I cannot read. Save it as CSV UTF-8.") from error


def _keep(rows: list[Row], number: int, cells: list[str]) -> None:
    """Add a row that holds anything. Raises `SheetError` past the limits, so that a part is never taken for all."""
    cleaned = tuple(clean(cell) for cell in cells)
    if not any(cleaned):
        return
    if len(cleaned) > MOST_COLUMNS and any(cleaned[MOST_COLUMNS:]):
        raise SheetError(f"Row {number} has more than {MOST_COLUMNS} columns. Nothing was changed.")
    if len(rows) > MOST_ROWS:
        raise SheetError(f"This sheet has more than {MOST_ROWS:,} rows with entries. Nothing was changed: split it.")
    rows.append((number, cleaned[:MOST_COLUMNS]))


def unspiked(text: str) -> str:
    """`text` as an export writes it: with a mark in front where a spreadsheet would run it."""
    return f"'{text}" if text[:1] and text[0] in FORMULA_STARTS else text


def clean(cell: str) -> str:
    """A cell without control characters, its spaces made plain, its ends trimmed, and without our own export's mark."""
    plain = " ".join("".join(char if char >= " " else " " for char in cell if char not in "\u200b\ufeff").split())
    return plain[1:] if plain[:1] == "'" and plain[1:2] and plain[1] in FORMULA_STARTS else plain


def _xlsx(file: Path, data: bytes) -> Sheet:
    _refuse_bombs(file, data)
    command = [sys.executable, "-m", "knowledge.directory.xlsx_child"]
    try:
        child = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  our own
    except subprocess.TimeoutExpired as error:
        raise SheetError(f"{file.name} takes too long to read. Copy the entries into a new workbook.") from error
    if child.returncode != 0:
        raise SheetError(f"{file.name} cannot be read as XLSX. Open it, and save it again as XLSX or CSV.")
    told = json.loads(child.stdout)
    if "refused" in told:
        raise SheetError(f"{file.name}: {told['refused']}")
    rows: list[Row] = []
    for number, cells in told["rows"]:
        _keep(rows, number, cells)
    return Sheet(tuple(rows), faults=tuple(Fault(*fault) for fault in told["faults"]))


def _refuse_bombs(file: Path, data: bytes) -> None:
    """Look at the zip's own list before anything is unpacked. Raises `SheetError`."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise SheetError(f"{file.name} is damaged. Open it, and save it again as XLSX.") from error
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise SheetError(f"{file.name} unpacks to far more than a sheet needs. Copy the entries into a new workbook.")
    if any("vbaProject" in entry.filename for entry in entries):
        raise SheetError(f"{file.name} holds macros. Save it as XLSX without macros.")

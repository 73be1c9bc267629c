"""CSV that a spreadsheet reads as text: no cell is a formula, whatever is in it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection).
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_of(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows as CSV in UTF-8 with its mark, so that a spreadsheet reads every alphabet."""
    made = io.StringIO()
    writer = csv.writer(made, quoting=csv.QUOTE_ALL)
    for row in rows:
        writer.writerow([harmless(str(cell)) for cell in row])
    return made.getvalue().encode("utf-8-sig")


def harmless(cell: str) -> str:
    """The cell, with a quote in front where it would be a formula; blanks before one count for nothing."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(STARTS) else cell

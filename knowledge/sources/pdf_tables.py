"""Tables with ruled lines in a PDF, row by row with their column names (pdfplumber)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

import pdfplumber

from knowledge.sources.gathering import written_out

MOST_PAGES = 60
MOST_ROWS = 400


@dataclass(frozen=True)
class Box:
    """Where something stands on its page, in points from the bottom left."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Table:
    """A table's place, and its rows in words."""

    box: Box
    rows: tuple[str, ...]


def tables_of(file: BinaryIO, pages: Sequence[int]) -> dict[int, tuple[Table, ...]]:
    """The tables of these pages (from 1). A page that pdfplumber cannot read has none: its text is read anyway."""
    found: dict[int, tuple[Table, ...]] = {}
    try:
        with pdfplumber.open(file, pages=list(pages[:MOST_PAGES])) as opened:
            for page in opened.pages:
                found[page.page_number] = tuple(_tables(page))
                page.close()
    except Exception:  # pdfminer raises anything for a page it does not understand
        return found
    return found


def _tables(page: pdfplumber.page.Page) -> list[Table]:
    made = []
    for table in page.find_tables():
        rows = [[cell or "" for cell in row] for row in table.extract()[:MOST_ROWS]]
        if len(rows) < 2 or max(len(row) for row in rows) < 2:
            continue
        left, top, right, bottom = table.bbox
        height = float(page.height)
        said = tuple(text for row in rows[1:] if (text := written_out(rows[0], row)))
        made.append(Table(Box(left, height - bottom, right, height - top), said))
    return made

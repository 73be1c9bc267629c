"""PDF files: text by line with its size, tables where lines are ruled, page numbers for citations, scans reported."""

from __future__ import annotations

import ctypes
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.sources.document import Document, Format, Trouble, UnreadableError
from knowledge.sources.gathering import Gatherer
from knowledge.sources.pdf_tables import Box, Table, tables_of

MOST_PAGES = 500
MOST_LETTERS = 60_000
# A line this much larger than the page's usual text is a heading.
LARGER = 1.15
LONGEST_HEADING = 120
BOLD = 600
TINY = 2.5
WHITE = 250
RULES = 4
_BULLET = re.compile(r"^(?:[•●▪◦‣–-]|\d{1,2}[.)])\s+")
_INVISIBLE = 3
SCAN = "a picture of text: a person must read it, or scan it again with its words"
_PDF_DATE = re.compile(r"^D:(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True)
class Line:
    """One line of a page: its words, the size and weight of its letters, and where it stands (from the bottom)."""

    text: str
    size: float
    bold: bool
    left: float
    top: float
    bottom: float


def read_pdf(data: bytes) -> Document:
    """The text of the file, a part for each heading and page. Raises `UnreadableError`."""
    try:
        opened = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError("damaged", "This PDF cannot be opened: it is damaged, or needs a password.") from error
    try:
        return _read(opened, data)
    finally:
        opened.close()


def _read(opened: pypdfium2.PdfDocument, data: bytes) -> Document:
    told = opened.get_metadata_dict()
    gathered = Gatherer(Format.PDF, told.get("Title") or "")
    pages = len(opened)
    lines: dict[int, list[Line]] = {}
    ruled: list[int] = []
    for number in range(1, min(pages, MOST_PAGES) + 1):
        page = opened[number - 1]
        try:
            lines[number] = _lines(page, number, gathered)
            images, rules = _objects(page)
        finally:
            page.close()
        if rules >= RULES:
            ruled.append(number)
        if not lines[number] and images:
            gathered.report(
                Trouble.SCANNED,
                f"page {number}",
                SCAN,
            )
    if pages > MOST_PAGES:
        gathered.report(Trouble.CUT, f"page {MOST_PAGES}", f"{pages - MOST_PAGES} more pages were not read")
    tables = tables_of(io.BytesIO(data), ruled) if ruled else {}
    usual = _usual_size([line for found in lines.values() for line in found])
    for number, found in lines.items():
        gathered.turn(number)
        _page(gathered, number, found, tables.get(number, ()), usual)
    if not gathered.title:
        gathered.title = next((part.heading for part in gathered.parts if part.heading), "")
    return gathered.done(updated=_date(told.get("ModDate") or told.get("CreationDate") or ""), pages=pages)


def _lines(page: pypdfium2.PdfPage, number: int, gathered: Gatherer) -> list[Line]:
    text = page.get_textpage()
    try:
        letters = list(_letters(text, min(text.count_chars(), MOST_LETTERS)))
    finally:
        text.close()
    hidden = "".join(char for char, *_rest, seen in letters if not seen).strip()
    if hidden:
        gathered.report(Trouble.HIDDEN, f"page {number}", hidden)
    lines: list[Line] = []
    row: list[tuple[str, float, bool, float, float, float]] = []
    for char, size, bold, left, top, bottom, seen in letters:
        if char == "\n":
            _end(lines, row)
        elif seen:
            row.append((char, size, bold, left, top, bottom))
    _end(lines, row)
    return lines


def _letters(text: pypdfium2.PdfTextPage, count: int) -> Iterator[tuple[str, float, bool, float, float, float, bool]]:
    """Each character with size, weight, box, and whether a reader sees it."""
    raw = text.raw
    sides = [ctypes.c_double() for _ in range(4)]
    red, green, blue, clear = (ctypes.c_uint() for _ in range(4))
    for at in range(count):
        code = pdfium.FPDFText_GetUnicode(raw, at)
        char = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
        if char in "\r\x02":
            continue
        pdfium.FPDFText_GetCharBox(raw, at, *(ctypes.byref(side) for side in sides))
        size = pdfium.FPDFText_GetFontSize(raw, at)
        left, _right, bottom, top = (side.value for side in sides)
        seen = True
        if char not in " \n":
            thing = pdfium.FPDFText_GetTextObject(raw, at)
            mode = pdfium.FPDFTextObj_GetTextRenderMode(thing) if thing else 0
            filled = pdfium.FPDFText_GetFillColor(raw, at, red, green, blue, clear)
            white = bool(filled) and min(red.value, green.value, blue.value) >= WHITE
            seen = mode != _INVISIBLE and not white and (top - bottom > 0.4 or size >= TINY) and clear.value > 0
        yield char, size, pdfium.FPDFText_GetFontWeight(raw, at) >= BOLD, left, top, bottom, seen


def _end(lines: list[Line], row: list[tuple[str, float, bool, float, float, float]]) -> None:
    words = "".join(char for char, *_ in row).strip()
    inked = [one for one in row if one[0] != " "]
    if words and inked:
        bold = sum(one[2] for one in inked) > len(inked) / 2
        size = Counter(round(one[1] if one[1] > 1.5 else one[4] - one[5], 1) for one in inked).most_common(1)[0][0]
        lines.append(Line(words, size, bold, inked[0][3], max(o[4] for o in inked), min(o[5] for o in inked)))
    row.clear()


def _objects(page: pypdfium2.PdfPage) -> tuple[int, int]:
    """How many pictures and how many drawn lines the page has, as far as two forms deep."""
    images = rules = 0
    for thing in page.get_objects(max_depth=2):
        images += thing.type == pdfium.FPDF_PAGEOBJ_IMAGE
        rules += thing.type == pdfium.FPDF_PAGEOBJ_PATH
        if images + rules > 2_000:
            break
    return images, rules


def _usual_size(lines: list[Line]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _page(gathered: Gatherer, number: int, lines: list[Line], tables: tuple[Table, ...], usual: float) -> None:
    words: list[str] = []
    last: Line | None = None
    told: set[int] = set()

    def flush() -> None:
        text = " ".join(words)
        gathered.piece(_BULLET.sub("", text), is_item=bool(_BULLET.match(text)), page=number)
        words.clear()

    for line in lines:
        inside = next((place for place, table in enumerate(tables) if _within(line, table.box)), None)
        if inside is not None:
            flush()
            if inside not in told:
                told.add(inside)
                for row in tables[inside].rows:
                    gathered.piece(row, is_item=True, page=number)
            last = None
            continue
        if _is_heading(line, usual):
            flush()
            gathered.heading(line.text, page=number)
            last = None
            continue
        gap = last is not None and last.bottom - line.top > 0.6 * max(line.size, 6.0)
        if gap or _BULLET.match(line.text):
            flush()
        words.append(line.text)
        last = line
    flush()


def _within(line: Line, box: Box) -> bool:
    middle = (line.top + line.bottom) / 2
    return box.left - 2 <= line.left <= box.right + 2 and box.bottom - 2 <= middle <= box.top + 2


def _is_heading(line: Line, usual: float) -> bool:
    words = line.text
    if len(words) > LONGEST_HEADING or words.endswith((".", ";", ",")) or not re.search(r"[A-Za-z]{2}", words):
        return False
    return line.size >= usual * LARGER or (line.bold and len(words) <= 80 and not _BULLET.match(words))


def _date(text: str) -> str | None:
    found = _PDF_DATE.match(text)
    return f"{found[1]}-{found[2]}-{found[3]}" if found else None

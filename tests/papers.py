"""Papers of a made-up council, written by the tests: web pages, PDF, DOCX, XLSX and CSV with the same few facts."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

import docx
import openpyxl
import typst

from knowledge.sources.document import Document, Format, Part, Piece
from knowledge.sources.holding import Held

Sections = Sequence[tuple[str, Sequence[str]]]
Rows = Sequence[Sequence[str]]


def web_page(title: str, sections: Sections, rows: Rows = (), *, extra: str = "", head: str = "") -> bytes:
    """A page with a menu, a main part with headings and marks, and a footer."""
    body = "".join(
        f'<h2 id="part-{number}">{heading}</h2>' + "".join(f"<p>{text}</p>" for text in texts)
        for number, (heading, texts) in enumerate(sections, start=1)
    )
    table = ""
    if rows:
        names = "".join(f"<th>{cell}</th>" for cell in rows[0])
        cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows[1:])
        table = f"<table><tr>{names}</tr>{cells}</table>"
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title} | Littleham</title>{head}</head><body>"
        f'<nav><a href="/">Home</a><a href="/menu">All services</a></nav><main><h1>{title}</h1>{body}{table}{extra}</main>'
        "<footer>Littleham Council, Town Hall</footer></body></html>"
    ).encode()


def pdf(title: str, sections: Sections, rows: Rows = (), *, extra: str = "") -> bytes:
    """A PDF with one page a section, and a ruled table on the last."""
    pages = "\n#pagebreak()\n".join(
        f"== {_typed(heading)}\n" + "\n\n".join(_typed(text) for text in texts) for heading, texts in sections
    )
    table = ""
    if rows:
        cells = ",".join(f"[{_typed(cell)}]" for row in rows for cell in row)
        table = f"\n#table(columns:{len(rows[0])},{cells})\n"
    source = f'#set document(title:"{title}")\n#set page(width:15cm,height:12cm)\n{pages}{table}{extra}'
    return bytes(typst.compile(source.encode()))


def _typed(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\#$*_@<>[]`~=" else char for char in text)


def word(title: str, sections: Sections, rows: Rows = ()) -> bytes:
    """A DOCX with headings, paragraphs and a table."""
    paper = docx.Document()
    paper.core_properties.title = title
    for heading, texts in sections:
        paper.add_heading(heading, 1)
        for text in texts:
            paper.add_paragraph(text)
    if rows:
        table = paper.add_table(len(rows), len(rows[0]))
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                table.cell(row, column).text = cell
    return _written(paper)


def sheet(rows: Rows, name: str = "Places", *, hidden: Rows = ()) -> bytes:
    """An XLSX with one sheet, and a hidden one if asked."""
    book = openpyxl.Workbook()
    active = book.active
    assert active is not None
    active.title = name
    for row in rows:
        active.append(list(row))
    if hidden:
        other = book.create_sheet("Behind")
        other.sheet_state = "hidden"
        for row in hidden:
            other.append(list(row))
    return _written(book)


def comma_separated(rows: Rows) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def document_saying(id: str, *texts: str, heading: str = "Holiday clubs", url: str = "") -> Held:
    """A document as if it had been read: one part, these paragraphs."""
    part = Part(heading, tuple(Piece(text) for text in texts))
    made = Document(Format.HTML, heading, (part,))
    day = date(2026, 11, 20)
    return Held(id, made, day, date(2027, 5, 1), "clubs", "G4", "", url or f"https://littleham.example/{id}")


def _written(paper: object) -> bytes:
    out = io.BytesIO()
    paper.save(out)  # type: ignore[attr-defined]
    return out.getvalue()

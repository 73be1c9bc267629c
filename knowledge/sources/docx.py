"""DOCX files: paragraphs under their headings, lists, tables row by row; hidden words and outside links reported."""

from __future__ import annotations

import io
import re

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from knowledge.sources.containers import without_entities
from knowledge.sources.document import Document, Format, Trouble, UnreadableError
from knowledge.sources.gathering import Gatherer, written_out

MOST_ROWS = 2_000
DEEPEST = 40
_HEADING = re.compile(r"^(?:heading|title|subtitle)", re.IGNORECASE)
_WHITE = re.compile(r"^F[A-F0-9]F[A-F0-9]F[A-F0-9]$", re.IGNORECASE)
_LEAVES = ("attachedTemplate", "oleObject", "frame", "externalLinkPath", "subDocument", "image", "package")


def read_docx(data: bytes) -> Document:
    """The document's text. Raises `UnreadableError`."""
    without_entities(data)
    try:
        opened = docx.Document(io.BytesIO(data))
        body = list(opened.iter_inner_content())
    except Exception as error:  # python-docx raises whatever its parts raise
        raise UnreadableError("damaged", "This DOCX cannot be read. Open it in Word, and save it again.") from error
    told = opened.core_properties
    gathered = Gatherer(Format.DOCX, told.title or "")
    _outside(opened, gathered)
    for block in body:
        if isinstance(block, Paragraph):
            _paragraph(block, gathered)
        else:
            _table(block, gathered)
    if not gathered.title:
        first = next((part.heading for part in gathered.parts if part.heading), "")
        gathered.title = first or gathered._heading
    updated = told.modified.date().isoformat() if told.modified else None
    return gathered.done(updated=updated, links=_links(opened))


def _paragraph(paragraph: Paragraph, gathered: Gatherer) -> None:
    words = _seen(paragraph, gathered)
    style = (paragraph.style.name or "") if paragraph.style is not None else ""
    if _HEADING.match(style):
        gathered.heading(words)
    else:
        numbered = paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None
        gathered.piece(words, is_item=numbered or style.startswith("List"))


def _seen(paragraph: Paragraph, gathered: Gatherer) -> str:
    """The words a reader sees; the others are reported."""
    shown: list[str] = []
    hidden: list[str] = []
    for run in paragraph._p.iter(qn("w:r")):
        words = "".join(
            (node.text or "") if node.tag == qn("w:t") else " " if node.tag in (qn("w:tab"), qn("w:br")) else ""
            for node in run
        )
        (hidden if _hidden(run) else shown).append(words)
    if "".join(hidden).strip():
        gathered.report(Trouble.HIDDEN, "the document", "".join(hidden))
    return "".join(shown)


def _hidden(run: object) -> bool:
    looks = run.find(qn("w:rPr"))  # type: ignore[attr-defined]
    if looks is None:
        return False
    vanished = looks.find(qn("w:vanish"))
    if vanished is not None and vanished.get(qn("w:val")) not in ("0", "false"):
        return True
    color, size = looks.find(qn("w:color")), looks.find(qn("w:sz"))
    white = color is not None and bool(_WHITE.match(color.get(qn("w:val")) or ""))
    shaded = looks.find(qn("w:shd")) is not None or looks.find(qn("w:highlight")) is not None
    tiny = size is not None and (size.get(qn("w:val")) or "").isdigit() and int(size.get(qn("w:val"))) <= 4
    return (white and not shaded) or tiny


def _table(table: Table, gathered: Gatherer, depth: int = 0) -> None:
    names: list[str] = []
    for row in list(table.rows)[:MOST_ROWS]:
        cells = [cell for place, cell in enumerate(row.cells) if place == 0 or cell._tc is not row.cells[place - 1]._tc]
        texts = [" ".join(_seen(paragraph, gathered) for paragraph in cell.paragraphs) for cell in cells]
        if not names and len(texts) > 1:
            names = texts
            continue
        gathered.piece(written_out(names, texts), is_item=True)
        if depth < DEEPEST:
            for cell in cells:
                for inner in cell.tables:
                    _table(inner, gathered, depth + 1)


def _outside(opened: object, gathered: Gatherer) -> None:
    """What the file would fetch from elsewhere when Word opens it: never fetched here, and reported."""
    for related in opened.part.rels.values():  # type: ignore[attr-defined]
        kind = related.reltype.rsplit("/", 1)[-1]
        if related.is_external and kind in _LEAVES:
            gathered.report(Trouble.OUTSIDE, kind, related.target_ref)
        elif kind in ("oleObject", "package"):
            gathered.report(Trouble.EMBEDDED, kind)


def _links(opened: object) -> tuple[str, ...]:
    found = (
        related.target_ref
        for related in opened.part.rels.values()  # type: ignore[attr-defined]
        if related.is_external and related.reltype.endswith("/hyperlink")
    )
    return tuple(dict.fromkeys(link for link in found if link.lower().startswith(("http://", "https://"))))[:5_000]

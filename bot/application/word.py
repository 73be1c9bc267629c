"""The application as a Word document: real headings, lists and tables, so that a screen reader can walk it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as Opened
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from bot.application.form import Application, Prompt
from knowledge.phrases import Phrases

INK = RGBColor(0x1A, 0x1C, 0x1E)


def as_docx(form: Application, phrases: Phrases) -> bytes:
    """A DOCX that Word and LibreOffice open. Empty prompts leave a line to write on."""
    say = phrases.say
    book = _blank(say("apply_title"), form)
    book.add_heading(say("apply_title"), level=0)
    book.add_paragraph(say("apply_about", council=form.council))
    book.add_paragraph(say("apply_no_names"))
    book.add_heading(form.heading, level=1)
    _paragraphs(book, [form.once_safe, form.view, form.route, form.change])
    _list(book, say("apply_missing"), form.missing)
    _list(book, say("apply_questions"), form.questions)
    book.add_heading(say("apply_own_words"), level=1)
    for prompt in form.prompts:
        _prompt(book, prompt)
    _list(book, say("apply_evidence"), [f"{'☒' if one.held else '☐'} {one.what}" for one in form.evidence])
    book.add_heading(say("apply_agreement"), level=1)
    book.add_paragraph(say("apply_agreement_says"))
    _table(book, [(one.label, one.words) for one in form.agreement], (6, 10))
    book.add_heading(say("apply_meeting"), level=1)
    book.add_paragraph(form.meeting or say("apply_meeting_not_held"))
    book.add_heading(say("apply_rules"), level=1)
    head = tuple(say(f"apply_rules_{column}") for column in ("rule", "stands", "source"))
    _table(book, [head, *_rules(form)], (5, 4, 8), header=True)
    book.add_paragraph(_version(form, phrases))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _blank(title: str, form: Application) -> Opened:
    book = Document()
    book.core_properties.title = title
    book.core_properties.author = ""
    book.core_properties.language = "en-GB"
    made = datetime(form.made_on.year, form.made_on.month, form.made_on.day, tzinfo=UTC)
    book.core_properties.created = book.core_properties.modified = made
    normal = book.styles["Normal"]
    normal.font.name, normal.font.size = "Arial", Pt(12)
    normal.element.get_or_add_rPr().append(_language())
    for name in ("Title", "Heading 1", "Heading 2"):
        # The template's pale blue headings have too little contrast.
        book.styles[name].font.color.rgb = INK
    for section in book.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
    return book


def _language() -> OxmlElement:  # type: ignore[valid-type]
    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), "en-GB")
    return mark


def _paragraphs(book: Opened, lines: Iterable[str]) -> None:
    for line in lines:
        if line:
            book.add_paragraph(line)


def _list(book: Opened, heading: str, lines: Sequence[str]) -> None:
    if lines:
        book.add_heading(heading, level=1)
        for line in lines:
            book.add_paragraph(line, style="List Bullet")


def _prompt(book: Opened, prompt: Prompt) -> None:
    book.add_heading(prompt.label, level=2)
    book.add_paragraph(prompt.hint)
    for line in prompt.words.splitlines() or [""]:
        book.add_paragraph(line)


def _rules(form: Application) -> list[tuple[str, str, str]]:
    return [
        (
            f"{rule.number}. {rule.criterion}",
            f"{rule.stands} ({rule.basis}). {rule.says}",
            f"“{rule.quote}” {rule.source}",
        )
        for rule in form.rules
    ]


def _table(book: Opened, rows: Sequence[tuple[str, ...]], widths: Sequence[float], *, header: bool = False) -> None:
    table = book.add_table(rows=0, cols=len(widths), style="Table Grid")
    table.autofit = False
    for number, cells in enumerate(rows):
        row = table.add_row()
        for cell, text, width in zip(row.cells, cells, widths, strict=True):
            cell.text, cell.width = text, Cm(width)
        # The library has no public way to keep a row whole, or to mark a header that a reader announces.
        marks = row._tr.get_or_add_trPr()
        marks.append(OxmlElement("w:cantSplit"))
        if header and number == 0:
            marks.append(OxmlElement("w:tblHeader"))


def _version(form: Application, phrases: Phrases) -> str:
    day = f"{form.made_on:%-d %B %Y}"
    return phrases.say("apply_version", version=str(form.rules_version), start=f"{form.rules_from:%-d %B %Y}", made=day)

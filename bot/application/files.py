"""The three documents of an application, written to a folder from one action; and a table of several children."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bot.application.form import Application, to_json
from bot.application.pdf import as_pdf
from knowledge.directory.sheets import unspiked
from knowledge.phrases import Phrases

NAME = "mip-application"
COLUMNS = ("id", "outcome", "heading", "smallest_change", "next_route", "missing", "questions", "error")


def documents(form: Application, phrases: Phrases) -> dict[str, bytes]:
    """DOCX, PDF and JSON of the same application, by file name."""
    from bot.application.word import as_docx  # noqa: PLC0415  heavy, and wanted by few

    return {
        f"{NAME}.docx": as_docx(form, phrases),
        f"{NAME}.pdf": as_pdf(form, phrases),
        f"{NAME}.json": to_json(form).encode(),
    }


def write_documents(folder: Path, form: Application, phrases: Phrases) -> tuple[Path, ...]:
    """Write the documents; the files there are. Raises `OSError`."""
    made = documents(form, phrases)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return tuple(folder / name for name in made)


def as_table(answers: Iterable[Mapping[str, Any]]) -> str:
    """A CSV with a line for each child or group of a batch. No cell of it is run by a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for answer in answers:
        writer.writerow([unspiked(_cell(answer.get(column))) for column in COLUMNS])
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)

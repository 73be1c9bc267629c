"""The application as a tagged PDF (PDF/UA-1), set by typst from the template beside this file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from bot.application.form import Application, to_json
from knowledge.phrases import Phrases

TEMPLATE = Path(__file__).parent / "application.typ"
WORDS = (
    "title",
    "about",
    "no_names",
    "missing",
    "questions",
    "own_words",
    "evidence",
    "agreement",
    "agreement_says",
    "meeting",
    "meeting_not_held",
    "rules",
    "rules_rule",
    "rules_stands",
    "rules_source",
    "version",
    "held",
    "not_held",
)


def as_pdf(form: Application, phrases: Phrases) -> bytes:
    """A PDF/UA-1 document: tagged headings, lists and tables, a title and a language."""
    import typst  # noqa: PLC0415  heavy, and wanted by few: until somebody asks for a PDF it is not in memory

    values = {"council": form.council, "version": str(form.rules_version)}
    values |= {"start": f"{form.rules_from:%-d %B %Y}", "made": f"{form.made_on:%-d %B %Y}"}
    words = {key: phrases.say(f"apply_{key}", **values) for key in WORDS}
    made = datetime(form.made_on.year, form.made_on.month, form.made_on.day, tzinfo=UTC)
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        sys_inputs={"form": to_json(form), "words": json.dumps(words)},
        timestamp=int(made.timestamp()),
    )

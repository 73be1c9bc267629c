"""Changes to the text of a pack's files: one section of an article, one row of a YAML file. Everything else stays.

Text in, text out: what was written by hand around the change, comments too, is left as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date

from knowledge.reading import ANCHOR

_HEADING = re.compile(r"^## (?P<line>.+)$", re.MULTILINE)
_PHRASINGS = re.compile(r"^asked_as:[ ]*\n(?P<indent>[ ]*)- ", re.MULTILINE)
_PHRASINGS_IN_LINE = re.compile(r"^asked_as: \[(?P<rest>.*)\]$", re.MULTILINE)


class EditError(ValueError):
    """The change does not fit the file. The message says what is missing."""


def section_text(article: str, anchor: str) -> str:
    """The section of that anchor as it stands in the file, from its heading on. Raises `EditError`."""
    start, end = _span(article, anchor)
    return article[start:end].strip() + "\n"


def with_section(article: str, anchor: str, text: str) -> str:
    """The article with that section's text in place of what it was. The anchor stays. Raises `EditError`."""
    if _anchors(text) != [anchor]:
        raise EditError(f"Keep one heading, and end it with {{#{anchor}}}: links and past answers lead there.")
    start, end = _span(article, anchor)
    rest = article[end:]
    return article[:start] + text.strip() + "\n" + ("\n" + rest if rest else "")


def with_new_section(article: str, text: str) -> str:
    """The article with one more section at its end. Raises `EditError` for a heading that is there already."""
    found = _anchors(text)
    if len(found) != 1:
        raise EditError("Write one section: a line with ## and its heading, ending with a name like {#club-fees}.")
    if found[0] in _anchors(article):
        raise EditError(f"{{#{found[0]}}} is taken in this article: choose another name.")
    return article.rstrip() + "\n\n" + text.strip() + "\n"


def with_phrasing(article: str, anchor: str, asked: str) -> str:
    """The article with one more way to ask for that section. Raises `EditError`."""
    section = section_text(article, anchor)
    line = json.dumps(" ".join(asked.split()), ensure_ascii=False)
    rows, one_line = _PHRASINGS.search(section), _PHRASINGS_IN_LINE.search(section)
    if rows:
        at = rows.end() - len(rows["indent"]) - 2
        changed = f"{section[:at]}{rows['indent']}- {line}\n{section[at:]}"
    elif one_line:
        changed = section[: one_line.end() - 1] + f", {line}]" + section[one_line.end() :]
    else:
        raise EditError("This section says nowhere how it is asked for: edit its text instead.")
    return with_section(article, anchor, changed)


def with_fields(text: str, id: str, fields: Mapping[str, object]) -> str:
    """The YAML file with these fields set in the row `  id:`. Raises `EditError` when there is no such row."""
    found = re.search(rf"^  {re.escape(id)}:[ ]*\n(?P<rows>(?:    .*\n?|[ ]*\n)*)", text, re.MULTILINE)
    if not found:
        raise EditError(f"{id} has no row of its own in this file.")
    rows = found["rows"].rstrip("\n")
    for name, value in fields.items():
        said = value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
        line, there = f"    {name}: {said}", re.compile(rf"^    {re.escape(name)}:.*$", re.MULTILINE)
        rows = there.sub(lambda _, line=line: line, rows, count=1) if there.search(rows) else f"{rows}\n{line}"
    tail = found["rows"][len(found["rows"].rstrip("\n")) :] or "\n"
    return text[: found.start("rows")] + rows + tail + text[found.end("rows") :]


def _span(article: str, anchor: str) -> tuple[int, int]:
    headings = list(_HEADING.finditer(article))
    for place, heading in enumerate(headings):
        found = ANCHOR.match(heading["line"].strip())
        if found and found["anchor"] == anchor:
            return heading.start(), headings[place + 1].start() if place + 1 < len(headings) else len(article)
    raise EditError(f"There is no section {{#{anchor}}} in this article.")


def _anchors(text: str) -> list[str]:
    found = [ANCHOR.match(heading["line"].strip()) for heading in _HEADING.finditer(text)]
    return [one["anchor"] if one else "" for one in found]

"""What a reader makes of a file: its parts in reading order, what was set aside, and where each part is to be found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Format(StrEnum):
    """The kinds of file that can be read."""

    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"


class Trouble(StrEnum):
    """Why something of a document was set aside, or needs a person's eye."""

    HIDDEN = "hidden_text"
    ORDERS = "instructions"
    SCANNED = "scanned_page"
    HIDDEN_SHEET = "hidden_sheet"
    EMBEDDED = "embedded_file"
    OUTSIDE = "outside_link"
    CUT = "cut_short"
    EMPTY = "empty"


@dataclass(frozen=True)
class Finding:
    """One trouble: where (a page, a heading), and the first words of what was set aside."""

    trouble: Trouble
    where: str
    said: str = ""


@dataclass(frozen=True)
class Piece:
    """A paragraph, an item of a list, or a row of a table written out with its column names."""

    text: str
    is_item: bool = False


@dataclass(frozen=True)
class Part:
    """What stands under one heading. `anchor` is the page's own mark for it; `page` counts from 1."""

    heading: str
    pieces: tuple[Piece, ...]
    anchor: str = ""
    page: int | None = None

    @property
    def text(self) -> str:
        return "\n".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Document:
    """A file as it was read. `updated` is the date the file itself gives (ISO); `canonical` the address it claims."""

    format: Format
    title: str
    parts: tuple[Part, ...]
    findings: tuple[Finding, ...] = ()
    updated: str | None = None
    canonical: str | None = None
    links: tuple[str, ...] = ()
    pages: int = 0


class UnreadableError(Exception):
    """The file was not read. `code` is stable; the message says what to do."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def as_object(document: Document) -> dict[str, Any]:
    """The document as JSON can hold it."""
    return asdict(document)


def from_object(given: Mapping[str, Any]) -> Document:
    """The document that `as_object` wrote. Raises `KeyError`, `TypeError` and `ValueError` for anything else."""
    return Document(
        format=Format(given["format"]),
        title=_text(given["title"]),
        parts=tuple(_part(row) for row in given["parts"]),
        findings=tuple(
            Finding(Trouble(row["trouble"]), _text(row["where"]), _text(row["said"])) for row in given["findings"]
        ),
        updated=_maybe(given["updated"]),
        canonical=_maybe(given["canonical"]),
        links=tuple(_text(link) for link in given["links"]),
        pages=int(given["pages"]),
    )


def _part(row: Mapping[str, Any]) -> Part:
    pieces = tuple(Piece(_text(piece["text"]), piece["is_item"] is True) for piece in row["pieces"])
    page = row["page"]
    return Part(_text(row["heading"]), pieces, _text(row["anchor"]), None if page is None else int(page))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("expected text")
    return value


def _maybe(value: object) -> str | None:
    return None if value is None else _text(value)

"""Gathering what a reader finds into parts: text made plain, orders and hidden words set aside with a report."""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.sources.document import Document, Finding, Format, Part, Piece, Trouble
from knowledge.sources.orders import gives_orders, plain, unseen

MOST_PIECES = 20_000
LONGEST_PIECE = 6_000
MOST_TEXT = 2_000_000
MOST_FINDINGS = 200
SAID = 80
# More unseen characters than this in one piece are no accident of a word processor.
FEW_UNSEEN = 8


@dataclass
class Gatherer:
    """Takes headings and pieces in reading order and gives a `Document`."""

    format: Format
    title: str = ""
    parts: list[Part] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _heading: str = ""
    _anchor: str = ""
    _page: int | None = None
    _pieces: list[Piece] = field(default_factory=list)
    _count: int = 0
    _size: int = 0

    def heading(self, text: str, anchor: str = "", page: int | None = None) -> None:
        """A new part begins."""
        said = plain(text[:LONGEST_PIECE])[:1_000]
        if not said:
            return
        if gives_orders(said):
            self.report(Trouble.ORDERS, said[:SAID], said)
            said = "Set aside"
        self._close()
        self._heading, self._anchor, self._page = said[:200], anchor, page

    def piece(self, text: str, *, is_item: bool = False, page: int | None = None) -> None:
        """A paragraph, an item or a row, below the last heading."""
        # Cut first: what is longer than any passage is read by no pattern either.
        said = plain(text[: 4 * LONGEST_PIECE])[:LONGEST_PIECE]
        if not said:
            return
        if unseen(text) > FEW_UNSEEN:
            self.report(Trouble.HIDDEN, self._where(page), f"{unseen(text)} characters that cannot be seen")
        if gives_orders(said):
            self.report(Trouble.ORDERS, self._where(page), said)
            return
        if self._count >= MOST_PIECES or self._size >= MOST_TEXT:
            if not any(one.trouble is Trouble.CUT for one in self.findings):
                self.report(Trouble.CUT, self._where(page), "the rest of a very long document was not read")
            return
        if page is not None and self._page is not None and page != self._page and not self._pieces:
            self._page = page
        self._count += 1
        self._size += len(said)
        self._pieces.append(Piece(said, is_item))
        if self._page is None:
            self._page = page

    def turn(self, page: int) -> None:
        """The next page begins: what follows is a part of its own below the same heading."""
        heading = self._heading
        self._close()
        self._heading, self._anchor, self._page = heading, "", page

    def report(self, trouble: Trouble, where: str, said: str = "") -> None:
        """Something was set aside, or needs a person's eye."""
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(trouble, plain(where)[:200], plain(said)[:SAID]))

    def done(self, **more: object) -> Document:
        """The document. One with no words says so."""
        self._close()
        if not self.parts:
            self.report(Trouble.EMPTY, "the whole document")
        return Document(self.format, plain(self.title)[:300], tuple(self.parts), tuple(self.findings), **more)  # type: ignore[arg-type]

    def _where(self, page: int | None) -> str:
        return f"page {page}" if page else self._heading or "the beginning"

    def _close(self) -> None:
        if self._pieces:
            self.parts.append(Part(self._heading, tuple(self._pieces), self._anchor, self._page))
        self._pieces, self._heading, self._anchor, self._page = [], "", "", None


def written_out(names: list[str], cells: list[str]) -> str:
    """A row of a table as words: each cell with its column's name in front, where there is one."""
    said = []
    for place, cell in enumerate(cells):
        text = plain(cell)
        name = plain(names[place]) if place < len(names) else ""
        if text:
            said.append(f"{name}: {text}" if name and name != text else text)
    return "; ".join(said)

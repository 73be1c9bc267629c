"""From documents to the pack's own values: an `Article` with short `Section`s, and a `Source`, for each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from knowledge.article import Article, Block, Claim, Generation, Section, Source
from knowledge.contacts import PLACEHOLDER, Contact
from knowledge.sources.addresses import deep_link
from knowledge.sources.document import Format, Part, Piece
from knowledge.sources.holding import FOLDER, Held, path_of
from knowledge.sources.showing import contacts_in, hold_back

# A section is what an answer shows: longer text is cut between paragraphs.
MOST_WORDS = 150
# Fewer words than this would be found in many places of a page.
FEWEST_WORDS = 3
UNDATED = Generation("undated", "a page or document the council publishes", ordered=False)


def source_of(held: Held, generations: Mapping[str, Generation]) -> Source:
    """The document as a page that answers name."""
    return Source(
        id=held.id,
        title=title_of(held),
        generation=generations.get(held.generation, UNDATED),
        copy_read=held.read_on,
        review_by=held.review_by,
        owner=held.owner,
        url=held.url or None,
        page_updated=_in_words(held.document.updated),
        checked_by=held.checked_by or None,
        checked=held.checked,
    )


def article_of(
    held: Held, contacts: Mapping[str, Contact], held_back: Callable[[str], str] = lambda kind: "…"
) -> Article:
    """The document's text as sections. What an editor has not let through is held back, as `held_back(kind)` says."""
    sections: list[Section] = []
    taken: dict[str, int] = {}
    for part in held.document.parts:
        for pieces in _in_short(part.pieces):
            heading = part.heading or title_of(held)
            name = _slug(heading)
            taken[name] = taken.get(name, 0) + 1
            anchor = name if taken[name] == 1 else f"{name}-{taken[name]}"
            sections.append(_section(held, part, pieces, heading, anchor, contacts, held_back))
    return Article(
        id=held.id,
        title=title_of(held),
        audience=held.audience,
        topics=held.topics,
        queue=held.owner,
        sections=tuple(sections),
        path=path_of(held.id),
    )


def title_of(held: Held) -> str:
    """What the document is called: by its editor, by itself, or by its file."""
    return held.title or held.document.title or held.file or held.url or held.id


def is_document(article: Article) -> bool:
    """True for an article that was read from a real document, and is not written for Askwell."""
    return article.path.startswith(f"{FOLDER}/")


def _section(
    held: Held,
    part: Part,
    pieces: Sequence[Piece],
    heading: str,
    anchor: str,
    contacts: Mapping[str, Contact],
    held_back: Callable[[str], str],
) -> Section:
    blocks = tuple(
        Block((Claim(_quoted(hold_back(piece.text, held, contacts, held_back)), (held.id,)),), piece.is_item)
        for piece in pieces
    )
    title = title_of(held)
    whole = heading if heading.lower() == title.lower() else f"{title}: {heading}"
    words = _safe_words(pieces[0].text) if _is_page(held) else ""
    paged = part.page if held.document.format is Format.PDF else None
    return Section(
        article_id=held.id,
        anchor=anchor,
        heading=heading,
        blocks=blocks,
        asked_as=tuple(dict.fromkeys((heading, whole))),
        audience=held.audience,
        queue=held.owner,
        line=1,
        link=deep_link(held.url, anchor=part.anchor, page=paged, words=words),
    )


def _safe_words(text: str) -> str:
    """The first words of `text` up to anything that leads elsewhere: a link of ours carries no stranger's address."""
    found = contacts_in(text)
    start = text[: found[0][0][0]] if found else text
    return start if len(start.split()) >= FEWEST_WORDS else ""


def _is_page(held: Held) -> bool:
    return held.document.format is Format.HTML


def _quoted(text: str) -> str:
    """A document's words are no template: what looks like one of ours is written otherwise."""
    return PLACEHOLDER.sub(lambda found: f"({found[1]}: {found[2]})", text)


def _in_short(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Pieces in groups of about `MOST_WORDS`, cut where an item does not follow its list's first."""
    groups: list[list[Piece]] = []
    count = 0
    for piece in pieces:
        words = len(piece.text.split())
        if not groups or count + words > MOST_WORDS:
            groups.append([])
            count = 0
        groups[-1].append(piece)
        count += words
    return groups


def _slug(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")[:48].strip("-") or "text"


def _in_words(day: str | None) -> str | None:
    try:
        return f"{date.fromisoformat(day):%-d %B %Y}" if day else None
    except ValueError:
        return None

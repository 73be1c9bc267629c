"""What is offered where nothing is answered: the two pages nearest to the question, where they would not mislead."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from bot.messages import Nearest, Outcome, Reply
from bot.turn import Turn
from knowledge.article import Kind, Section
from retrieval.hits import Hit

# The source of what the service says of itself: no page.
OWN = "askwell"
MOST_NEAREST = 2
# From here on a question is about something else, and any page of the pack would be a wrong turning.
ELSEWHERE = 0.5


def is_elsewhere(turn: Turn, searched: str) -> bool:
    """Whether what was `searched` is so plainly about something else that no page and no team of ours is near."""
    return turn.outside(searched) >= ELSEWHERE


def nearest_pages(turn: Turn, hits: Iterable[Hit], shown: Collection[str] = ()) -> tuple[Nearest, ...]:
    """The pages of the nearest sections, `MOST_NEAREST` with those already `shown` (by address or title).

    What a newer page replaced is never among them.
    """
    pages: dict[str, Nearest] = {}
    for section in (turn.pack.sections[hit.passage.id] for hit in hits):
        source = _page_of(turn, section)
        wanted = source is not None and source.title not in shown and (source.url or "") not in shown
        if source is not None and wanted and len(pages) + len(shown) < MOST_NEAREST:
            pages.setdefault(source.source, source)
    return tuple(pages.values())


def with_nearest(turn: Turn, reply: Reply, hits: Iterable[Hit], searched: str) -> Reply:
    """`reply`, when it does not answer, with as many near pages as make two with those it quotes."""
    if reply.outcome not in (Outcome.ABSTAIN, Outcome.HANDOFF) or is_elsewhere(turn, searched):
        return reply
    quoted = {citation.title for citation in reply.citations}
    return replace(reply, nearest=nearest_pages(turn, hits, quoted))


def _page_of(turn: Turn, section: Section) -> Nearest | None:
    """The first page that `section` quotes; none for what is no answer, or an old one."""
    if section.kind not in (Kind.ANSWER, Kind.UNKNOWN) or turn.pack.conflicts.current_for(section.id):
        return None
    ids = (id for claim in section.claims for id in claim.sources if id != OWN)
    source = next((turn.pack.sources[id] for id in ids), None)
    return Nearest(source.title, source.url, source.id) if source else None

"""Where in the pack a quotation stands: the section it is in, and the claims that rest on its source."""

from __future__ import annotations

from urllib.parse import quote

from bot.messages import Citation
from knowledge.article import Claim, Section
from knowledge.contacts import fill, placeholders
from knowledge.pack import Pack


def place_of(pack: Pack, citation: Citation) -> str | None:
    """The address of the source viewer at the passage a citation quotes; none when the pack has changed since."""
    source = source_of(pack, citation)
    if source is None:
        return None
    section = pack.sections.get(citation.passage)
    if section is None or not claims_on(pack, section, source):
        section = _quoted_in(pack, source, citation.quote)
    if section is None:
        return None
    article, _, anchor = section.id.partition("#")
    return f"/source/{quote(article)}/{quote(anchor)}/{quote(source)}#quoted"


def source_of(pack: Pack, citation: Citation) -> str | None:
    """The id of the source a citation names."""
    return next(
        (id for id, one in pack.sources.items() if (one.url, one.title) == (citation.url, citation.title)), None
    )


def claims_on(pack: Pack, section: Section, source: str) -> tuple[Claim, ...]:
    """The section's claims that rest on `source`, also by a phone number or an address taken from it."""
    return tuple(claim for claim in all_claims(section) if source in sources_of(pack, claim))


def all_claims(section: Section) -> tuple[Claim, ...]:
    """What the section says, its conditions and its steps."""
    return (*(claim for block in section.blocks for claim in block.claims), *section.conditions, *section.steps)


def sources_of(pack: Pack, claim: Claim) -> tuple[str, ...]:
    """The ids of the sources a claim rests on."""
    lent = (pack.contacts[id].source_of(what) for what, id in placeholders(claim.text))
    return tuple(dict.fromkeys([*claim.sources, *lent]))


def _quoted_in(pack: Pack, source: str, quoted: str) -> Section | None:
    for section in pack.sections.values():
        if any(fill(claim.text, pack.contacts) in quoted for claim in claims_on(pack, section, source)):
            return section
    return None

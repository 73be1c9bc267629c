"""The source viewer (ux.md W10): what is held from a page, opened at the passage an answer used."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.web.layout import page
from bot.web.places import sources_of
from bot.web.site import site_of
from knowledge.article import Claim
from knowledge.contacts import fill
from knowledge.pack import Pack

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Shown:
    """Some words of a passage, and whether they rest on the page looked at."""

    text: str
    marked: bool


@router.get("/source/{article}/{anchor}/{source}")
async def source_page(request: Request, article: str, anchor: str, source: str) -> Response:
    """One passage of the pack as it rests on one page."""
    pack = site_of(request).pack
    section = pack.sections.get(f"{article}#{anchor}")
    held = pack.sources.get(source)
    if section is None or held is None:
        raise HTTPException(404)
    used = {id for claim in section.claims for id in sources_of(pack, claim)}
    return page(
        request,
        "source.html",
        title="source_title",
        section=section,
        article=pack.articles[section.article_id],
        source=held,
        past=held.past_review(site_of(request).front.office.assistant.engine.today()),
        blocks=[(block.is_item, _shown(pack, block.claims, source)) for block in section.blocks],
        conditions=[_shown(pack, (claim,), source) for claim in section.conditions],
        steps=[_shown(pack, (claim,), source) for claim in section.steps],
        others=[pack.sources[id] for id in sorted(used - {source}) if pack.sources[id].url],
        owner=pack.queues[held.owner].name if held.owner in pack.queues else held.owner,
    )


def _shown(pack: Pack, claims: tuple[Claim, ...], source: str) -> list[Shown]:
    return [Shown(fill(claim.text, pack.contacts), source in sources_of(pack, claim)) for claim in claims]

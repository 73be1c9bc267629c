"""The AP Directory: full to signed-in schools; to others what AP is, the route, and what the council made public."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.directory_search import search_of
from bot.directory_text import notices
from bot.web.layout import page
from bot.web.senco.school_pages import signed_in
from bot.web.site import Site, site_of
from knowledge.directory.fields import BY_ID
from knowledge.directory.matching import FACETS, choices, compared, providers_matching, read_wanted
from knowledge.directory.provider import Provider, Reader, shown
from knowledge.directory.store import Directory, load_directory

router = APIRouter(include_in_schema=False)
MOST_COMPARED = 4


@router.get("/directory")
async def look(request: Request) -> Response:
    """Words and facets in, providers out, each with what must be known about it."""
    site, school = site_of(request), await signed_in(request)
    reader = Reader.SCHOOL if school else Reader.PUBLIC
    kept = await run_in_threadpool(_kept, site)
    words = request.query_params.get("words", "")[:300]
    wanted = read_wanted({facet: request.query_params.getlist(facet) for facet in FACETS})
    seen = providers_matching(kept.providers, {}, visible_to=reader)
    fitting = providers_matching(kept.providers, wanted, visible_to=reader)
    found = await run_in_threadpool(_found, site, kept, words, fitting)
    facets = [
        {"id": facet, "label": BY_ID[facet].label, "choices": choices(seen, facet), "picked": wanted.get(facet, ())}
        for facet in FACETS
    ]
    return page(
        request,
        "senco/directory.html",
        title="directory_title",
        school=school,
        words=words,
        facets=[facet for facet in facets if facet["choices"]],
        entries=[_entry(site, provider, reader) for provider in found],
        empty=not kept.providers,
        imported=kept.imported,
        most=MOST_COMPARED,
    )


@router.get("/directory/compare")
async def compare(request: Request) -> Response:
    """Up to four providers side by side."""
    site, school = site_of(request), await signed_in(request)
    reader = Reader.SCHOOL if school else Reader.PUBLIC
    kept = await run_in_threadpool(_kept, site)
    wanted = request.query_params.getlist("id")[:MOST_COMPARED]
    chosen = [one for one in providers_matching(kept.providers, {}, visible_to=reader) if one.id in wanted]
    told = [{field.id: words for field, words in shown(one, reader, _today(site))} for one in chosen]
    rows = [(field.label, [one.get(field.id, "") for one in told]) for field in compared(chosen)]
    return page(
        request,
        "senco/compare.html",
        title="directory_compare_title",
        school=school,
        names=[one.name for one in chosen],
        notices=[notices(site.pack, one, _today(site), reader) for one in chosen],
        rows=[row for row in rows[1:] if any(row[1])],
    )


@router.get("/directory/{id}")
async def entry(request: Request, id: str) -> Response:
    """One provider. What this reader may not see is not there."""
    site, school = site_of(request), await signed_in(request)
    reader = Reader.SCHOOL if school else Reader.PUBLIC
    kept = await run_in_threadpool(_kept, site)
    found = next((one for one in providers_matching(kept.providers, {}, visible_to=reader) if one.id == id), None)
    if found is None:
        raise HTTPException(404)
    return page(
        request, "senco/provider.html", title="directory_title", school=school, entry=_entry(site, found, reader)
    )


def _kept(site: Site) -> Directory:
    return load_directory(site.settings.directory_folder)


def _found(site: Site, kept: Directory, words: str, fitting: tuple[Provider, ...]) -> tuple[Provider, ...]:
    if not fitting:
        return ()
    engine = site.front.office.assistant.engine
    return search_of(kept, engine.encoders).find(words, fitting, engine.speller)


def _entry(site: Site, provider: Provider, reader: Reader) -> dict[str, object]:
    today = _today(site)
    return {
        "id": provider.id,
        "name": provider.name,
        "notices": notices(site.pack, provider, today, reader),
        "fields": [(field.label, words) for field, words in shown(provider, reader, today) if field.id != "name"],
    }


def _today(site: Site) -> date:
    return site.front.office.assistant.engine.today()

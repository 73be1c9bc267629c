"""Getting ready for adult life, by school year: what to do now, and next."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.web.layout import page
from bot.web.site import site_of
from bot.year_plan import find_plan, plan_name, plan_reply
from knowledge.planner import FIRST_AGE, LAST_AGE
from knowledge.school_years import year_name

router = APIRouter(include_in_schema=False)
FIRST_YEAR, LAST_YEAR = -1, 13
SCHOOL_YEARS = (
    *(year_name(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)),
    *(plan_name(age) for age in range(FIRST_AGE, LAST_AGE + 1)),
)


@router.get("/plan")
async def plan(request: Request) -> Response:
    """The plan for the year in the address; without one, the form alone."""
    site = site_of(request)
    typed = request.query_params.get("year", "").strip()[:40]
    today = site.front.office.assistant.engine.today()
    made = find_plan(typed, site.pack, today) if typed else None
    problem = {"year": site.pack.phrases.on_page("plan_none", "en")[0]} if typed and made is None else {}
    return page(
        request,
        "senco/plan.html",
        status=422 if problem else 200,
        title="plan_title",
        year=typed,
        years=[{"value": name, "label": name[:1].upper() + name[1:]} for name in SCHOOL_YEARS],
        reply=plan_reply(made, site.pack, today) if made else None,
        problems=problem,
    )

"""Dates in law as pages (F4): pick what happened, give its date, read each date with its rule; a calendar file."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.dates_door import UnclearDateError, worked_from
from bot.door import BadInputError
from bot.web.layout import page
from bot.web.site import Site, site_of
from bot.worked_dates import WorkedDates, dates_reply, day_entries
from knowledge.dates_in_words import day_words
from knowledge.deadlines import Event
from knowledge.ics import day_calendar
from knowledge.school_years import year_name

router = APIRouter(include_in_schema=False)


@router.get("/dates")
async def events(request: Request) -> Response:
    """What a date can be worked out from."""
    events = site_of(request).pack.deadlines.events.values()
    return page(request, "senco/events.html", title="dates_title", events=events)


@router.get("/dates/{event}")
async def dates(request: Request, event: str) -> Response:
    """The form for one event; with a date in the address, the dates that follow from it."""
    site, wanted = site_of(request), _event(request, event)
    given = _given(request, wanted)
    if not given:
        return _page(request, wanted, given)
    try:
        worked = worked_from({"event": wanted.id, **given}, site.pack, _today(site))
    except UnclearDateError as error:
        return _page(request, wanted, given, str(error), choices=error.choices)
    except BadInputError as error:
        return _page(request, wanted, given, str(error))
    return _page(request, wanted, given, worked=worked)


@router.get("/dates/{event}/calendar.ics")
async def calendar(request: Request, event: str) -> Response:
    """The dates as a calendar file. Taking it again updates the same entries."""
    site, wanted = site_of(request), _event(request, event)
    worked = worked_from({"event": wanted.id, **_given(request, wanted)}, site.pack, _today(site))
    made = day_calendar(day_entries(worked), stamp=site.now())
    headers = {"Content-Disposition": f'attachment; filename="{wanted.id}.ics"'}
    return Response(made, media_type="text/calendar; charset=utf-8", headers=headers)


def _page(
    request: Request,
    event: Event,
    given: dict[str, str],
    problem: str = "",
    *,
    choices: tuple[date, ...] = (),
    worked: WorkedDates | None = None,
) -> Response:
    return page(
        request,
        "senco/dates.html",
        status=422 if problem else 200,
        title="dates_title",
        event=event,
        given=given,
        reply=dates_reply(worked, "en") if worked else None,
        years=[{"value": year_name(year), "label": year_name(year)} for year in range(-1, 14)] if event.leaving else [],
        choices=[(day_words(day), day.isoformat()) for day in choices],
        problems={"date": f"{problem}."} if problem else {},
    )


def _event(request: Request, id: str) -> Event:
    found = site_of(request).pack.deadlines.events.get(id)
    if found is None:
        raise HTTPException(404)
    return found


def _given(request: Request, event: Event) -> dict[str, str]:
    names = ("date", "school_year", *event.extras)
    return {name: value[:80] for name in names if (value := request.query_params.get(name, "").strip())}


def _today(site: Site) -> date:
    return site.front.office.assistant.engine.today()

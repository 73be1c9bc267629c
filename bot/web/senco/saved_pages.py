"""Save and come back (ux.md S11): a code of eight letters, no account. A wrong code is said to be wrong, no more."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.web.forms import read_form
from bot.web.layout import go_to, page
from bot.web.limiting import WaitError, or_wait
from bot.web.senco.answers import read_carried
from bot.web.senco.check_pages import Check, check_of
from bot.web.site import Site
from handoff.database import reading, transaction
from handoff.saved_checks import DAYS, new_code, save_check, saved_check
from knowledge.rules.asking import next_page

router = APIRouter(include_in_schema=False)


@router.post("/check/save")
async def save(request: Request) -> Response:
    """Keep the answers, and show the code once."""
    form = await read_form(request)
    check = check_of(request, form.fields)
    try:
        await or_wait(request, "", None)
    except WaitError as error:
        return _start(request, check, check.view.plain("wait_body", seconds=error.seconds), 429)
    code = await run_in_threadpool(_kept, check)
    return page(request, "senco/saved.html", title="saved_title", check=check, code=code, days=DAYS)


@router.post("/check/return")
async def come_back(request: Request) -> Response:
    """Open what was saved under a code, where it was left."""
    form = await read_form(request)
    check = check_of(request, [])
    try:
        await or_wait(request, "", None)
    except WaitError as error:
        return _start(request, check, check.view.plain("wait_body", seconds=error.seconds), 429)
    found = await run_in_threadpool(_found, check.site, form.get("code")[:40])
    if found is None:
        return _start(request, check, check.view.plain("saved_none", days=DAYS), 422)
    carried = read_carried(check.table, parse_qsl(found), check.today)
    where = "/check/question" if next_page(check.table, carried.answers) else "/check/result"
    return go_to(check.to(where, carried))


def _start(request: Request, check: Check, problem: str, status: int) -> Response:
    problems = {"code": problem}
    return page(
        request,
        "senco/start.html",
        status=status,
        title="check_title",
        check=check,
        table=check.table,
        problems=problems,
    )


def _kept(check: Check) -> str:
    desk = check.site.desk
    code = new_code(desk)
    with transaction(check.site.front.office.engine) as session:
        save_check(session, desk, urlencode(check.carried.fields), code)
    return code


def _found(site: Site, code: str) -> str | None:
    with reading(site.front.office.engine) as session:
        return saved_check(session, site.desk, code)

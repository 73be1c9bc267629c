"""The MIP check, one idea a page (ux.md S1 to S10). The address carries the answers, so that Back is always safe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.mip_text import as_json as verdict_object
from bot.mip_text import (
    change_sentence,
    footer,
    heading,
    is_for_parent,
    next_route,
    outcome_says,
    reasons,
    safety_lines,
)
from bot.web.layout import go_to, page
from bot.web.senco.answers import Carried, answer_page, answered_pages, read_carried
from bot.web.site import Site, site_of
from bot.web.view import View, view_of
from knowledge.rules.asking import answered, chosen, next_page, pages
from knowledge.rules.decide import Verdict, decide
from knowledge.rules.table import Page, Question, Table, table_on

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Check:
    """One request to the check: the rules in force, today, and what the address carries."""

    site: Site
    view: View
    table: Table
    today: date
    carried: Carried

    def to(self, path: str, carried: Carried | None = None) -> str:
        """Another page of the check, with the answers."""
        address = self.view.to(path)
        joined = "&" if "?" in address else "?"
        return f"{address}{joined}{(carried or self.carried).query}"

    @property
    def verdict(self) -> Verdict:
        return decide(self.table, self.carried.answers)

    @property
    def safety(self) -> list[str]:
        """Who to ring, when somebody is worried that the child is not safe."""
        worried = self.verdict.once_safe is not None
        parent = self.carried.answers.get("asker") == "parent"
        return safety_lines(self.site.pack, parent=parent).splitlines() if worried else []


def check_of(request: Request, fields: list[tuple[str, str]] | None = None) -> Check:
    """The check as this request stands. Raises a 404 when the council has none."""
    site = site_of(request)
    today = site.front.office.assistant.engine.today()
    if not site.pack.mip:
        raise HTTPException(404)
    table = table_on(site.pack.mip, today)
    given = fields if fields is not None else list(request.query_params.multi_items())
    return Check(site, view_of(request), table, today, read_carried(table, given, today))


@router.get("/check")
async def start(request: Request) -> Response:
    """What the check does, what to have ready, and a way back in with a code (S1, S11)."""
    check = check_of(request)
    return page(request, "senco/start.html", title="check_title", check=check, table=check.table)


@router.get("/check/question")
async def question(request: Request) -> Response:
    """The next question, or the one the address names; check your answers when none is left."""
    check = check_of(request)
    wanted = _named(check, request.query_params.get("page", "")) or next_page(check.table, check.carried.answers)
    if wanted is None:
        return go_to(check.to("/check/answers"))
    return _question(request, check, wanted)


@router.get("/check/answer")
async def answer(request: Request) -> Response:
    """Take what was picked, and go on; the same page again when a question was left open."""
    check = check_of(request)
    asked = _named(check, request.query_params.get("page", ""))
    if asked is None:
        return go_to(check.to("/check/question"))
    picked = {one.id: request.query_params.get(f"q-{one.id}", "") for one in asked.questions}
    carried, left = answer_page(check.table, asked, check.carried, picked)
    if left:
        return _question(request, check, asked, picked, left)
    after = f"&after={asked.id}" if any("safeguarding" in one.keys for one in asked.questions) else ""
    return go_to(check.to("/check/question", carried) + after)


@router.get("/check/answers")
async def answers(request: Request) -> Response:
    """Every answer, each with a link to change it. Nothing has been sent (S9)."""
    check = check_of(request)
    rows = [
        {"label": one.label, "value": picked.label, "page": asked.id}
        for asked in answered_pages(check.table, check.carried)
        for one in asked.questions
        if (picked := chosen(one, check.carried.answers))
    ]
    return page(request, "senco/answers.html", title="check_answers_title", check=check, rows=rows)


@router.get("/check/result")
async def result(request: Request) -> Response:
    """The view with its working: why, what next, what would change it, every rule (S10)."""
    check = check_of(request)
    verdict = check.verdict
    pack, today = check.site.pack, check.today
    told = verdict_object(verdict, pack, today)
    template = "senco/parent.html" if is_for_parent(verdict) else "senco/result.html"
    return page(
        request,
        template,
        title="check_result_title",
        check=check,
        verdict=verdict,
        told=told,
        heading=heading(verdict),
        says=outcome_says(verdict),
        reasons=reasons(verdict),
        route=next_route(verdict, pack, today),
        change=change_sentence(verdict),
        rows=told["rows"],
        footer=footer(verdict, pack, today),
        children=len(check.carried.before) + 1,
    )


def _question(
    request: Request, check: Check, asked: Page, picked: dict[str, str] | None = None, left: tuple[str, ...] = ()
) -> Response:
    every = pages(check.table, check.carried.answers)
    done = [one.id for one in every if all(answered(q, check.carried.answers) for q in one.questions)]
    number = len([id for id in done if id != asked.id]) + 1
    problems = {
        f"q-{one.id}": f"{one.label} {check.view.plain('check_pick')}" for one in asked.questions if one.id in left
    }
    values = {one.id: _value(check, one, picked) for one in asked.questions}
    own = {key for one in asked.questions for key in one.keys}
    return page(
        request,
        "senco/question.html",
        status=422 if left else 200,
        title="check_title",
        check=check,
        asked=asked,
        values=values,
        number=number,
        about=max(number, len(every)),
        safety=check.safety if request.query_params.get("after") else [],
        kept=[(key, value) for key, value in check.carried.fields if key not in own],
        problems=problems,
    )


def _value(check: Check, one: Question, picked: dict[str, str] | None) -> str:
    """The number of the choice to show as picked: what was pressed now, or the answer there was."""
    if picked and picked.get(one.id):
        return picked[one.id]
    before = chosen(one, check.carried.answers)
    return str(one.choices.index(before)) if before else ""


def _named(check: Check, id: str) -> Page | None:
    return next((one for one in pages(check.table, check.carried.answers) if one.id == id), None)

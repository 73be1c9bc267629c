"""O10: plan a session or a monthly series, change a draft, copy one, take in a file. All become drafts first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from sqlmodel import Session
from starlette.responses import Response

from handoff.bookings.needs import FEATURES
from handoff.console.bookings import need_words
from handoff.console.fence import ConsoleRoute
from handoff.console.runner import Runner, RunnerPress, SurgeryId, inside, opened
from handoff.console.session_form import SessionForm, form_of, read_form
from handoff.console.visitor import Visitor, to
from handoff.models import SurgeryState
from handoff.surgeries.plan_file import FIELDS, FaultError, Numbered, read_plan_text
from handoff.surgeries.planned import Planned, faults, on_day
from handoff.surgeries.planning import PlanError, plan
from handoff.surgeries.series import monthly
from knowledge.dates_in_words import day_words
from knowledge.problems import Problem

router = APIRouter(route_class=ConsoleRoute)
Filled = Annotated[SessionForm, Form()]
LARGEST = 48 * 1024


@router.get("/officers/bookings/plan")
def plan_page(here: Runner, like: str = "") -> Response:
    """The form for a new session; filled in from another one when the address names it."""
    like = like if like.isalnum() and len(like) <= 64 else ""
    return _form(here, form_of(opened(here, like), copy=True) if like else SessionForm())


@router.post("/officers/bookings/plan")
def plan_it(here: RunnerPress, form: Filled) -> Response:
    """Keep the session, or each of its series, as a draft. Days on which the council is closed are passed over."""
    try:
        planned, months = read_form(form)
        days, passed = monthly(planned.day, months, here.office.calendar) if months > 1 else ([planned.day], [])
        series = [_of_series(planned, day, months) for day in days]
        inside(here, lambda session: _plan(here, session, *series))
    except (FaultError, PlanError, ValueError) as error:
        return _form(here, form, str(error), 422)
    return _planned(here, series, passed)


@router.get("/officers/bookings/{id}/change")
def change_page(here: Runner, id: SurgeryId) -> Response:
    """A draft, to be changed."""
    one = opened(here, id)
    return _form(here, form_of(one), changes=id, draft=one.surgery.state is SurgeryState.DRAFT)


@router.post("/officers/bookings/{id}/change")
def change_it(here: RunnerPress, id: SurgeryId, form: Filled) -> Response:
    """Keep the draft as it is on the page now. What families see already is moved or withdrawn instead."""
    one = opened(here, id)
    form.code = one.surgery.code
    try:
        planned = replace(read_form(form)[0], series=one.surgery.series)
        inside(here, lambda session: _plan(here, session, planned))
    except (FaultError, PlanError) as error:
        return _form(here, form, str(error), 422, changes=id)
    return to(f"/officers/bookings/{id}?done=planned")


@router.get("/officers/bookings/import")
def file_page(here: Runner) -> Response:
    """The form for a file of sessions."""
    return _file_form(here)


@router.post("/officers/bookings/import")
def take_in(
    here: RunnerPress,
    text: Annotated[str, Form(max_length=LARGEST)] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep every session of the file as a draft: all of them, or none when a line is wrong."""
    name = file.filename or "" if file and file.filename else ""
    words = file.file.read(LARGEST).decode("utf-8-sig", "replace") if file and name else text
    found, problems = read_plan_text(name or ("rows.yaml" if words.lstrip().startswith("- ") else "rows.csv"), words)
    now, calendar = here.office.desk.now(), here.office.calendar
    problems += [
        Problem(name or "rows", one.line, said) for one in found for said in faults(one.planned, calendar, now)
    ]
    if problems:
        return _file_form(here, words, [f"Line {one.line}: {one.message}" for one in sorted(problems)])
    try:
        inside(here, lambda session: _plan_lines(here, session, found))
    except PlanError as error:
        return _file_form(here, words, [str(error)])
    return _planned(here, [one.planned for one in found], [])


def _plan(here: Visitor, session: Session, *series: Planned) -> None:
    for one in series:
        plan(session, here.office.desk, here.acting, one, here.office.calendar)


def _plan_lines(here: Visitor, session: Session, found: list[Numbered]) -> None:
    for one in found:
        try:
            _plan(here, session, one.planned)
        except PlanError as error:
            raise PlanError(f"Line {one.line}: {error}") from error


def _of_series(planned: Planned, day: date, months: int) -> Planned:
    if months == 1:
        return planned
    return replace(on_day(planned, day, f"{planned.code}-{day:%Y-%m}"[:32]), series=planned.code)


def _planned(here: Visitor, made: list[Planned], passed: list[tuple[date, str]]) -> Response:
    over = [(day_words(day), why) for day, why in passed]
    return here.page("planned.html", here="Bookings", made=made, passed=over)


def _form(
    here: Visitor, form: SessionForm, problem: str = "", status: int = 200, *, changes: str = "", draft: bool = True
) -> Response:
    features = [(code, need_words(here.office.desk, code)) for code in FEATURES]
    return here.page(
        "plan.html",
        here="Bookings",
        status=status,
        problem=problem,
        form=form,
        features=features,
        changes=changes,
        draft=draft,
    )


def _file_form(here: Visitor, text: str = "", problems: list[str] | None = None) -> Response:
    status = 422 if problems else 200
    return here.page("import.html", here="Bookings", status=status, problem=problems or "", text=text, fields=FIELDS)

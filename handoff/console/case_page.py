"""O4 and O6: the page of one case. Opening it is noted in the audit chain, each time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.exceptions import HTTPException
from starlette.responses import Response

from handoff.cases.errors import NoSuchCaseError
from handoff.cases.holding import held_for
from handoff.console.fence import ConsoleRoute, PageError
from handoff.console.shown import fault_page
from handoff.console.viewing import View, view_of
from handoff.console.visitor import Here, Visitor
from handoff.console.words import DONE
from handoff.database import reading, transaction
from handoff.rights import leads
from handoff.vault import ErasedError

router = APIRouter(route_class=ConsoleRoute)
CaseId = Annotated[str, Path(pattern=r"^[0-9A-Za-z]{1,64}$")]


@router.get("/officers/cases/{case_id}")
def show(here: Here, case_id: CaseId, done: str = "") -> Response:
    """The case."""
    return case_page(here, case_id, done=DONE.get(done, ""))


def case_page(here: Visitor, case_id: str, *, done: str = "", problem: str = "", status: int = 200) -> Response:
    """The case as it is now, with what was done to it or why it was not."""
    view = open_case_for(here, case_id)
    with reading(here.office.engine) as session:
        held = held_for(session, here.office.desk, here.acting, case_id)
    if held is None and done == DONE["held"]:
        done = DONE["replied"]
    return here.page(
        "case.html",
        here="Cases",
        status=status,
        view=view,
        done="" if held else done,
        held=held,
        now=here.office.desk.now(),
        problem=problem,
        leads=leads(here.acting),
    )


def open_case_for(here: Visitor, case_id: str) -> View:
    """The case opened for this officer; raises a "not here" page, the same whether it is elsewhere or nowhere."""
    try:
        with transaction(here.office.engine) as session:
            return view_of(session, here.office.desk, here.acting, case_id)
    except NoSuchCaseError as error:
        raise not_here() from error
    except ErasedError as error:
        more = "The family asked for their records to be erased. Nothing of this case can be read any more."
        raise PageError(fault_page(here.request, 410, "These records were erased", more)) from error


def not_here() -> HTTPException:
    """The answer for a case in another queue, and for one that never was: nobody can tell them apart."""
    return HTTPException(404)

"""The buttons of a case: take, let go, give, pass on, wait, done, open again. Each says why not, and what to do."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from sqlmodel import Session, select
from starlette.responses import Response

from handoff.cases.closing import Outcome, close, outcomes_for, reopen
from handoff.cases.errors import CaseChangedError, CaseError, NoSuchCaseError
from handoff.cases.ownership import assign, claim, pass_on, release
from handoff.cases.waiting import wait_for_family, wait_for_team
from handoff.console.case_page import CaseId, case_page, not_here, open_case_for
from handoff.console.fence import ConsoleRoute
from handoff.console.viewing import View
from handoff.console.visitor import Here, Press, Visitor, to
from handoff.console.words import OUTCOME
from handoff.database import reading, transaction
from handoff.models import Case
from handoff.officers import acting as acting_now
from handoff.officers import officers
from handoff.promises import UnknownQueueError
from handoff.receipts import KeyReusedError
from handoff.rights import visible
from knowledge.routing import SAFEGUARDING

router = APIRouter(route_class=ConsoleRoute)
Version = Annotated[int, Form(ge=0, le=2**31 - 1)]
Code = Annotated[str, Form(max_length=64)]
Words = Annotated[str, Form(max_length=20_000)]
Act = Callable[[Session], Case]
REFUSED = (CaseError, KeyReusedError, UnknownQueueError)


@dataclass(frozen=True)
class Field:
    """One question of a page: radio buttons, of which `chosen` is pressed."""

    name: str
    label: str
    choices: list[tuple[str, str]]
    chosen: str = ""


def done(here: Visitor, case_id: str, act: Act, said: str) -> Response:
    """Do `act` in one transaction, then show the case. Raises what the act raises."""
    with transaction(here.office.engine) as session:
        act(session)
    return to(f"/officers/cases/{case_id}?done={said}")


def pressed(here: Visitor, case_id: str, act: Act, said: str) -> Response:
    """The same for a button on the case's own page, which is shown again with the reason when it cannot be done."""
    try:
        return done(here, case_id, act, said)
    except NoSuchCaseError as error:
        raise not_here() from error
    except REFUSED as error:
        return case_page(here, case_id, problem=why_not(error), status=409)


def why_not(error: Exception) -> str:
    """The reason in words, for a page that shows the case as it is now."""
    return (
        "The case has changed since you opened it. It is shown as it is now."
        if isinstance(error, CaseChangedError)
        else str(error)
    )


@router.post("/officers/cases/{case_id}/take")
def take(here: Press, case_id: CaseId, version: Version = 0) -> Response:
    """Take a case that nobody has."""
    desk, who = here.office.desk, here.acting
    return pressed(here, case_id, lambda session: claim(session, desk, who, case_id, version), "taken")


@router.post("/officers/cases/{case_id}/release")
def let_go(here: Press, case_id: CaseId, version: Version = 0) -> Response:
    """Give the case back to its queue."""
    desk, who = here.office.desk, here.acting
    return pressed(here, case_id, lambda session: release(session, desk, who, case_id, version), "released")


@router.post("/officers/cases/{case_id}/reopen")
def open_again(here: Press, case_id: CaseId, version: Version = 0) -> Response:
    """Take up a closed case again."""
    desk, who = here.office.desk, here.acting
    return pressed(here, case_id, lambda session: reopen(session, desk, who, case_id, version), "reopened")


@router.get("/officers/cases/{case_id}/give")
def give_to_whom(here: Here, case_id: CaseId) -> Response:
    """Choose a colleague who may see the case."""
    return _give_page(here, open_case_for(here, case_id))


@router.post("/officers/cases/{case_id}/give")
def give(here: Press, case_id: CaseId, version: Version = 0, officer: Code = "") -> Response:
    """Give the case to a colleague."""
    desk, who = here.office.desk, here.acting
    return chosen(
        here,
        case_id,
        lambda session: assign(session, desk, who, case_id, version, officer),
        "given",
        _give_page,
        officer,
    )


@router.get("/officers/cases/{case_id}/pass-on")
def pass_on_where(here: Here, case_id: CaseId) -> Response:
    """Choose a queue, and say why."""
    return _pass_on_page(here, open_case_for(here, case_id))


@router.post("/officers/cases/{case_id}/pass-on")
def pass_it_on(
    here: Press, case_id: CaseId, version: Version = 0, queue: Code = "", text: Words = "", key: Code = ""
) -> Response:
    """Pass the case on to another queue."""
    desk, who = here.office.desk, here.acting
    return chosen(
        here,
        case_id,
        lambda session: pass_on(session, desk, who, case_id, version, queue, text, key or secrets.token_hex(8)),
        "passed_on",
        _pass_on_page,
        queue,
        text,
    )


@router.get("/officers/cases/{case_id}/wait")
def wait_for_whom(here: Here, case_id: CaseId) -> Response:
    """Choose whom the case waits for."""
    return _wait_page(here, open_case_for(here, case_id))


@router.post("/officers/cases/{case_id}/wait")
def wait(here: Press, case_id: CaseId, version: Version = 0, whom: Code = "") -> Response:
    """Wait for the family, or for another team."""
    desk, who = here.office.desk, here.acting

    def act(session: Session) -> Case:
        if whom == "family":
            return wait_for_family(session, desk, who, case_id, version)
        return wait_for_team(session, desk, who, case_id, version, whom)

    return chosen(here, case_id, act, "waiting", _wait_page, whom)


@router.get("/officers/cases/{case_id}/done")
def what_became_of_it(here: Here, case_id: CaseId) -> Response:
    """Choose an outcome."""
    return _done_page(here, open_case_for(here, case_id))


@router.post("/officers/cases/{case_id}/done")
def finish(here: Press, case_id: CaseId, version: Version = 0, outcome: Code = "") -> Response:
    """Close the case with its outcome. In safeguarding a second person does so too."""
    desk, who = here.office.desk, here.acting
    if outcome not in OUTCOME:
        return _done_page(here, open_case_for(here, case_id), "Choose what became of this case.", 422)
    closed: list[Case] = []

    def act(session: Session) -> Case:
        closed.append(close(session, desk, who, case_id, version, Outcome(outcome)))
        return closed[0]

    answer = chosen(here, case_id, act, "closed", _done_page, outcome)
    if closed and closed[0].closed_at is None:
        return to(f"/officers/cases/{case_id}?done=close_asked")
    return answer


Page = Callable[..., Response]


def chosen(here: Visitor, case_id: str, act: Act, said: str, page: Page, choice: str, text: str = "") -> Response:
    """Do what was chosen, or show the page again with the reason and nothing lost."""
    try:
        return done(here, case_id, act, said)
    except NoSuchCaseError as error:
        raise not_here() from error
    except REFUSED as error:
        problem = why_not(error) if choice else "Choose one."
        status = 409 if isinstance(error, CaseChangedError) else 422
        return page(here, open_case_for(here, case_id), problem, status, choice, text)


def _give_page(
    here: Visitor, view: View, problem: str = "", status: int = 200, chosen: str = "", _text: str = ""
) -> Response:
    desk, case = here.office.desk, view.case
    with reading(here.office.engine) as session:
        choices = [
            (one.id, one.name)
            for one in officers(session, desk)
            if (can := acting_now(session, desk, one.id))
            and session.exec(select(Case.id).where(visible(desk, can), Case.id == case.id)).first()
        ]
    fields = [Field("officer", "Who takes it?", choices, chosen)]
    says = ["Only colleagues who may see this queue are listed."]
    return _page(here, view, "give", "Give to a colleague", says, fields, "Give it", problem, status)


def _pass_on_page(
    here: Visitor, view: View, problem: str = "", status: int = 200, chosen: str = "", text: str = ""
) -> Response:
    queues = sorted(here.office.desk.queues.values(), key=lambda queue: queue.name)
    choices = [(queue.id, f"{queue.name}: {queue.handles}") for queue in queues if queue.id != view.case.queue]
    says = [
        "The family keeps the date they were given. They are told which team has it, but not your reason.",
        "A case passed to the safeguarding queue is passed without a word to the family.",
    ]
    fields = [Field("queue", "Which team?", choices, chosen)]
    return _page(here, view, "pass-on", "Pass on", says, fields, "Pass it on", problem, status, "Why? For staff.", text)


def _wait_page(
    here: Visitor, view: View, problem: str = "", status: int = 200, chosen: str = "", _text: str = ""
) -> Response:
    queues = sorted(here.office.desk.queues.values(), key=lambda queue: queue.name)
    teams = [(queue.id, queue.name) for queue in queues if queue.id != view.case.queue]
    says = ["The family is told what you wait for. While another team has to answer, the promised date still counts."]
    if view.case.queue == SAFEGUARDING:
        says = ["The family is told nothing."]
    fields = [Field("whom", "What does it wait for?", [("family", "The family’s answer"), *teams], chosen)]
    return _page(here, view, "wait", "Wait", says, fields, "Wait", problem, status)


def _done_page(
    here: Visitor, view: View, problem: str = "", status: int = 200, chosen: str = "", _text: str = ""
) -> Response:
    known = outcomes_for(view.case.queue)
    choices = [(outcome.value, OUTCOME[outcome.value]) for outcome in Outcome if outcome in known]
    says = ["The family is told, and can write again for four weeks."]
    if view.case.queue == SAFEGUARDING:
        says = ["Two people close a safeguarding case. The second must choose the same outcome as the first."]
    fields = [Field("outcome", "What became of it?", choices, chosen)]
    return _page(here, view, "done", "Done", says, fields, "Close the case", problem, status)


def _page(
    here: Visitor,
    view: View,
    act: str,
    heading: str,
    says: list[str],
    fields: list[Field],
    button: str,
    problem: str,
    status: int,
    words: str = "",
    text: str = "",
) -> Response:
    return here.page(
        "choose.html",
        here="Cases",
        status=status,
        view=view,
        action=f"{view.address}/{act}",
        heading=heading,
        says=says,
        fields=fields,
        button=button,
        problem=problem,
        words=words,
        text=text,
        key=secrets.token_hex(16),
    )

"""O3: several cases of the list given to one officer. Each is an act of its own: what cannot be done is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from starlette.responses import Response

from handoff.cases.errors import CaseError
from handoff.cases.ownership import assign, claim
from handoff.console.fence import ConsoleRoute
from handoff.console.visitor import Here, Press, Visitor, to
from handoff.database import reading, transaction
from handoff.officers import acting, officers
from handoff.rights import leads

router = APIRouter(route_class=ConsoleRoute)
# As many as a page of the list has.
MOST = 50
ME = "me"
Ticked = Annotated[tuple[str, ...], Form()]
Short = Annotated[str, Form(max_length=64)]
Address = Annotated[str, Form(max_length=400)]


@router.post("/officers/queues/give")
def give_many(here: Press, officer: Short = ME, back: Address = "", case: Ticked = ()) -> Response:
    """Give the ticked cases to an officer, or take them; then the list again, with how many went and how many not."""
    went = sum(_given(here, one, officer) for one in case[:MOST])
    parts = {"given": went, "left": len(case[:MOST]) - went, "to": officer}
    path, _, query = (back if back.startswith("/officers/queues") else "/officers/queues").partition("?")
    return to(f"{path}?{query}{'&' if query else ''}{urlencode(parts)}")


def takers(here: Visitor) -> list[tuple[str, str]]:
    """To whom this officer may give cases: to themselves, and, who leads, to colleagues who see one of their queues."""
    mine = [(ME, "You")]
    if not leads(here.acting):
        return mine
    desk = here.office.desk
    with reading(here.office.engine) as session:
        others = [(one, acting(session, desk, one.id)) for one in officers(session, desk)]
    return mine + [
        (one.id, one.name)
        for one, can in others
        if can and one.id != here.acting.officer_id and can.queues & here.acting.queues
    ]


def said_given(given: Mapping[str, str]) -> str:
    """What was done, for the top of the list; empty when nothing was."""
    went, left = (given.get(name, "") for name in ("given", "left"))
    if not (went.isascii() and went.isdigit() and left.isascii() and left.isdigit() and len(went + left) < 6):
        return ""
    if went == left == "0":
        return "Tick the cases first."
    owner = "yours now" if given.get("to") == ME else "your colleague’s now"
    said = f"{went} {'case is' if went == '1' else 'cases are'} {owner}."
    if left == "0":
        return said
    why = "somebody has it already, it changed meanwhile, or they do not see its queue"
    return f"{said} {left} could not be given: {why}."


def _given(here: Here, ticked: str, officer: str) -> bool:
    id, _, version = ticked.partition(":")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        return False
    desk, who = here.office.desk, here.acting
    try:
        with transaction(here.office.engine) as session:
            if officer == ME:
                claim(session, desk, who, id, int(version))
            else:
                assign(session, desk, who, id, int(version), officer)
    except CaseError:
        return False
    return True

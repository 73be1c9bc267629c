"""O12, as far as it goes: off switches with their reasons, and each queue's hours, closures and reply standard.

Hours, closures and standards come from the pack's files, and are shown here to be checked; they are changed there.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from handoff.console.fence import ConsoleRoute
from handoff.console.files_page import FILES
from handoff.console.visitor import Here, Press, Visitor, only, to
from handoff.database import reading, transaction
from handoff.models import OfficerRole
from handoff.officers import names
from handoff.switches import Part, SwitchError, turn, turns

router = APIRouter(route_class=ConsoleRoute)
MAY_LOOK = (OfficerRole.LEAD, OfficerRole.ADMIN)
PARTS = {
    Part.WEB: ("The web pages", "The pages show the numbers to ring in danger and how to reach a person."),
    Part.BOT: ("Messages from apps", "Help in danger is still told."),
    Part.ANSWERING: ("Answers", "Help in danger and the way to a person stay."),
    Part.INGESTION: ("Taking in new text", "Answers go on from the text there is."),
}
Short = Annotated[str, Form(max_length=2000)]


@router.get("/officers/settings")
def settings(here: Here, done: str = "") -> Response:
    """What is off and why, and when the teams are open. For leads and administrators."""
    return _page(here, done=done in ("on", "off"))


@router.post("/officers/settings")
def switch(here: Press, part: Short = "", do: Short = "", reason: Short = "") -> Response:
    """Turn a part of the service off or on, with a reason. For administrators."""
    only(here, OfficerRole.ADMIN)
    if part not in list(Part) or do not in ("on", "off"):
        return _page(here, problem="Use the page's own buttons.", status=422)
    office = here.office
    try:
        with transaction(office.engine) as session:
            turn(session, office.desk, Part(part), off=do == "off", reason=reason, by=here.acting.officer_id)
    except SwitchError as error:
        return _page(here, problem=str(error), at=part, reason=reason, status=422)
    return to(f"/officers/settings?done={do}")


def _page(
    here: Visitor, *, problem: str = "", at: str = "", reason: str = "", done: bool = False, status: int = 200
) -> Response:
    only(here, *MAY_LOOK)
    office = here.office
    with reading(office.engine) as session:
        last, known = turns(session, office.desk), names(session, office.desk)
    return here.page(
        "settings.html",
        here="Settings",
        status=status,
        problem=problem,
        at=at,
        reason=reason,
        done=done,
        parts=[(part, *PARTS[part], last.get(part)) for part in Part],
        names=known,
        files=FILES if office.library else {},
        rules=sorted(office.desk.rules.items()),
        may_turn=here.acting.role is OfficerRole.ADMIN,
        queues=sorted(office.desk.queues.values(), key=lambda queue: queue.name),
    )

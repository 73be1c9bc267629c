"""Letters that did not arrive: the dead, and those late on their way. Never what they say, or to whom."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from sqlmodel import Session, col, select
from starlette.responses import Response

from handoff import audit
from handoff.console.fence import ConsoleRoute
from handoff.console.visitor import Here, Press, only, to
from handoff.database import reading, transaction
from handoff.models import Case, OfficerRole
from handoff.rights import visible
from handoff.undelivered import Undelivered, dead, late, retry

router = APIRouter(route_class=ConsoleRoute)
MAY_LOOK = (OfficerRole.LEAD, OfficerRole.ADMIN)
DONE = {"again": "It is tried again now.", "gone": "It is not among the letters that died any more."}


@router.get("/officers/letters")
def letters(here: Here, done: str = "") -> Response:
    """Both lists, each letter with the case it belongs to, where this officer may see it."""
    only(here, *MAY_LOOK)
    with reading(here.office.engine) as session:
        died, slow = dead(session, here.office.desk), late(session, here.office.desk)
        cases = _cases(session, here, [*died, *slow])
    return here.page("letters.html", here="Settings", dead=died, late=slow, cases=cases, done=DONE.get(done, ""))


@router.post("/officers/letters/{id}/again")
def send_again(here: Press, id: Annotated[str, Path(pattern=r"^[0-9A-Za-z]{1,64}$")]) -> Response:
    """Try a letter that died once more, from now."""
    only(here, *MAY_LOOK)
    desk = here.office.desk
    with transaction(here.office.engine) as session:
        again = retry(session, desk, id)
        if again:
            audit.record(session, desk, actor=here.acting.officer_id, act="retried", kind="letter", subject=id)
    return to(f"/officers/letters?done={'again' if again else 'gone'}")


def _cases(session: Session, here: Here, letters: list[Undelivered]) -> dict[str, tuple[str, str]]:
    """Of the letters' conversations, the newest case each that this officer may see: its id and reference."""
    talks = {one.line for one in letters}
    mine = (
        select(Case.conversation_id, Case.id, Case.reference)
        .where(visible(here.office.desk, here.acting), col(Case.conversation_id).in_(talks))
        .order_by(col(Case.opened_at))
    )
    return {talk: (id, reference) for talk, id, reference in session.exec(mine).all()} if talks else {}

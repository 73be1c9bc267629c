"""O13: who saw or changed what, newest first. Nobody can change it, and looking at it is an entry too."""

from __future__ import annotations

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import Response

from handoff import audit
from handoff.console.fence import ConsoleRoute
from handoff.console.visitor import Here, only
from handoff.database import transaction
from handoff.models import AuditEntry, OfficerRole
from handoff.officers import names

router = APIRouter(route_class=ConsoleRoute)
PAGE = 100


@router.get("/officers/audit")
def entries(here: Here, actor: str = "", act: str = "", subject: str = "", before: str = "") -> Response:
    """The chain's entries, those of one actor, act or subject when the address says so. For administrators."""
    only(here, OfficerRole.ADMIN)
    desk = here.office.desk
    wanted = {
        name: given[:64] for name, given in (("actor", actor), ("act", act), ("subject", subject)) if _code(given)
    }
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else 0
    found = select(AuditEntry).where(AuditEntry.pack == desk.pack)
    for name, given in wanted.items():
        found = found.where(col(getattr(AuditEntry, name)) == given)
    if number:
        found = found.where(col(AuditEntry.number) < number)
    with transaction(here.office.engine) as session:
        rows = session.exec(found.order_by(col(AuditEntry.number).desc()).limit(PAGE)).all()
        known = names(session, desk)
        who = here.acting.officer_id
        audit.record(session, desk, actor=who, act="saw", kind="audit", subject=desk.pack, detail=",".join(wanted))
    return here.page("audit.html", here="Audit", rows=rows, names=known, wanted=wanted, more=len(rows) == PAGE)


def _code(given: str) -> bool:
    """True for what could be an id or a code: anything else is in no entry."""
    return bool(given) and audit.CODES.fullmatch(given) is not None

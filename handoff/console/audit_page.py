"""O13: who saw or changed what, newest first. Nobody can change it, and looking at it is an entry too."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import Response

from handoff import audit
from handoff.console.csv_cells import csv_of
from handoff.console.fence import ConsoleRoute
from handoff.console.visitor import Here, Visitor, only
from handoff.database import transaction
from handoff.models import AuditEntry, OfficerRole
from handoff.officers import names

router = APIRouter(route_class=ConsoleRoute)
PAGE = 100
MOST = 10_000
HEAD = ("Number", "When (UTC)", "Who", "What", "Kind", "Of", "More")


@router.get("/officers/audit")
def entries(here: Here, actor: str = "", act: str = "", subject: str = "", before: str = "") -> Response:
    """The chain's entries, those of one actor, act or subject when the address says so. For administrators."""
    only(here, OfficerRole.ADMIN)
    wanted = _wanted(actor, act, subject)
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else 0
    rows, known = _found(here, wanted, number, PAGE, "saw")
    return here.page("audit.html", here="Audit", rows=rows, names=known, wanted=wanted, more=len(rows) == PAGE)


@router.get("/officers/audit.csv")
def as_csv(here: Here, actor: str = "", act: str = "", subject: str = "") -> Response:
    """The newest of these entries as a file, 10,000 at most. That it was taken is an entry too."""
    only(here, OfficerRole.ADMIN)
    rows, known = _found(here, _wanted(actor, act, subject), 0, MOST, "exported")
    cells = [
        (
            str(row.number),
            row.at.isoformat(),
            known.get(row.actor, row.actor),
            row.act,
            row.kind,
            row.subject,
            row.detail,
        )
        for row in rows
    ]
    headers = {"Content-Disposition": f'attachment; filename="{here.office.desk.pack}-audit.csv"'}
    return Response(csv_of([HEAD, *cells]), media_type="text/csv; charset=utf-8", headers=headers)


def _wanted(actor: str, act: str, subject: str) -> dict[str, str]:
    given = (("actor", actor), ("act", act), ("subject", subject))
    return {name: value[:64] for name, value in given if _code(value)}


def _found(
    here: Visitor, wanted: dict[str, str], before: int, limit: int, seen: str
) -> tuple[Sequence[AuditEntry], dict[str, str]]:
    desk = here.office.desk
    found = select(AuditEntry).where(AuditEntry.pack == desk.pack)
    for name, given in wanted.items():
        found = found.where(col(getattr(AuditEntry, name)) == given)
    if before:
        found = found.where(col(AuditEntry.number) < before)
    with transaction(here.office.engine) as session:
        rows = session.exec(found.order_by(col(AuditEntry.number).desc()).limit(limit)).all()
        who = here.acting.officer_id
        audit.record(session, desk, actor=who, act=seen, kind="audit", subject=desk.pack, detail=",".join(wanted))
        return rows, names(session, desk)


def _code(given: str) -> bool:
    """True for what could be an id or a code: anything else is in no entry."""
    return bool(given) and audit.CODES.fullmatch(given) is not None

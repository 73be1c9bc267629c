"""O11: tables first, a chart under each, each as CSV. For leads and administrators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path
from markupsafe import Markup
from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response

from handoff import audit
from handoff.console.charts import bars
from handoff.console.csv_cells import csv_of
from handoff.console.fence import ConsoleRoute
from handoff.console.visitor import Here, Visitor, only
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.gaps import answered_since
from handoff.models import OfficerRole
from handoff.reports import (
    FEWEST,
    Count,
    conversations,
    handovers,
    helped,
    languages,
    month_ago,
    promises,
    share,
    shown,
)

router = APIRouter(route_class=ConsoleRoute)
MAY_LOOK = (OfficerRole.LEAD, OfficerRole.ADMIN)
YEAR = timedelta(days=365)
# As long as a mark of a settled question is kept.
QUARTER = timedelta(days=90)
SAID = "said"
OUTCOME = {
    "answer": "Answered",
    "conflict": "Answered, with pages that differ",
    "clarify": "Asked back",
    "abstain": "Not found",
    "out_of_area": "Not this council",
    "handoff": "To a person",
    "booking": "An appointment",
    "eligibility": "A view on help in school",
}
HELPED = {"yes": "Yes", "partly": "Partly", "no": "No"}


@dataclass(frozen=True)
class Table:
    """One table as it is shown: each row's label, count and share, all as words; the chart; what it counts."""

    id: str
    title: str
    what: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]
    chart: Markup
    links: tuple[str, ...] = ()


@router.get("/officers/reports")
def reports(here: Here) -> Response:
    """Every table."""
    only(here, *MAY_LOOK)
    with reading(here.office.engine) as session:
        tables = [_table(here, session, id) for id in KNOWN]
    return here.page("reports.html", here="Reports", tables=tables)


@router.get("/officers/reports/{id}.csv")
def as_csv(here: Here, id: Annotated[str, Path(pattern=r"^[a-z]{1,20}$")]) -> Response:
    """One table as a file; that it was taken is noted."""
    only(here, *MAY_LOOK)
    if id not in KNOWN:
        raise HTTPException(404)
    desk = here.office.desk
    with transaction(here.office.engine) as session:
        table = _table(here, session, id)
        audit.record(session, desk, actor=here.acting.officer_id, act="exported", kind="report", subject=id)
    headers = {"Content-Disposition": f'attachment; filename="{desk.pack}-{id}.csv"'}
    return Response(csv_of([table.head, *table.rows]), media_type="text/csv; charset=utf-8", headers=headers)


Counting = Callable[[Session, Desk, datetime], list[Count]]


def _kept(session: Session, desk: Desk, now: datetime) -> list[Count]:
    return promises(session, desk, now - YEAR, now)


def _said(session: Session, desk: Desk, now: datetime) -> list[Count]:
    """Texts that settled what was not answered; those that settled few questions are left out of what is published."""
    found = answered_since(session, desk, now - QUARTER)
    return [Count(one.section, one.questions) for one in found if one.questions >= FEWEST]


# By id: the title, what is counted, the name of the share, and how it is counted.
KNOWN: dict[str, tuple[str, str, str, Counting]] = {
    "answers": (
        "What became of messages",
        "Messages of the last 30 days, by kind of answer.",
        "",
        lambda session, desk, now: conversations(session, desk, month_ago(now)),
    ),
    "languages": (
        "Languages",
        "Messages of the last 30 days, and how many of them found an answer.",
        "Found an answer",
        lambda session, desk, now: languages(session, desk, month_ago(now)),
    ),
    "helped": (
        "Did it help?",
        "What families said of answers in the last 30 days.",
        "",
        lambda session, desk, now: helped(session, desk, month_ago(now)),
    ),
    "handovers": (
        "Requests for a person",
        "Requests of the last year, by team. Safeguarding is not counted.",
        "",
        lambda session, desk, now: handovers(session, desk, now - YEAR),
    ),
    "promises": (
        "Promises kept",
        "Requests of the last year that were due or answered, and how many were answered by the first date given.",
        "Answered in time",
        _kept,
    ),
    SAID: (
        "You said, we did: a draft",
        "Questions of the last 90 days that found no answer, and the text that answers them now. For the council’s "
        "yearly statement: say in your own words what was done.",
        "",
        _said,
    ),
}


def _table(here: Visitor, session: Session, id: str) -> Table:
    title, what, well, counting = KNOWN[id]
    desk = here.office.desk
    counts = counting(session, desk, desk.now())
    said = shown([one.total for one in counts])
    rows = [
        (_label(here, id, one.label), number, *([share(one.well, one.total)] if well else []))
        for one, number in zip(counts, said, strict=True)
    ]
    # A bar is as long as the number that may be shown, and no longer.
    lengths = [(row[0], int(row[1]) if row[1].isdigit() else 0, row[-1] if well else row[1]) for row in rows]
    head = ("", "How many", *([well] if well else []))
    links = tuple(f"/officers/knowledge/texts/{one.label.replace('#', '/')}" for one in counts) if id == SAID else ()
    return Table(id, title, f"{what} Counts under {FEWEST} are not shown.", head, rows, bars(title, lengths), links)


def _label(here: Visitor, id: str, label: str) -> str:
    if id == "languages":
        return here.office.language(label)
    if id == SAID:
        return here.office.title_of(label)
    if id in ("handovers", "promises"):
        return here.queue_name(label)
    return (OUTCOME if id == "answers" else HELPED).get(label, label)

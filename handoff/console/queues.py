"""O2 and O3: what is due today, and the cases in one's queues. The filter is the address."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from handoff.console.fence import ConsoleRoute
from handoff.console.listing import PAGE, Filter, counted, listed, read_filter
from handoff.console.live_page import NUMBERS as LIVE
from handoff.console.visitor import Here, Visitor
from handoff.database import reading
from handoff.officers import names

router = APIRouter(route_class=ConsoleRoute)
NUMBERS = (
    ("late", "Late", "past the date the family was given", LIVE["late"]),
    ("today", "Due today", "to be answered before midnight", LIVE["today"]),
    ("mine", "Yours", "cases you have taken", LIVE["mine"]),
    ("nobody", "Nobody’s yet", "waiting for someone to take them", LIVE["nobody"]),
)


@router.get("/officers")
def today(here: Here) -> Response:
    """Numbers with links, and the newest cases."""
    office, acting = here.office, here.acting
    here.request.state.live = True
    with reading(office.engine) as session:
        numbers = [
            (name, title, more, counted(session, office.desk, acting, wanted), wanted.address())
            for name, title, more, wanted in NUMBERS
        ]
        newest, _ = listed(session, office.desk, acting, Filter(sort="opened_at"))
        known = names(session, office.desk)
    return here.page("today.html", here="Today", numbers=numbers, rows=newest[:5], names=known)


@router.get("/officers/queues")
def cases(here: Here) -> Response:
    """The cases in one's queues, the earliest reply-by date first."""
    office, acting = here.office, here.acting
    here.request.state.live = True
    wanted = read_filter(here.request.query_params, office.desk)
    with reading(office.engine) as session:
        rows, count = listed(session, office.desk, acting, wanted)
        known = names(session, office.desk)
    return here.page(
        "queues.html",
        here="Cases",
        rows=rows,
        count=count,
        pages=max(1, -(-count // PAGE)),
        wanted=wanted,
        names=known,
        queues=my_queues(here),
    )


def my_queues(here: Visitor) -> list[tuple[str, str]]:
    """The queues this officer may see, by name."""
    return sorted(((id, here.queue_name(id)) for id in here.acting.queues), key=lambda queue: queue[1])

"""O2 and O3: what is due today, and the cases in one's queues. The filter is the address."""

from __future__ import annotations

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from handoff.audit import last_act_before
from handoff.console.fence import ConsoleRoute
from handoff.console.letters_page import MAY_LOOK
from handoff.console.librarian import today_of
from handoff.console.listing import PAGE, Filter, counted, listed, read_filter
from handoff.console.live_page import NUMBERS as LIVE
from handoff.console.many import said_given, takers
from handoff.console.visitor import Here, Visitor
from handoff.database import reading
from handoff.officers import names
from handoff.surgeries.reading import sessions_on
from handoff.surgeries.rights import QUEUE as SURGERY
from handoff.undelivered import how_many_died
from knowledge.dates_in_words import local_day

router = APIRouter(route_class=ConsoleRoute)
FIRST = 5
NUMBERS = (
    ("late", "Late", "past the date the family was given", LIVE["late"]),
    ("today", "Due today", "to be answered before midnight", LIVE["today"]),
    ("mine", "Yours", "cases you have taken", LIVE["mine"]),
    ("nobody", "Nobody’s yet", "waiting for someone to take them", LIVE["nobody"]),
)


@router.get("/officers")
def today(here: Here) -> Response:
    """Numbers with links, and what is new since this officer last looked."""
    office, acting = here.office, here.acting
    with reading(office.engine) as session:
        numbers = [
            (name, title, more, counted(session, office.desk, acting, wanted), wanted.address())
            for name, title, more, wanted in NUMBERS
        ]
        looked_at = last_act_before(session, office.desk, acting.officer_id, here.signed.since)
        newest, count = listed(session, office.desk, acting, Filter(sort="opened_at"), since=looked_at)
        known = names(session, office.desk)
        numbers[2:2] = [*_sessions_today(here, session), *_past_review(here), *_not_delivered(here, session)]
    return here.page(
        "today.html",
        here="Today",
        numbers=numbers,
        rows=newest[:FIRST],
        count=count,
        since=looked_at,
        names=known,
        live_names=LIVE,
    )


Number = tuple[str, str, str, int, str]


def _sessions_today(here: Visitor, session: Session) -> list[Number]:
    """How many surgery sessions are held today, for whoever runs them."""
    desk = here.office.desk
    if SURGERY not in here.acting.queues:
        return []
    count = sessions_on(session, desk, here.acting, local_day(desk.now()))
    return [("sessions", "Surgeries today", "sessions families come to", count, "/officers/bookings?past=yes")]


def _not_delivered(here: Visitor, session: Session) -> list[Number]:
    """Letters that died, for whoever may look at them; nothing while there are none."""
    if here.acting.role not in MAY_LOOK or not (count := how_many_died(session, here.office.desk)):
        return []
    return [("letters", "Not delivered", "letters nobody tries any more", count, "/officers/letters")]


def _past_review(here: Visitor) -> list[Number]:
    """How many sources are past their review date, where the office has its texts here."""
    if here.office.library is None:
        return []
    today = today_of(here)
    count = sum(source.past_review(today) for source in here.office.library.pack().sources.values())
    return [("review", "Past review", "sources nobody has checked in time", count, "/officers/knowledge?state=stale")]


@router.get("/officers/queues")
def cases(here: Here) -> Response:
    """The cases in one's queues, the earliest reply-by date first."""
    office, acting = here.office, here.acting
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
        takers=takers(here),
        given=said_given(here.request.query_params),
    )


def my_queues(here: Visitor) -> list[tuple[str, str]]:
    """The queues this officer may see, by name."""
    return sorted(((id, here.queue_name(id)) for id in here.acting.queues), key=lambda queue: queue[1])

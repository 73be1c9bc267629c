"""O10 on the day: the door list, who came and who did not, and who walked in. Each look at the list is noted."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form
from sqlmodel import Session
from starlette.responses import Response

from handoff import receipts
from handoff.bookings.errors import SlotTakenError
from handoff.bookings.visit import TOPICS
from handoff.console.bookings import need_words
from handoff.console.fence import ConsoleRoute
from handoff.console.runner import Runner, RunnerPress, SurgeryId, inside, opened
from handoff.console.visitor import Visitor, to
from handoff.surgeries.on_the_day import AtTheDoor, arrived, door_list, no_show, walk_in, walk_ins
from handoff.surgeries.planning import PlanError

router = APIRouter(route_class=ConsoleRoute)
Code = Annotated[str, Form(max_length=64)]
DONE = {
    "came": "Noted: they came.",
    "missed": "Noted: they did not come.",
    "walked_in": "Noted: somebody came without booking.",
}


@router.get("/officers/bookings/{id}/door")
def door(here: Runner, id: SurgeryId, done: str = "") -> Response:
    """Who is expected, by time. Printing the page leaves the buttons out and gives a box to tick."""
    return _page(here, id, done=DONE.get(done, ""))


@router.post("/officers/bookings/{id}/door")
def note(here: RunnerPress, id: SurgeryId, reference: Code = "", do: Code = "") -> Response:
    """They came, or they did not. Pressing the other button changes it."""
    desk, who = here.office.desk, here.acting
    turn = arrived if do == "came" else no_show
    return _done(here, id, lambda session: turn(session, desk, who, reference), "came" if do == "came" else "missed")


@router.post("/officers/bookings/{id}/walk-in")
def came_in(here: RunnerPress, id: SurgeryId, topic: Code = "", slot: Code = "", key: Code = "") -> Response:
    """Somebody came without booking; once for each form, however often it is sent."""
    one, desk = opened(here, id), here.office.desk

    def act(session: Session) -> None:
        request = f"walk_in:{id}:{topic}:{slot}"
        if receipts.earlier(session, desk, key or secrets.token_hex(8), request) is None:
            row = walk_in(session, desk, here.acting, one.surgery.code, topic if topic in TOPICS else "", slot)
            if key:
                receipts.keep(session, desk, key, request, row.id)

    return _done(here, id, act, "walked_in")


def _done(here: Visitor, id: str, act: Callable[[Session], object], said: str) -> Response:
    try:
        inside(here, act)
    except SlotTakenError:
        return _page(here, id, problem="That time has no place left. Choose another.", status=409)
    except (PlanError, receipts.KeyReusedError) as error:
        return _page(here, id, problem=str(error), status=422)
    return to(f"/officers/bookings/{id}/door?done={said}")


def _page(here: Visitor, id: str, *, done: str = "", problem: str = "", status: int = 200) -> Response:
    one, desk = opened(here, id), here.office.desk

    def look(session: Session) -> tuple[tuple[AtTheDoor, ...], int]:
        listed = door_list(session, desk, here.acting, one.surgery.code)
        return listed, walk_ins(session, desk, here.acting, one.surgery.id)

    lines, walked = inside(here, look)
    return here.page(
        "door.html",
        here="Bookings",
        status=status,
        one=one,
        lines=lines,
        walked=walked,
        need=lambda code: need_words(desk, code),
        topic=lambda code: desk.say(f"booking_topic_{code}"),
        topics=TOPICS,
        free=[slot for slot in one.slots if slot.taken < slot.capacity],
        key=secrets.token_hex(16),
        done=done,
        problem=problem,
    )

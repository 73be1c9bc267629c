"""Who may open the pages of surgery sessions: officers named for the surgery queue, and what they are told if not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Path
from sqlmodel import Session
from starlette.exceptions import HTTPException

from handoff.console.visitor import Here, Press, Visitor
from handoff.database import transaction
from handoff.rights import Acting
from handoff.surgeries.reading import NoSuchSurgeryError, Opened, open_surgery
from handoff.surgeries.rights import MayNotRunError, check_may_run

SurgeryId = Annotated[str, Path(pattern=r"^[0-9A-Za-z]{1,64}$")]
T = TypeVar("T")


def _check(acting: Acting) -> None:
    try:
        check_may_run(acting)
    except MayNotRunError as error:
        raise HTTPException(403) from error


def _runner(here: Here) -> Visitor:
    _check(here.acting)
    return here


def _pressing(here: Press) -> Visitor:
    _check(here.acting)
    return here


Runner = Annotated[Visitor, Depends(_runner)]
RunnerPress = Annotated[Visitor, Depends(_pressing)]


def opened(here: Visitor, id: str) -> Opened:
    """The session; raises a "not here" page when there is none."""
    return inside(here, lambda session: open_surgery(session, here.office.desk, here.acting, id))


def inside(here: Visitor, act: Callable[[Session], T]) -> T:
    """What `act` gives, done in one transaction; raises a "not here" page for a session that is not there."""
    try:
        with transaction(here.office.engine) as session:
            return act(session)
    except NoSuchSurgeryError as error:
        raise HTTPException(404) from error

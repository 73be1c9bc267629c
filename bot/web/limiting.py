"""Who asks too often is told to wait; someone who may be at risk never is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from starlette.requests import Request

from bot.limits import network_of
from bot.steps.urgent import kind_of_risk
from bot.web.lanes import BusyError
from bot.web.site import Site, site_of

Result = TypeVar("Result")


class WaitError(Exception):
    """Asked too often: wait `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__("Asked too often.")
        self.seconds = seconds


async def or_wait(request: Request, text: str, session: str | None, kind: str = "conversation") -> None:
    """Count this message. Raises `WaitError` when it is one too many and no rule sees a risk in it."""
    site = site_of(request)
    buckets = [("address", caller(request)), ("council", site.pack.id)]
    if session is not None:
        buckets.insert(0, (kind, session))
    seconds = site.limits.wait(*buckets)
    if seconds and not by_rule(site, text):
        raise WaitError(seconds)


def by_rule(site: Site, text: str) -> bool:
    """Whether a rule alone sees someone at risk: it needs no model and takes a moment."""
    return kind_of_risk(site.pack, text, lambda _: None) is not None


def caller(request: Request) -> str:
    """The network address a request came from: the server knows it, through one proxy at most."""
    return network_of(request.client.host if request.client else "nowhere")


async def on_a_lane(site: Site, text: str, work: Callable[[], Result]) -> Result:
    """Do `work` as soon as its lane allows. Raises `BusyError` when too many wait and nobody is at risk."""
    if by_rule(site, text):
        return await site.lanes.urgent(work)
    if not site.lanes.full:
        return await site.lanes.ordinary(work)
    assistant = site.front.office.assistant
    if await site.lanes.judge(lambda: assistant.urgency(text) is not None, unless=False):
        return await site.lanes.urgent(work)
    raise BusyError

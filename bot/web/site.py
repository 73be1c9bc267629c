"""What every page works with, put together once by `create_app`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from starlette.requests import Request

from bot.front_desk import FrontDesk
from bot.limits import Limits
from bot.settings import Settings
from bot.web.arrivals import Arrivals
from bot.web.lanes import Lanes
from bot.web.security import Policy
from handoff.desk import Desk
from knowledge.pack import Pack


@dataclass(frozen=True)
class Site:
    """The front desk behind the pages, the operator's settings, and what this process keeps in memory."""

    front: FrontDesk
    settings: Settings
    policy: Policy
    limits: Limits
    lanes: Lanes
    arrivals: Arrivals
    now: Callable[[], datetime]
    new_id: Callable[[], str]

    @property
    def pack(self) -> Pack:
        """The council's pack, as the running index has it."""
        return self.front.office.assistant.engine.pack

    @property
    def desk(self) -> Desk:
        return self.front.office.desk

    def sign(self, text: str) -> str:
        """A keyed hash of `text` that only this service can make."""
        return self.desk.vault.fingerprint(f"web:{text}")


def site_of(request: Request) -> Site:
    """The site this request came to."""
    site: Site = request.app.state.site
    return site


def policy_of(settings: Settings, pack: Pack) -> Policy:
    """What the settings and the pack say about frames, names and https."""
    public = urlsplit(settings.address)
    here = ("127.0.0.1", "localhost")
    secure = public.scheme == "https"
    # Without https there is no public address yet, and any name is one for trying things out.
    hosts = (public.hostname, *here) if secure and public.hostname else ()
    leave = urlsplit(settings.exit_to)
    return Policy(settings.frame_hosts or pack.frame_hosts, hosts, secure, f"{leave.scheme}://{leave.netloc}")

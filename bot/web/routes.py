"""The web application: its pages, the same pages in the panel that other sites may frame, the API, health."""

from __future__ import annotations

import time
from dataclasses import replace

from fastapi import FastAPI

from bot.front_desk import FrontDesk
from bot.limits import Limits, rates_for
from bot.settings import Settings
from bot.web import (
    api,
    ask_pages,
    booked_pages,
    booking_pages,
    events,
    feedback_pages,
    hearing_pages,
    mail_pages,
    memory_pages,
    notices,
    own_pages,
    person_pages,
    source_pages,
    static,
    status_pages,
    widget,
)
from bot.web.arrivals import Arrivals
from bot.web.faults import fault_page, say_faults_plainly
from bot.web.lanes import Lanes
from bot.web.off import WebOff
from bot.web.officers import officers_pages
from bot.web.security import PANEL, Guard
from bot.web.senco import check_pages, dates_pages, directory_pages, pack_pages, plan_pages, saved_pages, school_pages
from bot.web.site import Site, policy_of
from bot.web.telegram_hook import Receiver, telegram_hook
from bot.web.watching import watching
from handoff.desk import new_id, utc_now

FOR_SCHOOLS = (check_pages, pack_pages, saved_pages, dates_pages, plan_pages, directory_pages, school_pages)
SENCO = tuple(one.router for one in FOR_SCHOOLS)
PAGES = (
    ask_pages.router,
    events.router,
    source_pages.router,
    feedback_pages.router,
    hearing_pages.router,
    mail_pages.router,
    person_pages.router,
    status_pages.router,
    memory_pages.router,
    own_pages.router,
    notices.router,
    booking_pages.router,
    booked_pages.router,
    *SENCO,
)


def create_app(
    front: FrontDesk, settings: Settings | None = None, *, site: Site | None = None, telegram: Receiver | None = None
) -> FastAPI:
    """The web application over `front`. `site` replaces every part at once, for tests; `telegram` takes updates."""
    # FastAPI's own reference page loads scripts from outside; ours works with no network and no script.
    about = "Answers about SEND from a council's own pages, with sources."
    app = FastAPI(title="Askwell", description=about, docs_url=None, redoc_url=None)
    app.state.site = site or site_for(front, settings or Settings())
    app.add_middleware(WebOff, switches=front.office.switches)
    app.add_middleware(Guard, policy=app.state.site.policy, fault=fault_page)
    say_faults_plainly(app)
    for router in PAGES:
        app.include_router(router)
        app.include_router(router, prefix=PANEL)
    for router in (static.router, widget.router, api.router, officers_pages(front, app.state.site.settings)):
        app.include_router(router)
    app.include_router(telegram_hook(telegram))
    app.include_router(watching(front, app.state.site.settings.metrics_token))
    return app


def site_for(front: FrontDesk, settings: Settings, **parts: object) -> Site:
    """The site of one process."""
    office = front.office
    pack = office.assistant.engine.pack
    made = Site(
        front=front,
        settings=settings,
        policy=policy_of(settings, pack),
        limits=Limits(time.monotonic, rates_for(settings.address_a_minute, settings.council_a_minute)),
        lanes=Lanes(),
        arrivals=Arrivals(office.engine, office.desk.pack, utc_now),
        now=utc_now,
        new_id=new_id,
    )
    return replace(made, **parts)  # type: ignore[arg-type]

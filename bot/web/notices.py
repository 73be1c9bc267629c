"""Privacy, accessibility and about: made from the running service's own rules, settings, pack and test results."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from bot.web.cookies import DAYS
from bot.web.layout import page
from bot.web.site import Site, site_of
from bot.web.view import View, view_of
from handoff.data_register import Audience, data_register
from handoff.retention_rules import Rule

router = APIRouter(include_in_schema=False)
# Requests that are kept longer than the others, by rule.
LONGER = ("complaint_case", "data_complaint", "safeguarding_case")
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Kept:
    """One kind of record, as the privacy page says it."""

    holds: str
    purpose: str
    time: str
    reason: str


@router.get("/privacy")
async def privacy(request: Request) -> Response:
    """What is kept, why and for how long, from the register and the rules that the sweep follows."""
    site, view = site_of(request), view_of(request)
    email = "on" if site.settings.smtp_url else "off"
    return page(
        request,
        "privacy.html",
        view=view,
        title="privacy_title",
        controller=controller_of(site),
        kept=kept_of_families(site, view),
        bases=sorted({data_register().bases[one.basis] for one in data_register().tables.values()}),
        cookie_days=DAYS,
        where=[view.plain(f"privacy_where_{what}") for what in ("here", "sealed", f"email_{email}")],
        contact=contact(site, "privacy"),
    )


@router.get("/accessibility")
async def accessibility(request: Request) -> Response:
    """The statement the law asks for, with what the tests found."""
    held = statement()
    return page(
        request,
        "accessibility.html",
        title="accessibility_title",
        known=held["known"],
        tested=held["tested"],
        contact=contact(site_of(request), "local_offer"),
    )


@router.get("/about")
async def about(request: Request) -> Response:
    """What the service covers, and how often it is right."""
    site = site_of(request)
    pack, today = site.pack, site.front.office.assistant.engine.today()
    languages = pack.phrases.languages.values()
    return page(
        request,
        "about.html",
        title="about_title",
        subjects=len(pack.articles),
        sections=f"{len(pack.sections):,}",
        sources=sum(1 for one in pack.sources.values() if one.url),
        checked=sum(1 for one in pack.sources.values() if one.checked),
        past=sum(1 for one in pack.sources.values() if one.past_review(today)),
        languages=", ".join(one.own_name for one in languages),
        spoken=", ".join(one.own_name for one in languages if one.checked),
        titles=sorted(article.title for article in pack.articles.values()),
        figures=[one["says"] for one in measured()],
        contact=contact(site, "local_offer"),
    )


def kept_of_families(site: Site, view: View) -> list[Kept]:
    """Each kind of record that holds anything of a family, with the rule it is swept by."""
    register = data_register()
    tables = (
        one
        for one in register.tables.values()
        if any(field.audience in (Audience.FAMILY, Audience.OFFICER) for field in one.fields.values())
    )
    rules = site.desk.rules
    always = [
        Kept(one.holds, register.purposes[one.purpose], said_time(view, rules[one.rule]), rules[one.rule].why)
        for one in tables
    ]
    longer = [
        Kept(view.plain(f"privacy_{name}"), register.purposes["rights"], said_time(view, rules[name]), rules[name].why)
        for name in LONGER
    ]
    return [*always, *longer]


def said_time(view: View, rule: Rule) -> str:
    """How long, in words."""
    key = "privacy_at_once" if rule.days == 0 else "privacy_day" if rule.days == 1 else "privacy_days"
    said = view.plain(key, days=f"{rule.days:,}", after=rule.after)
    return f"{said}. {view.plain('privacy_duty')}" if rule.duty else said


def controller_of(site: Site) -> str:
    """Who decides about the data: the council, by its full name."""
    return site.pack.full_name or site.pack.council


def contact(site: Site, queue: str) -> str:
    """The published way to the team of `queue`, or to the Local Offer team."""
    contacts = site.pack.contacts
    found = contacts.get(queue) or contacts["local_offer"]
    return f"{found.name}, {found.says('contact')}"


@cache
def statement() -> dict[str, Any]:
    """What the accessibility page says, as data."""
    held: dict[str, Any] = yaml.safe_load((FOLDER / "accessibility.yaml").read_text(encoding="utf-8"))
    return held


@cache
def measured() -> list[dict[str, str]]:
    """The figures of accuracy, each with its command."""
    held: list[dict[str, str]] = yaml.safe_load((FOLDER / "measured.yaml").read_text(encoding="utf-8"))
    return held

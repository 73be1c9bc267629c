"""Every page and state of the web door, each opened in a real browser, on a little council that speaks Urdu."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from little_council import LITTLE, little_engine, write_pack
from small_surgeries import Surgeries
from sqlmodel import select
from web_house import app_for

from bot.assistant import Assistant
from bot.limits import RATES, Limits
from bot.web.handing_over import Draft, wanted_of
from bot.web.transcript import transcript_of
from handoff.cases import claim, reply
from handoff.database import transaction
from handoff.models import Case, OfficerRole
from handoff.officers import add_officer
from handoff.rights import Acting
from knowledge.pack import load_pack

IN_FOUR_WEEKS = date.today() + timedelta(days=(1 - date.today().weekday()) % 7, weeks=4)
AGES = "how old for holiday club"
RISK = "i want to kill myself"
PACK = LITTLE["pack.yaml"].replace("[en, pl]", "[en, ur, pl]")
QUEUES = (
    LITTLE["queues.yaml"]
    + "safeguarding: {name: Children's team, handles: someone at risk, contact: mash_day, order: 0}\n"
)
EASY = "two leaders. [clubs]\n\n### Easy words\n\nThe clubs are for ages 8 to 12. [clubs] Ring {phone:clubs}. [clubs]\n"
CONFLICT = """
## When the clubs open {#open}

```yaml
conflict: date
asked_as: [when do clubs open, opening day of the clubs, first day of holiday club]
```

One page says 3 August 2027. [clubs] An older page says that buses start on 10 August 2027. [fares]
"""


@dataclass
class World:
    """The running service, and what states need to know of it."""

    address: str
    app: FastAPI
    status: str = ""

    def url(self, path: str, language: str) -> str:
        return f"{self.address}{path}{'&' if '?' in path else '?'}lang={language}"


Open = Callable[[Any, World, str], None]


def little_app(folder: Path, **parts: Any) -> FastAPI:
    """The web application over the little council that speaks Urdu and has a children's team."""
    clubs = LITTLE["articles/clubs.md"].replace("two leaders. [clubs]\n", EASY) + CONFLICT
    changed = {"pack.yaml": PACK, "queues.yaml": QUEUES, "articles/clubs.md": clubs}
    pack = load_pack(write_pack(folder / "littleham", **changed))
    roomy = Limits(lambda: 0.0, {kind: type(rate)(100_000, 100_000) for kind, rate in RATES.items()})
    return app_for(Assistant(little_engine(pack)), folder / "web", limits=roomy, **parts)


@contextmanager
def world_of(app: FastAPI, address: str) -> Iterator[World]:
    """A world in which Ben has a request that Priya has answered, and a SEND Surgery can be booked."""
    world = World(address, app)
    world.status = f"/status/{bens_request(app)}"
    priya_replies(app, "Yes. Your son can come from Monday.\nRing me on 020 8583 2672. Priya")
    office = app.state.site.front.office
    Surgeries(office.engine, office.desk).session("feltham", IN_FOUR_WEEKS, travel="Bus 117 stops outside.")
    yield world


def bens_request(app: FastAPI) -> str:
    """The token of a request of somebody's."""
    site = app.state.site
    draft = Draft("clubs", "Can my son come to the club?", message_id=site.new_id())
    session = "b" * 43
    return site.front.hand_over(wanted_of(site, session, transcript_of(site, session), draft)).path.rsplit("/", 1)[1]


def priya_replies(app: FastAPI, text: str) -> None:
    """Priya takes the newest request and answers it."""
    office = app.state.site.front.office
    queues = frozenset({"clubs", "local_offer"})
    with transaction(office.engine) as db:
        id = office.desk.new_id()
        priya = add_officer(
            db,
            office.desk,
            email=f"{id}@littleham.example",
            name="Priya",
            role=OfficerRole.OFFICER,
            queues=queues,
            password="four plain words here",
        )
        acting = Acting(priya.id, OfficerRole.OFFICER, queues)
        case = db.exec(select(Case).order_by(Case.opened_at.desc()).limit(1)).one()  # type: ignore[attr-defined]
        case = claim(db, office.desk, acting, case.id, case.version)
        reply(db, office.desk, acting, case.id, case.version, text, id)


def at(path: str) -> Open:
    def opened(page: Any, world: World, language: str) -> None:
        page.goto(world.url(path, language))

    return opened


def asked(question: str, wait: str = ".card") -> Open:
    def opened(page: Any, world: World, language: str) -> None:
        page.goto(world.url("/", language))
        page.locator("#question").fill(question)
        page.locator("#ask button.main").click()
        page.wait_for_selector(wait)

    return opened


def person(page: Any, world: World, language: str, act: str = "check", message: str = "Can my son come?") -> None:
    asked(AGES)(page, world, language)
    page.goto(world.url("/person", language))
    page.locator("#message").fill(message)
    page.locator('button[value="check"]').click()
    page.wait_for_selector("dl.check" if message else "#problem")
    if act == "send":
        page.locator('button[value="send"]').click()
        page.wait_for_selector(".ref")


def person_empty(page: Any, world: World, language: str) -> None:
    person(page, world, language, message="")


def person_sent(page: Any, world: World, language: str) -> None:
    person(page, world, language, "send")


def bens_status(page: Any, world: World, language: str) -> None:
    page.goto(world.url(world.status, language))


def after(opened: Open, press: str, wait: str) -> Open:
    """A state reached by a press of something on another."""

    def then(page: Any, world: World, language: str) -> None:
        opened(page, world, language)
        page.locator(press).first.click()
        page.wait_for_selector(wait)

    return then


def memory(page: Any, world: World, language: str) -> None:
    asked(AGES)(page, world, language)
    page.goto(world.url("/memory", language))


def forgotten(page: Any, world: World, language: str) -> None:
    asked(AGES)(page, world, language)
    page.goto(world.url("/forget", language))
    page.locator("main button.main").click()
    page.wait_for_selector(".panel")


def with_all_open(page: Any, world: World, language: str) -> None:
    asked(AGES)(page, world, language)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")


def with_letters(opened: Open) -> Open:
    """A state of a service that can send email."""

    def then(page: Any, world: World, language: str) -> None:
        object.__setattr__(world.app.state.site.settings, "log_letters", True)
        opened(page, world, language)

    return then


def booking_times(page: Any, world: World, language: str) -> None:
    page.goto(world.url("/booking", language))
    page.locator("#surgery").check()
    page.locator("main form button.main").click()
    page.wait_for_selector("main input[type=radio]:not([name=surgery])")


HELPED_NO = after(asked(AGES), 'button[name="helped"][value="no"]', 'input[name="lacking"]')
MAILED = after(with_letters(asked(AGES)), "a[href*='email-answer']", "#email")
STATES: dict[str, Open] = {
    "first": at("/"),
    "answer": asked(AGES),
    "answer, all open": with_all_open,
    "answer, no help": HELPED_NO,
    "answer, thanked": after(
        after(HELPED_NO, "form.helped label", "input:checked"), "form.helped button", "form.helped .note"
    ),
    "answer, spelling": asked("how old for holliday club"),
    "answer by email": MAILED,
    "answer by email, missing": after(MAILED, "main button.main", "#problem"),
    "conflict": asked("when do clubs open"),
    "asks back": asked("can you help"),
    "not found": asked("zebra quantum xylophone"),
    "not known": asked("price of a club day"),
    "other council": asked("clubs in Ealing"),
    "help first": asked(RISK),
    "empty": asked("", "#problem"),
    "source": at("/source/clubs/ages/clubs"),
    "person": at("/person"),
    "person, missing": person_empty,
    "person, check": person,
    "person, sent": person_sent,
    "request": bens_status,
    "request, nothing added": after(bens_status, "form[action*='/add'] button.main", "#problem"),
    "booking": at("/booking"),
    "booking, missing": after(at("/booking"), "main form button.main", "#problem"),
    "booking, times": booking_times,
    "dates in law": at("/dates"),
    "directory": at("/directory"),
    "schools": at("/schools"),
    "menu": at("/menu"),
    "memory": memory,
    "memory, none": at("/memory"),
    "forget": at("/forget"),
    "forgotten": forgotten,
    "join": at("/join/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
    "privacy": at("/privacy"),
    "accessibility": at("/accessibility"),
    "about": at("/about"),
    "not here": at("/nowhere"),
    "panel": at("/panel/"),
    "demo": at("/demo"),
    "reference": at("/docs"),
}
# The states a family meets most, and those with the most in them: looked at in every cell of the matrix.
CHOSEN = ("first", "answer, all open", "help first", "person, missing", "request", "source")

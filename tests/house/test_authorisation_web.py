"""S2 at the families' door: what one family said is on no page of another's, and no route is without a row."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
import yaml
from authorisation import MATRIX, cells, routes_of
from console_house import ask_for_a_person
from fastapi import FastAPI
from little_council import little_engine, write_pack
from web_house import Browser, app_for, browser_at

from bot.assistant import Assistant
from handoff.cases.naming import status_token
from handoff.models import Case
from knowledge.pack import load_pack

ROWS: dict[str, str] = yaml.safe_load(MATRIX.read_text("utf-8"))["web"]
SECRET = "the purple canary"
PARTS = {
    "{article}": "clubs",
    "{anchor}": "ages",
    "{source}": "clubs",
    "{name}": "page.css",
    "{event}": "request-received",
    "{id}": "1",
}


@dataclass
class Door:
    """The families' pages, and whoever comes to them: each new browser is a new person. Amina has a case."""

    app: FastAPI
    case: Case
    open: ExitStack = field(default_factory=ExitStack)

    def browser(self, says: str = "") -> Browser:
        browser = self.open.enter_context(browser_at(self.app))
        if says:
            browser.ask(says)
        return browser

    @property
    def link(self) -> str:
        return status_token(self.app.state.site.desk, self.case.id)

    @property
    def near_links(self) -> tuple[str, ...]:
        """What somebody might try who was not given the link: the case's id, what is stored, the link cut short."""
        return self.case.id, self.case.status_token, self.link[:-1], secrets.token_hex(16)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("web-matrix")
    app = app_for(Assistant(little_engine(load_pack(write_pack(folder / "littleham")))), folder / "data")
    office = app.state.site.front.office
    made = Door(app, ask_for_a_person(office.engine, office.desk, queue="clubs", summary=SECRET, shared=(SECRET,)))
    made.browser(f"how old for holiday club? {SECRET}")
    with made.open:
        yield made


def seen(browser: Browser, route: str, token: str = "") -> str:
    """Whether Amina's words are in what this browser is answered."""
    method, path = route.split()
    for name, value in {**PARTS, "{token}": token}.items():
        path = path.replace(name, value)
    if method == "POST":
        answer = browser.press(path, on="/menu", question="what is the bus fare?", text="Hello", message_id="m1")
        if answer.status_code == 303 and answer.headers["location"].startswith("/"):
            answer = browser.get(answer.headers["location"])
    else:
        answer = browser.get(path)
    assert answer.status_code < 500, f"{route}: {answer.status_code}"
    return "shows" if SECRET in answer.text else "hides"


def row_of(route: str) -> str | None:
    """A page of the panel has the row of the page that it shows in a frame."""
    return ROWS.get(route.replace(" /panel", " "))


def test_every_route_of_the_whole_service_has_a_row_and_every_row_a_route(door: Door) -> None:
    declared = {f"{cell.method} {cell.path}" for cell in cells()}
    real = routes_of(list(door.app.routes)) - declared
    lacking = sorted(route for route in real if row_of(route) is None)
    assert lacking == [], "say who may have it: add a row to tests/house/authorisation_matrix.yaml"
    assert ROWS.keys() - real == set(), "no such route: remove its row from tests/house/authorisation_matrix.yaml"


@pytest.mark.parametrize("says", ["what is the bus fare?", ""], ids=["Ben", "nobody"])
def test_nobody_else_is_shown_what_amina_said(door: Door, says: str) -> None:
    wrong = []
    for route in sorted(routes_of(list(door.app.routes))):
        kind = row_of(route)
        tokens = door.near_links if kind == "link" else ("",)
        if kind not in (None, "stream"):
            wrong += [f"{route}, {kind}" for token in tokens if seen(door.browser(says), route, token) != "hides"]
    assert wrong == []


@pytest.mark.parametrize("route", [route for route, kind in ROWS.items() if kind == "own"])
def test_her_own_browser_is_shown_what_she_said(door: Door, route: str) -> None:
    """The control: the words can be found at all, by the same search on the same pages."""
    assert seen(door.browser(f"how old for holiday club? {SECRET}"), route) == "shows"


def test_whoever_holds_the_link_is_shown_the_case(door: Door) -> None:
    """The control for links."""
    assert seen(door.browser(), "GET /status/{token}", door.link) == "shows"

"""S2 at the families' door: what one browser asked is on no page of another's, and no route is without a row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
import yaml
from authorisation import MATRIX, cells, routes_of
from fastapi import FastAPI
from little_council import little_engine, write_pack
from web_house import Browser, app_for, browser_at

from bot.assistant import Assistant
from knowledge.pack import load_pack

ROWS: dict[str, dict[str, str]] = yaml.safe_load(MATRIX.read_text("utf-8"))["web"]
SECRET = "the purple canary"
PARTS = {"{article}": "clubs", "{anchor}": "ages", "{source}": "clubs", "{name}": "page.css"}


@dataclass
class Door:
    """The families' pages, and whoever comes to them: each new browser is a new person."""

    app: FastAPI
    open: ExitStack = field(default_factory=ExitStack)

    def browser(self, whose: str) -> Browser:
        browser = self.open.enter_context(browser_at(self.app))
        if whose != "none":
            browser.ask(f"how old for holiday club? {SECRET}" if whose == "own" else "what is the bus fare?")
        return browser


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("web-matrix")
    made = Door(app_for(Assistant(little_engine(load_pack(write_pack(folder / "littleham")))), folder / "data"))
    made.browser("own")
    with made.open:
        yield made


def seen(browser: Browser, route: str) -> str:
    """Whether Amina's words are in what this browser is answered."""
    method, path = route.split()
    for name, value in PARTS.items():
        path = path.replace(name, value)
    if method == "POST":
        answer = browser.press(path, on="/menu", question="what is the bus fare?", message_id="m1")
        if answer.status_code == 303 and answer.headers["location"].startswith("/"):
            answer = browser.get(answer.headers["location"])
    else:
        answer = browser.get(path)
    assert answer.status_code < 500, f"{route}: {answer.status_code}"
    return "shows" if SECRET in answer.text else "hides"


def test_every_route_of_the_whole_service_has_a_row_and_every_row_a_route(door: Door) -> None:
    declared = {f"{cell.method} {cell.path}" for cell in cells()} | set(ROWS)
    real = routes_of(list(door.app.routes))
    assert real - declared == set(), "say who may have it: add a row to tests/house/authorisation_matrix.yaml"
    assert declared - real == set(), "no such route: remove its row from tests/house/authorisation_matrix.yaml"


@pytest.mark.parametrize("whose", ["other", "none"])
def test_nobody_elses_browser_is_shown_what_amina_asked(door: Door, whose: str) -> None:
    wrong = []
    for route, answers in ROWS.items():
        if answers[whose] != "stream" and (was := seen(door.browser(whose), route)) != answers[whose]:
            wrong.append(f"{route}, {whose}: {was}")
    assert wrong == []


def test_her_own_browser_is_shown_what_she_asked(door: Door) -> None:
    """The control: the words can be found at all, by the same search on the same pages."""
    shown = [route for route, answers in ROWS.items() if answers["own"] == "shows"]
    assert shown and [seen(door.browser("own"), route) for route in shown] == ["shows"] * len(shown)

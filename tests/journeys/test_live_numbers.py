"""R9: live numbers equal a fresh fetch, whatever was dropped, repeated or came in another order."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from console_house import PASSWORD, app_for, ask_for_a_person, hire
from databases import desk_at
from real_server import served
from small_office import Clock

from handoff.database import connect
from handoff.models import OfficerRole

EVENTS = 10_000


@pytest.fixture
def today(browser: Any, tmp_path: Path, sqlite_template: Path) -> Iterator[tuple[Any, Any]]:
    """Priya's first page, and what makes a new request come in."""
    shutil.copy(sqlite_template, tmp_path / "askwell.db")
    engine = connect(f"sqlite:///{tmp_path / 'askwell.db'}")
    desk = desk_at(tmp_path, Clock())
    hire(engine, desk, "Priya", OfficerRole.OFFICER, "send")
    with served(app_for(engine, desk)) as address:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{address}/officers")
        page.get_by_label("Email address").fill("priya@littleham.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_function("window.askwellLive")
        yield page, lambda door: ask_for_a_person(engine, desk, door)
        context.close()
    engine.dispose()


def pushes(seed: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What was pushed as it arrived (a third lost, some twice, all in another order), and what is true at the end."""
    dice = Random(seed)
    every = []
    for number in range(1, EVENTS + 1):
        numbers = {name: dice.randrange(100) for name in ("late", "today", "mine", "nobody")}
        every.append({"serial": [number, dice.randrange(1000)], "numbers": numbers, "opened": number // 100})
    arrived = [one for one in every if dice.random() > 1 / 3]
    arrived += dice.sample(arrived, len(arrived) // 5)
    dice.shuffle(arrived)
    return arrived, every[-1]


def shown(page: Any) -> dict[str, int]:
    found: dict[str, int] = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('[data-live]')].map((e) => [e.dataset.live, +e.textContent]))"
    )
    return found


def test_after_ten_thousand_events_the_page_shows_what_a_fresh_fetch_does(today: tuple[Any, Any]) -> None:
    page, _ = today
    arrived, truth = pushes(7)
    half = len(arrived) // 2
    page.evaluate("(events) => events.forEach(window.askwellLive.apply)", arrived[:half])
    newest = max(arrived[:half], key=lambda one: one["serial"])
    assert shown(page) == newest["numbers"]
    page.evaluate("(fresh) => window.askwellLive.apply(fresh)", truth)
    page.evaluate("(events) => events.forEach(window.askwellLive.apply)", arrived[half:])
    assert shown(page) == truth["numbers"]


def test_without_the_serial_it_shows_what_came_last(today: tuple[Any, Any]) -> None:
    """The control: the same events, each taken for the newest."""
    page, _ = today
    arrived, truth = pushes(7)
    page.evaluate(
        "(events) => events.forEach((one, at) => window.askwellLive.apply({...one, serial: [1e9 + at, 0]}))",
        [truth, *arrived],
    )
    assert shown(page) != truth["numbers"]


def test_a_new_request_shows_without_reloading_and_is_told_once(today: tuple[Any, Any]) -> None:
    page, come_in = today
    page.evaluate("window.askwellLive.look()")
    assert shown(page) == {"late": 0, "today": 0, "mine": 0, "nobody": 0}
    come_in("amina")
    assert page.evaluate("window.askwellLive.look()") is True
    assert shown(page)["nobody"] == 1
    assert page.inner_text("#live-news") == "1 new request: show them"
    assert page.inner_text("#live-status") == "1 new request"
    page.get_by_role("link", name="1 new request: show them").click()
    assert page.locator("#live-news").is_hidden() and page.get_by_text("Our school says no").count() == 1

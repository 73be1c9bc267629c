"""Amina books by keyboard alone with no script, at 320 pixels, and every page on the way is free of faults."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import vobject
from little_council import little_engine, write_pack
from real_server import served
from seeing import SMALL, WIDE, looked_at, without_script
from small_surgeries import Surgeries
from web_house import front_for

from bot.assistant import Assistant
from bot.settings import Settings
from bot.web.routes import create_app
from handoff.surgeries.planned import times
from knowledge.pack import load_pack

TUESDAY = date.today() + timedelta(days=(1 - date.today().weekday()) % 7, weeks=4)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages over a council with two sessions to come."""
    folder = tmp_path_factory.mktemp("booking")
    assistant = Assistant(little_engine(load_pack(write_pack(folder / "littleham"))))
    front = front_for(assistant, folder / "web")
    surgeries = Surgeries(front.office.engine, front.office.desk)
    surgeries.session("feltham", TUESDAY, travel="Bus 117 stops outside.", late_call="01632 960000")
    full = times(time(9, 30), time(9, 50), 20, 1)
    (only,) = surgeries.session(
        "full", TUESDAY + timedelta(days=1), venue="Hounslow House", area="Hounslow", slots=full
    )
    surgeries.book(surgeries.person("tom"), only, visit=replace(surgeries.visit(), to="tom@example.org"))
    app = create_app(front, Settings(data=folder / "web", smtp_url="smtp://localhost", smtp_from="a@b.example"))
    with ExitStack() as stack:
        yield stack.enter_context(served(app))


@pytest.fixture
def the_day_before(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The pages on the day before Amina's appointment, and the path behind its link."""
    front = front_for(Assistant(little_engine(load_pack(write_pack(tmp_path / "littleham")))), tmp_path / "web")
    surgeries = Surgeries(front.office.engine, front.office.desk)
    made = surgeries.book(surgeries.person(), surgeries.session("feltham", TUESDAY)[0])
    before = datetime.combine(TUESDAY - timedelta(days=1), time(10, 5), UTC)
    front.office = replace(front.office, desk=replace(front.office.desk, now=lambda: before))
    with served(create_app(front, Settings(data=tmp_path / "web"))) as address:
        yield address, f"/booking/{made.token}"


def tab_to(page: Any, selector: str) -> None:
    """Walk by Tab until the focus is on it."""
    for _ in range(90):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")


def choose(page: Any, selector: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("Space")


def go_on(page: Any) -> None:
    tab_to(page, "form[method=post] button.main")
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("shape", ["wide", "small"])
def test_by_keyboard_alone_and_with_no_script_a_booking_ends_with_a_calendar_file(
    browser: Any, address: str, tmp_path: Path, shape: str
) -> None:
    context = without_script(browser.new_context(**(WIDE if shape == "wide" else SMALL), accept_downloads=True))
    page = context.new_page()
    page.goto(f"{address}/booking")
    seen = {"B1": looked_at(page)}
    choose(page, "#surgery")
    go_on(page)
    seen["B2"] = looked_at(page)
    choose(page, "#slot")
    go_on(page)
    seen["B3"] = looked_at(page)
    choose(page, "#topic")
    choose(page, "#coming")
    go_on(page)
    seen["B4"] = looked_at(page)
    choose(page, "#needs-3")
    go_on(page)
    tab_to(page, "#first_name")
    page.keyboard.type("Amina")
    choose(page, "#reach")
    tab_to(page, "#to")
    page.keyboard.type("not an address")
    go_on(page)
    assert "Error" in page.title()
    seen["fault"] = looked_at(page)
    tab_to(page, "#to")
    page.keyboard.press("Control+a")
    page.keyboard.type("amina@example.org")
    go_on(page)
    seen["B7"] = looked_at(page)
    go_on(page)
    assert page.locator("h1").inner_text() == "You are booked"
    seen["B8"] = looked_at(page)
    page.screenshot(path=tmp_path / f"booked-{shape}.png", full_page=True)
    tab_to(page, "a[href$='calendar.ics']")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    event = vobject.readOne(Path(download.value.path()).read_text(encoding="utf-8")).vevent
    assert event.dtstart.value.date() == TUESDAY and event.location.value == "Feltham Library"
    assert {at: wrong for at, wrong in seen.items() if wrong} == {}
    context.close()


def test_the_full_date_says_so_and_has_no_fault_either(browser: Any, address: str) -> None:
    context = without_script(browser.new_context(**SMALL))
    page = context.new_page()
    page.goto(f"{address}/booking")
    # Tab reaches a group of radios once; arrows choose within it.
    choose(page, "#surgery")
    page.keyboard.press("ArrowDown")
    go_on(page)
    assert page.locator("h1").inner_text() == "This date is full"
    assert looked_at(page) == {}
    context.close()


def test_a_button_behind_the_link_works_in_a_real_browser(browser: Any, the_day_before: tuple[str, str]) -> None:
    address, path = the_day_before
    context = without_script(browser.new_context(**SMALL))
    page = context.new_page()
    page.goto(f"{address}{path}?lang=ur")
    assert looked_at(page) == {}
    page.goto(f"{address}{path}")
    assert page.locator("form button.main").inner_text() == "I am coming"
    go_on(page)
    # Chromium sends an origin of "null" from a page that forbids every referrer, and that is refused.
    assert "You said that you are coming. Thank you." in page.locator("main").inner_text()
    assert looked_at(page) == {}
    context.close()

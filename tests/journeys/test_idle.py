"""The half hour after which an officer is signed out: a warning before it, a way to stay, and no word lost after it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from console_house import app_for, ask_for_a_person, hire, sign_in_on_page
from databases import desk_at
from real_server import served
from seeing import TAGS
from small_office import Clock

from handoff.cases.ownership import claim
from handoff.database import connect, transaction
from handoff.models import OfficerRole
from handoff.officers import acting


@dataclass
class Desk:
    """Priya at her note, and the two clocks: the server's and the browser's."""

    page: Any
    address: str
    clock: Clock
    case: str

    def wait(self, minutes: float) -> None:
        self.clock.move(minutes=minutes)
        self.page.clock.fast_forward(int(minutes * 60_000))
        self.page.evaluate("window.askwellIdle.check()")


@pytest.fixture
def priya(browser: Any, tmp_path: Path, sqlite_template: Path) -> Iterator[Desk]:
    shutil.copy(sqlite_template, tmp_path / "askwell.db")
    engine, clock = connect(f"sqlite:///{tmp_path / 'askwell.db'}"), Clock()
    desk = desk_at(tmp_path, clock)
    her, case = hire(engine, desk, "Priya", OfficerRole.OFFICER, "send"), ask_for_a_person(engine, desk)
    hire(engine, desk, "Ben", OfficerRole.OFFICER, "send")
    with transaction(engine) as session:
        who = acting(session, desk, her)
        assert who is not None
        claim(session, desk, who, case.id, 1)
    with served(app_for(engine, desk)) as address:
        context = browser.new_context(bypass_csp=True)
        page = context.new_page()
        page.clock.install(time=clock())
        at = Desk(page, address, clock, case.id)
        sign_in(page, at)
        page.goto(f"{address}/officers/cases/{case.id}/note")
        page.get_by_label("What colleagues will read").fill("The head rang back.")
        yield at
        context.close()
    engine.dispose()


def sign_in(page: Any, at: Desk, name: str = "priya") -> None:
    sign_in_on_page(page, at.address, name, "/officers/sign-in")
    page.wait_for_url(f"{at.address}/officers")


def test_two_minutes_before_the_end_a_press_keeps_her_signed_in(priya: Desk) -> None:
    page = priya.page
    priya.wait(20)
    assert page.locator("#idle").is_hidden(), "asking does not keep her signed in, and does not disturb her"
    priya.wait(8.5)
    assert page.get_by_role("alert").inner_text() == "You will be signed out at 10:30am. Press the button to stay."
    assert Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"] == []
    page.get_by_role("button", name="Stay signed in").click()
    page.locator("#idle").wait_for(state="hidden")
    assert page.inner_text("#until") == "10:58am"
    priya.wait(20)
    page.get_by_role("button", name="Keep this note for staff").click()
    page.wait_for_url("**?done=noted")


def test_what_she_typed_is_sent_from_the_same_page_once_she_has_signed_in_again(priya: Desk) -> None:
    page = priya.page
    priya.wait(31)
    assert "You were signed out. What you typed is still on this page." in page.get_by_role("alert").inner_text()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in again in another tab").click()
    sign_in(opened.value, priya)
    page.evaluate("window.askwellIdle.check()")
    assert page.locator("#idle").is_hidden()
    assert page.get_by_label("What colleagues will read").input_value() == "The head rang back."
    page.get_by_role("button", name="Keep this note for staff").click()
    page.wait_for_url("**?done=noted")
    assert "The head rang back." in page.inner_text("main")


def test_another_officer_at_the_same_browser_cannot_send_it(priya: Desk) -> None:
    page = priya.page
    priya.wait(31)
    other = page.context.new_page()
    sign_in(other, priya, "ben")
    page.evaluate("window.askwellIdle.check()")
    assert "Somebody else is signed in now" in page.get_by_role("alert").inner_text()
    with page.expect_navigation():
        page.get_by_role("button", name="Keep this note for staff").click()
    page.goto(f"{priya.address}/officers/cases/{priya.case}")
    assert "The head rang back." not in page.inner_text("main"), "nothing is kept in the other officer's name"


def test_without_the_script_the_time_it_ends_stands_on_the_page(priya: Desk) -> None:
    """The control: with no script there is no warning, and nothing that promises one."""
    context = priya.page.context.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, priya)
    assert "signed in until 10:30am if you press nothing" in page.inner_text("header")
    assert page.get_by_text("Stay signed in").count() == 0 or page.get_by_text("Stay signed in").is_hidden()
    context.close()

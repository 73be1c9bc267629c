"""R9: live numbers equal a fresh fetch, whatever was dropped, repeated or came in another order."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from campaigns.live_numbers import run
from console_house import app_for, ask_for_a_person, hire, sign_in_on_page
from databases import desk_at
from real_server import served
from small_office import Clock

from handoff.database import connect
from handoff.models import OfficerRole


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
        sign_in_on_page(page, address)
        page.wait_for_function("window.askwellLive")
        yield page, lambda door: ask_for_a_person(engine, desk, door)
        context.close()
    engine.dispose()


def shown(page: Any) -> dict[str, int]:
    found: dict[str, int] = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('[data-live]')].map((e) => [e.dataset.live, +e.textContent]))"
    )
    return found


def test_after_ten_thousand_events_the_page_shows_what_a_fresh_fetch_does(today: tuple[Any, Any]) -> None:
    """The short form of `tests/campaigns/live_numbers.py`, and its control: with no serial it shows what came last."""
    page, _ = today
    assert run(page, range(3)) == []
    assert run(page, range(3), serials=False) == [0, 1, 2]


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

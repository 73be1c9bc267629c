"""Tom, ten minutes before a lesson: the MIP check by keyboard alone at 320 px; every page for schools looked at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ap_sheets import GOOD, write_csv
from real_server import served
from seeing import SMALL, WIDE, looked_at, without_script
from web_house import app_for

from bot.assistant import Assistant
from handoff.database import transaction
from handoff.outbox import take_due
from handoff.schools import invite
from knowledge.directory.store import Directory, keep, plan_import

SOME = "asker=senco&setting=mainstream_school&setting_in_hounslow=yes&safeguarding=yes&age=from_5_to_15"
PAGES = (
    "/check",
    "/check/question",
    "/check/answer?page=you&q-asker=0",
    f"/check/question?{SOME}&after=safety",
    f"/check/answers?{SOME}",
    f"/check/result?{SOME}",
    "/check/result?asker=parent",
    f"/check/pack?{SOME}",
    "/dates",
    "/dates/annual-review?date=3 October 2025",
    "/dates/school-transfer?date=soon",
    "/plan?year=Year 9",
    "/directory",
    "/directory/ap-ex1",
    "/directory/compare?id=ap-ex1&id=ap-ex2",
    "/schools",
)


@pytest.fixture(scope="module")
def schools(hounslow_by_words: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of the pages, and a link that signs a school in."""
    folder = Path(tmp_path_factory.mktemp("schools"))
    app = app_for(hounslow_by_words, folder)
    site = app.state.site
    report = plan_import(write_csv(folder / "ap.csv", GOOD), Directory())
    keep(site.settings.directory_folder, report, "ap.csv", date(2026, 11, 23))
    with transaction(site.front.office.engine) as session:
        invite(session, site.desk, email="a@b.sch.uk", school="Bridge School", by="priya", link_to="")
    with transaction(site.front.office.engine) as session:
        (parcel,) = take_due(session, site.desk, "worker")
    with served(app) as url:
        yield url, parcel.link


@pytest.fixture(scope="module")
def signed_in(schools: tuple[str, str], browser: Any) -> list[dict[str, Any]]:
    """The cookies of a school that is signed in."""
    url, token = schools
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{url}/schools/enter/{token}")
    page.click("main button")
    assert "signed in for Bridge School" in page.content()
    return list(context.cookies())


@pytest.mark.parametrize("path", PAGES)
def test_every_page_for_schools_has_no_fault_at_400_percent_without_script(
    schools: tuple[str, str], signed_in: list[dict[str, Any]], browser: Any, path: str
):
    # At 400 % more can go wrong than on a wide screen: the quiet pages are looked at there alone.
    cells = ((WIDE, "en"), (SMALL, "ur")) if path.startswith(("/check/result", "/directory")) else ((SMALL, "ur"),)
    for cell, language in cells:
        context = browser.new_context(**cell)
        context.add_cookies(signed_in)
        page = (without_script(context) if cell is SMALL else context).new_page()
        page.goto(f"{schools[0]}{path}{'&' if '?' in path else '?'}lang={language}")
        assert looked_at(page) == {}
        context.close()


def test_tom_finishes_the_check_by_keyboard_alone_in_twelve_pages_at_most(schools: tuple[str, str], browser: Any):
    context = without_script(browser.new_context(**SMALL))
    page = context.new_page()
    page.goto(f"{schools[0]}/check")
    press(page, "Start now")
    seen = 0
    while "/check/question" in page.url:
        seen += 1
        assert seen <= 12
        for group in page.eval_on_selector_all("fieldset", "all => all.map((one) => one.querySelector('input').id)"):
            to(page, f"document.activeElement.name === document.getElementById('{group}').name")
            # The second answer where the first would hold the check up: a worry, under 5, looked after.
            page.keyboard.press("ArrowDown" if group in ("q-safeguarding", "q-age", "q-looked_after") else "Space")
        press(page, "Continue")
    assert "/check/answers" in page.url
    press(page, "See the result")
    assert page.text_content("h1") == "Likely – get ready to apply"
    page.go_back()
    page.go_back()
    assert page.url.startswith(f"{schools[0]}/check/question") and "Continue" in page.content()
    context.close()


def to(page: Any, there: str, most: int = 60) -> None:
    """Tab until `there` is so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(there):
            return
    raise AssertionError(f"the keyboard does not reach: {there}")


def press(page: Any, words: str) -> None:
    """Tab to what is called `words`, and press Enter."""
    to(page, f"document.activeElement.textContent.trim() === '{words}'")
    with page.expect_navigation():
        page.keyboard.press("Enter")

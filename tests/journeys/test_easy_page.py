"""Amina opens the easy words on the page, in a real browser: with no script, by keyboard, on a small dark screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from little_council import LITTLE, little_engine, write_pack

from bot.assistant import Assistant
from knowledge.pack import load_pack

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EASY = "two leaders. [clubs]\n\n### Easy words\n\nThe clubs are for ages 8 to 12. [clubs] Ring {phone:clubs}. [clubs]\n"
SCREENS = {
    "1280 light": {"viewport": {"width": 1280, "height": 900}},
    "320x256 dark": {"viewport": {"width": 320, "height": 256}, "color_scheme": "dark"},
}


@pytest.fixture
def easy_address(tmp_path: Path, serve: Callable[[Assistant], AbstractContextManager[str]]) -> Iterator[str]:
    clubs = LITTLE["articles/clubs.md"].replace("two leaders. [clubs]\n", EASY)
    pack = load_pack(write_pack(tmp_path / "littleham", **{"articles/clubs.md": clubs}))
    with serve(Assistant(little_engine(pack))) as url:
        yield url


def answer(page: Any, address: str) -> None:
    page.goto(address)
    page.get_by_label("Your question").fill("how old for holiday club")
    page.get_by_role("button", name="Ask", exact=True).click()


def test_with_no_script_and_by_keyboard_they_open(browser: Any, easy_address: str):
    page = browser.new_context(java_script_enabled=False).new_page()
    answer(page, easy_address)
    easy = page.locator(".easy p", has_text="ages 8 to 12")
    assert not easy.is_visible()
    page.locator(".easy summary").focus()
    page.keyboard.press("Enter")
    assert easy.is_visible()
    assert "A person has not checked these easy words yet." in page.inner_text(".easy")
    page.context.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_open_they_have_no_accessibility_fault(browser: Any, easy_address: str, screen: str):
    # The page forbids every script by its policy, so the checker runs in a context that does not.
    page = browser.new_context(**SCREENS[screen], bypass_csp=True).new_page()
    answer(page, easy_address)
    page.locator(".easy summary").click()
    faults = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in faults] == []
    assert page.locator(".easy summary").bounding_box()["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.context.close()

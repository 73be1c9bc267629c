"""Amina asks on the page, in a real browser: with no script, by keyboard, zoomed, in Urdu, in the dark."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE = {"viewport": {"width": 1280, "height": 900}}
SMALL = {"viewport": {"width": 320, "height": 256}, "color_scheme": "dark", "java_script_enabled": True}
STATES = {
    "first": None,
    "answer": "my son is falling behind, no ehcp, can the school get extra help?",
    "not known": "direct line for the person who runs the SEND surgeries",
    "asks back": "can you help",
    "urdu": "میری بیٹی کو اسکول میں مدد چاہیے، ای ایچ سی پلان کیا ہے؟",
    "help first": "my partner hits our son and he is scared to come home",
    "conflict": "when does banded funding start, phased or all at once",
    "empty": "",
}


def open_state(page: Any, address: str, question: str | None) -> None:
    page.goto(address)
    if question is not None:
        page.get_by_label("Your question").fill(question)
        page.get_by_role("button", name="Ask", exact=True).click()


@pytest.mark.parametrize("cell", [WIDE, SMALL], ids=["1280 light", "320x256 dark"])
@pytest.mark.parametrize("state", STATES)
def test_no_accessibility_fault_and_no_sideways_scroll(browser: Any, address: str, state: str, cell: dict[str, Any]):
    page = browser.new_context(**cell).new_page()
    open_state(page, address, STATES[state])
    # The page forbids every script by its policy, so the checker runs in a copy of it that does not.
    copy = browser.new_context(**cell, bypass_csp=True).new_page()
    open_state(copy, address, STATES[state])
    faults = Axe().run(copy, options={"runOnly": {"type": "tag", "values": TAGS}}).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in faults] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('button, select, textarea')].filter(e => e.getBoundingClientRect().height < 44).length"
    )
    assert small == 0
    page.context.close()
    copy.context.close()


def test_with_no_script_the_answer_has_its_sources(browser: Any, address: str):
    page = browser.new_context(java_script_enabled=False, **WIDE).new_page()
    open_state(page, address, STATES["answer"])
    assert "MIP" in page.inner_text("article")
    assert page.locator(".sources a").count() >= 1
    assert "not yet checked with the council" in page.inner_text(".sources")


def test_by_keyboard_alone(browser: Any, address: str):
    page = browser.new_context(**WIDE).new_page()
    page.goto(address)
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "question":
            break
    page.keyboard.type("what is an EHC plan?")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("article")
    assert "EHC plan" in page.inner_text("article h2")


def test_the_focused_control_is_never_covered(browser: Any, address: str):
    page = browser.new_context(viewport={"width": 320, "height": 256}).new_page()
    open_state(page, address, STATES["answer"])
    for _ in range(40):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "(() => { const e = document.activeElement, b = e.getBoundingClientRect();"
            " if (e === document.body) return true;"
            " const x = b.left + Math.min(b.width, 300) / 2, y = b.top + Math.min(b.height, 200) / 2;"
            " const at = document.elementFromPoint(x, y); return !!at && (e.contains(at) || at.contains(e)); })()"
        )
        assert seen, page.evaluate("document.activeElement.outerHTML")


def test_urdu_is_marked_and_runs_from_the_right(browser: Any, address: str):
    page = browser.new_context(**WIDE).new_page()
    open_state(page, address, STATES["urdu"])
    assert page.locator('article p[lang="ur"][dir="rtl"]').count() >= 1


def test_numbers_come_first_when_someone_is_at_risk(browser: Any, address: str):
    page = browser.new_context(**WIDE).new_page()
    open_state(page, address, STATES["help first"])
    text = page.inner_text("article")
    assert "I am a computer. Nobody is reading this now." in text and "999" in text and "0800 1111" in text

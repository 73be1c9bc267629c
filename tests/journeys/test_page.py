"""Amina asks on the page, in a real browser: with no script, by keyboard, zoomed, in Urdu, in the dark."""

from __future__ import annotations

from typing import Any

import pytest
from seeing import SMALL, WIDE, looked_at, without_script

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


def open_state(page: Any, address: str, question: str | None, language: str = "en") -> None:
    page.goto(f"{address}/?lang={language}")
    if question is not None:
        page.locator("#question").fill(question)
        page.locator("#ask button.main").click()
        if question:
            page.wait_for_selector(".card")


@pytest.mark.parametrize("state", STATES)
def test_no_fault_on_a_wide_light_screen(browser: Any, address: str, state: str):
    page = browser.new_context(**WIDE).new_page()
    open_state(page, address, STATES[state])
    assert looked_at(page) == {}
    page.context.close()


@pytest.mark.parametrize("state", STATES)
def test_no_fault_zoomed_dark_from_the_right_with_no_script(browser: Any, address: str, state: str):
    page = without_script(browser.new_context(**SMALL)).new_page()
    open_state(page, address, STATES[state], "ur")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert looked_at(page) == {}
    page.context.close()


def test_with_no_script_the_answer_has_its_sources(browser: Any, address: str):
    page = browser.new_context(java_script_enabled=False, **WIDE).new_page()
    open_state(page, address, STATES["answer"])
    assert "MIP" in page.inner_text(".card")
    assert page.locator(".sources a").count() >= 1
    assert "not yet checked with the council" in page.inner_text(".sources")
    page.locator(".sources .open").first.click()
    assert page.locator("mark#quoted").count() == 1
    page.context.close()


def test_urdu_is_marked_and_runs_from_the_right(browser: Any, address: str):
    page = browser.new_context(**WIDE).new_page()
    open_state(page, address, STATES["urdu"])
    assert page.locator('.card p[lang="ur"][dir="rtl"]').count() >= 1
    page.context.close()


def test_numbers_come_first_when_someone_is_at_risk(browser: Any, address: str):
    page = browser.new_context(**WIDE).new_page()
    open_state(page, address, STATES["help first"])
    text = page.inner_text(".card")
    assert "I am a computer. Nobody is reading this now." in text and "999" in text and "0800 1111" in text
    page.context.close()

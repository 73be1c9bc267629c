"""Every page and state in a real browser: wide and light; zoomed, dark, from right to left and with no script."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from real_server import served
from seeing import SMALL, WIDE, faults_of, looked_at, scrolls_sideways, small_targets, without_script
from web_states import STATES, World, little_app, world_of


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        app = little_app(tmp_path_factory.mktemp("world"))
        address = stack.enter_context(served(app))
        yield stack.enter_context(world_of(app, address))


@pytest.mark.parametrize("state", STATES)
def test_no_fault_on_a_wide_light_screen(browser: Any, world: World, state: str):
    context = browser.new_context(**WIDE)
    page = context.new_page()
    STATES[state](page, world, "en")
    assert faults_of(page) == []
    assert not scrolls_sideways(page) and small_targets(page) == []
    context.close()


@pytest.mark.parametrize("state", STATES)
def test_no_fault_zoomed_dark_from_the_right_with_no_script(browser: Any, world: World, state: str):
    context = without_script(browser.new_context(**SMALL))
    page = context.new_page()
    STATES[state](page, world, "ur")
    assert looked_at(page) == {}
    context.close()


@pytest.mark.parametrize("state", ["help first", "request", "source"])
def test_numbers_to_ring_fit_a_small_screen_at_twice_the_text(browser: Any, world: World, state: str):
    page = browser.new_context(viewport={"width": 320, "height": 256}).new_page()
    STATES[state](page, world, "en")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not scrolls_sideways(page)
    page.context.close()


def test_the_checker_sees_faults(browser: Any, world: World):
    page = browser.new_context(**SMALL).new_page()
    STATES["first"](page, world, "en")
    page.evaluate(
        """() => {
          const button = document.createElement("button"); button.style.cssText = "position:relative;width:20px;height:20px;min-block-size:0;padding:0";
          const image = document.createElement("img"); const wide = document.createElement("div"); wide.style.width = "900px"; wide.append("wide");
          const lid = document.createElement("div"); lid.style.cssText = "position:fixed;inset:0;background:red";
          document.querySelector("main").prepend(button, image, wide); document.body.append(lid); }"""
    )
    assert set(looked_at(page)) == {"axe", "sideways", "small", "covered"}
    page.context.close()

"""S3 and S9 in short: hostile words run nothing, and no other site can act for a person. Each with its control."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from campaigns import cross_site, hostile_messages
from real_server import served
from web_states import World, little_app, world_of

from bot.web import forms, security
from bot.web.layout import TEMPLATES


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack:
        app = little_app(tmp_path_factory.mktemp("hostile"))
        address = stack.enter_context(served(app))
        yield stack.enter_context(world_of(app, address))


def test_hostile_words_run_nothing_on_any_page(browser: Any, world: World):
    report = hostile_messages.run(browser, world, 60)
    assert report.sent >= 60 and report.faults == []


def test_with_escaping_off_it_is_caught(browser: Any, world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(TEMPLATES.env, "autoescape", False)
    TEMPLATES.env.cache.clear()
    report = hostile_messages.run(browser, world, 20)
    monkeypatch.undo()
    TEMPLATES.env.cache.clear()
    assert report.faults != []


def test_no_other_site_can_act_for_a_person(browser: Any, world: World):
    tried = cross_site.run(browser, world)
    assert len(tried) == 40 and [one for one in tried if one.succeeded] == []


def test_without_the_guard_and_the_token_it_could(browser: Any, world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(security, "same_site", lambda headers, host: True)
    monkeypatch.setattr(forms, "holds", lambda *given: True)
    assert [one for one in cross_site.run(browser, world, ("form",), ("127.0.0.1",)) if one.succeeded] != []

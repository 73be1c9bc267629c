"""Amina comes from Telegram, asks on the web what nobody answers, and asks for a person. Priya replies in the console.
Amina reads the reply on the web, and hears of it, and of no word of it, in Telegram. All in a real browser, over the wire.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from console_house import hire, sign_in_on_page
from payload_inspector import leaks
from real_server import served
from seeing import WIDE
from telegram_house import House, check_payloads, open_house
from web_house import front_for

from bot.assistant import Assistant
from bot.settings import Settings
from bot.telegram.loopback.people import Human
from bot.web.routes import create_app, site_for
from handoff.cases.holding import send_held
from handoff.desk import utc_now
from handoff.models import OfficerRole

SITE = "https://send.example"
QUESTION = "does the council lend kayaks to scout groups"
ASKED = "Zebedee wants to paddle. Whom do we ask?"
REPLY = "The sports team lends them. Ring them on Monday."


@pytest.fixture
def house(hounslow_by_words: Assistant, tmp_path: Path) -> Iterator[House]:
    front = front_for(hounslow_by_words, tmp_path)
    front.office = replace(front.office, desk=replace(front.office.desk, site=SITE))
    with open_house(front, address=SITE) as made:
        yield made
        check_payloads(made.api)
        # P5: no payload of the whole run says what the request is about.
        assert leaks(made.api, front) == []
    front.close()
    front.office.engine.dispose()


@pytest.fixture
def address(house: House, tmp_path: Path) -> Iterator[str]:
    site = site_for(house.front, Settings(data=tmp_path / "data"))
    with served(create_app(house.front, site=site)) as url:
        yield url


def until(what: Any, seconds: float = 120.0) -> None:
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, "it did not come"
        time.sleep(0.05)


def one_time_link(house: House, amina: Human, label: str) -> str:
    """The path and query of the link behind a button of the chat's last message."""
    house.presses(amina, label)
    parts = urlsplit(next(one["url"] for one in amina.reads_last().buttons if "url" in one))
    return f"{parts.path}?{parts.query}"


def amina_asks_for_a_person(page: Any, address: str, link: str) -> str:
    """Her reference, once nothing was found for her and she has written to the team."""
    page.goto(address + link)
    page.locator("main form button").first.click()
    page.fill("#question", QUESTION)
    page.click("#ask button.main")
    page.wait_for_selector("li.card")
    assert "I could not find this" in page.inner_text("li.card"), page.inner_text("li.card")
    page.click("a.person")
    page.check("input[name=queue][value=local_offer]")
    page.fill("#message", ASKED)
    page.click("button[value=check]")
    page.click("button[value=send]")
    panel = page.inner_text(".panel")
    assert "We have your message" in panel
    return str(page.locator(".panel bdi").first.inner_text())


def priya_replies(page: Any, address: str, reference: str) -> None:
    """Priya signs in, takes the case from her list, reads what was asked, and answers."""
    sign_in_on_page(page, address)
    page.wait_for_url(f"{address}/officers")
    page.get_by_role("link", name="Cases", exact=True).click()
    page.get_by_role("link", name=reference).click()
    assert ASKED in page.inner_text("main")
    page.get_by_role("button", name="Take this case").click()
    page.get_by_role("link", name="Reply to the family").click()
    page.fill("#text", REPLY)
    page.get_by_role("button", name="Send to the family").click()
    assert "Your reply goes to the family at" in page.inner_text("main")


def test_a_question_nobody_answers_is_answered_by_priya_read_on_the_web_and_heard_of_in_telegram(
    browser: Any, house: House, address: str
) -> None:
    office = house.front.office
    hire(office.engine, office.desk, "Priya Shah", OfficerRole.OFFICER, "local_offer")
    amina = house.human()
    house.says(amina, "/start")
    hers, officers = (browser.new_context(**WIDE) for _ in range(2))
    try:
        page = hers.new_page()
        reference = amina_asks_for_a_person(page, address, one_time_link(house, amina, "Open on the web"))
        priya_replies(officers.new_page(), address, reference)
        page.goto(address)
        assert REPLY not in page.inner_text("main"), "for ten seconds Priya may still take it back"
        assert send_held(office.engine, replace(office.desk, now=lambda: utc_now() + timedelta(seconds=11))) == 1
        page.goto(address)
        assert REPLY in page.inner_text("li.officer")
        until(lambda: any(one["text"] == "Read it" for one in amina.reads_last().buttons))
        told = amina.reads_last().plain
        assert "You have a new message. Press" in told and "Monday" not in told and "Zebedee" not in told
        # The door in the chat leads to the words themselves, in a browser that was never here.
        other = browser.new_context(**WIDE)
        fresh = other.new_page()
        fresh.goto(address + one_time_link(house, amina, "Read it"))
        fresh.locator("main form button").first.click()
        assert REPLY in fresh.inner_text("main")
        other.close()
    finally:
        hers.close()
        officers.close()

"""The web door switched off: the numbers to ring and a person to reach, on every page and to every program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlmodel import select
from web_house import Browser, app_for, browser_at, hidden

from bot.assistant import Assistant
from handoff.database import reading, transaction
from handoff.models import InboxMessage
from handoff.switches import Part, turn


@pytest.fixture
def app(little_assistant: Assistant, tmp_path: Path) -> FastAPI:
    made = app_for(little_assistant, tmp_path / "web")
    seconds = iter(range(0, 100_000, 10))
    made.state.site.front.office.switches.clock = lambda: float(next(seconds))
    return made


@pytest.fixture
def amina(app: FastAPI) -> Iterator[Browser]:
    with browser_at(app) as browser:
        yield browser


def switch(app: FastAPI, *, off: bool) -> None:
    office = app.state.site.front.office
    with transaction(office.engine) as session:
        turn(session, office.desk, Part.WEB, off=off, reason="Reason for officers alone.", by="priya")


@pytest.mark.parametrize("path", ["/", "/menu", "/person", "/panel/", "/turns", "/no-such-page"])
def test_every_page_gives_the_numbers_to_ring_and_a_person(app: FastAPI, amina: Browser, path: str):
    switch(app, off=True)
    page = amina.client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 503 and page.headers["Retry-After"] == "300"
    assert "switched off for now" in page.text and "Reason for officers" not in page.text
    for number in ("999", "01632 960003", "01632 960000"):
        assert number in page.text
    assert page.headers["Content-Security-Policy"] and 'name="question"' not in page.text


def test_a_program_is_told_the_same(app: FastAPI, amina: Browser):
    switch(app, off=True)
    answer = amina.client.post("/api/ask", json={"question": "how old for holiday club"})
    assert answer.status_code == 503 and "01632 960000" in answer.json()["person"]
    assert any("999" in line for line in answer.json()["danger"])


def test_a_question_sent_from_an_open_page_is_not_kept_and_the_page_says_so(app: FastAPI, amina: Browser):
    form = {**hidden(amina.get("/").text), "question": "how old for holiday club"}
    switch(app, off=True)
    sent = amina.client.post("/", data=form, headers={"Accept": "text/html"})
    assert sent.status_code == 503 and "is not kept" in sent.text
    with reading(app.state.site.front.office.engine) as session:
        assert session.exec(select(InboxMessage)).all() == []


def test_the_way_out_the_style_and_what_watches_the_service_stay(app: FastAPI, amina: Browser):
    switch(app, off=True)
    for path in ("/healthz", "/readyz"):
        assert amina.client.get(path).status_code == 200
    style = amina.get("/").text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert amina.client.get(style).status_code == 200
    assert amina.client.get("/officers").status_code != 503


def test_on_again_it_answers_without_a_restart(app: FastAPI, amina: Browser):
    switch(app, off=True)
    assert amina.client.get("/", headers={"Accept": "text/html"}).status_code == 503
    switch(app, off=False)
    assert "aged 8 to 12" in amina.ask("how old for holiday club").text

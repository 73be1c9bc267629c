"""O5: ten seconds to take a reply back; nothing reaches a family before; texts with their source put into a reply."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from console_house import Browser, app_for, ask_for_a_person, at, hire, words
from fastapi import FastAPI
from small_library import assistant_at, small_library
from small_office import Clock
from sqlalchemy import Engine
from sqlmodel import select

from handoff.cases.holding import send_held
from handoff.conversations import recent
from handoff.database import reading
from handoff.desk import Desk
from handoff.models import Case, HeldReply, OfficerRole

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.fixture
def app(engine: Engine, desk: Desk, tmp_path: Path) -> FastAPI:
    for name in ("Priya", "Lena"):
        hire(engine, desk, name, OfficerRole.LEAD if name == "Lena" else OfficerRole.OFFICER, "send")
    library = small_library(engine, desk, assistant_at(tmp_path / "pack"), tmp_path)
    return app_for(engine, desk, library=library, undo=timedelta(seconds=10))


@pytest.fixture
def case(engine: Engine, desk: Desk, app: FastAPI) -> Case:
    return ask_for_a_person(engine, desk)


def send(browser: Browser, case: Case, text: str, key: str = "k1") -> str:
    one = f"/officers/cases/{case.id}"
    page = browser.get(f"{one}/reply").text
    version = re.search(r'name="version" value="([0-9]+)"', page)
    assert version
    sent = browser.press(f"{one}/reply", version=version[1], text=text, key=key)
    assert sent.status_code == 303, words(sent)
    return one


def read_by_the_family(engine: Engine, desk: Desk, case: Case) -> list[str]:
    with reading(engine) as session:
        return [line.text for line in recent(session, desk, case.conversation_id) if line.who == "officer"]


def test_a_reply_is_taken_back_within_ten_seconds_and_its_words_are_kept(
    app: FastAPI, engine: Engine, desk: Desk, case: Case, clock: Clock
) -> None:
    priya = at(app)
    priya.press(f"/officers/cases/{case.id}/take", on=f"/officers/cases/{case.id}", version="1")
    one = send(priya, case, "I will ring on Tuesday.")
    assert "Your reply goes to the family at 10:00:10am" in words(priya.get(f"{one}?done=held"))
    clock.move(seconds=9)
    assert send_held(engine, desk) == 0 and read_by_the_family(engine, desk, case) == []
    back = priya.press(f"{one}/undo", on=one)
    assert back.status_code == 200 and "I will ring on Tuesday.</textarea>" in back.text
    clock.move(seconds=9)
    assert send_held(engine, desk) == 0 and read_by_the_family(engine, desk, case) == []


def test_after_ten_seconds_it_goes_once_and_cannot_be_taken_back(
    app: FastAPI, engine: Engine, desk: Desk, case: Case, clock: Clock
) -> None:
    priya = at(app)
    priya.press(f"/officers/cases/{case.id}/take", on=f"/officers/cases/{case.id}", version="1")
    one = send(priya, case, "On Tuesday.")
    send(priya, case, "On Tuesday.")
    clock.move(seconds=10)
    late = priya.press(f"{one}/undo", on=one)
    assert late.status_code == 409 and "It has been sent already" in words(late)
    assert [send_held(engine, desk), send_held(engine, desk)] == [1, 0]
    assert read_by_the_family(engine, desk, case) == ["On Tuesday."]
    send(priya, case, "On Tuesday.")
    clock.move(seconds=11)
    assert send_held(engine, desk) == 0
    assert "Your reply was sent to the family." in words(priya.get(f"{one}?done=held"))


def test_a_reply_to_a_case_that_changed_meanwhile_is_not_sent_and_comes_back_to_its_writer(
    app: FastAPI, engine: Engine, desk: Desk, case: Case, clock: Clock
) -> None:
    priya, lena = at(app), at(app, "lena")
    priya.press(f"/officers/cases/{case.id}/take", on=f"/officers/cases/{case.id}", version="1")
    one = send(priya, case, "On Tuesday.")
    assert "Undo" not in lena.get(one).text
    released = lena.press(f"{one}/release", on=one, version="2")
    assert released.status_code == 303
    clock.move(seconds=11)
    assert send_held(engine, desk) == 0 and read_by_the_family(engine, desk, case) == []
    assert "Your reply was not sent." in words(priya.get(one))
    assert "On Tuesday.</textarea>" in priya.press(f"{one}/undo", on=one).text
    with reading(engine) as session:
        assert session.exec(select(HeldReply)).all() == []


def test_nobody_holds_a_reply_to_a_case_that_is_not_theirs(app: FastAPI, case: Case) -> None:
    priya, one = at(app), f"/officers/cases/{case.id}"
    refused = priya.press(f"{one}/reply", version="1", text="Hello", key="k")
    assert refused.status_code == 422 and "Take it first" in words(refused) and "Hello</textarea>" in refused.text


def test_a_text_is_found_and_put_into_the_reply_with_its_source(app: FastAPI, case: Case) -> None:
    priya, one = at(app), f"/officers/cases/{case.id}"
    priya.press(f"{one}/take", on=one, version="1")
    found = priya.press(f"{one}/reply", version="2", text="Hello.", key="k", do="find", find="how old for holiday club")
    assert "Ages for the holiday clubs" in words(found) and "Hello.</textarea>" in found.text
    filled = priya.press(f"{one}/reply", version="2", text="Hello.", key="k", do="clubs#ages")
    text = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", filled.text, re.DOTALL)[1])  # type: ignore[index]
    assert text.startswith("Hello.\n\nHoliday clubs are for children aged 8 to 12.")
    assert text.endswith("https://littleham.example/clubs")

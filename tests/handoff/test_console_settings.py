"""Off switches and the audit on the officers' pages: for whom, with which reason, and never without a trace."""

from __future__ import annotations

from html import unescape
from pathlib import Path
from re import DOTALL, search

import pytest
from console_house import app_for, ask_for_a_person, at, hire, words
from fastapi import FastAPI
from small_library import assistant_at, small_library
from sqlalchemy import Engine

from handoff.database import reading
from handoff.desk import Desk
from handoff.models import OfficerRole
from handoff.retention_rules import rules_in, standard_rules
from handoff.switches import Part, turns

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.fixture
def app(engine: Engine, desk: Desk) -> FastAPI:
    for name, role in (("priya", OfficerRole.OFFICER), ("lena", OfficerRole.LEAD), ("ada", OfficerRole.ADMIN)):
        hire(engine, desk, name.title(), role, "send")
    return app_for(engine, desk)


def test_an_administrator_turns_answers_off_with_a_reason_that_is_kept(
    app: FastAPI, engine: Engine, desk: Desk
) -> None:
    ada = at(app, "ada")
    page = ada.press("/officers/settings", part="answering", do="off", reason="A date on the page was wrong")
    assert page.status_code == 303
    with reading(engine) as session:
        turned = turns(session, desk)[Part.ANSWERING]
    assert turned.off and turned.reason == "A date on the page was wrong"
    page = ada.get("/officers/settings").text
    assert "A date on the page was wrong" in page and "by Ada" in page and "Turn answers on" in page


def test_without_a_reason_nothing_is_turned(app: FastAPI, engine: Engine, desk: Desk) -> None:
    page = at(app, "ada").press("/officers/settings", part="web", do="off", reason="  ")
    assert page.status_code == 422 and "Say why" in page.text
    with reading(engine) as session:
        assert turns(session, desk) == {}


def test_a_lead_sees_the_switches_and_turns_none_and_an_officer_sees_neither(
    app: FastAPI, engine: Engine, desk: Desk
) -> None:
    lena = at(app, "lena")
    page = lena.get("/officers/settings")
    assert page.status_code == 200 and "Administrators turn these switches" in page.text
    assert "SEN team" in page.text and "To confirm" in page.text
    assert lena.press("/officers/settings", part="web", do="off", reason="why not").status_code == 403
    priya = at(app, "priya")
    assert priya.get("/officers/settings").status_code == 403
    assert "/officers/settings" not in priya.get("/officers").text
    with reading(engine) as session:
        assert turns(session, desk) == {}


def test_an_administrator_reads_who_saw_what_and_that_is_an_entry_too(app: FastAPI, engine: Engine, desk: Desk) -> None:
    case = ask_for_a_person(engine, desk)
    at(app, "priya").get(f"/officers/cases/{case.id}")
    ada = at(app, "ada")
    page = ada.get(f"/officers/audit?subject={case.id}&act=saw").text
    assert "Priya" in page and page.count("<tr>") == 2
    assert "Ada" in ada.get("/officers/audit?act=saw").text
    assert "No entry fits" in ada.get("/officers/audit?actor=%00<script>&act=nothing").text
    assert "No entry fits" not in ada.get("/officers/audit?before=99999999999999999999").text


def test_how_long_what_is_kept_is_a_draft_that_a_second_person_puts_to_use(
    engine: Engine, desk: Desk, tmp_path: Path
) -> None:
    for name in ("ada", "bo"):
        hire(engine, desk, name.title(), OfficerRole.ADMIN, "send")
    library = small_library(engine, desk, assistant_at(tmp_path / "pack"), tmp_path)
    app = app_for(engine, desk, library=library)
    ada, bo, path = at(app, "ada"), at(app, "bo"), "/officers/settings/files/keeping"
    found = search(r"<textarea[^>]*>(.*?)</textarea>", ada.get(path).text, DOTALL)
    assert found and desk.rules["conversation"].days == 30
    text = unescape(found[1])
    assert rules_in(text, "x") == desk.rules, "what is shown is what is in force"
    wrong = str(ada.press(path, text="rules: {magic: {days: 3}}", why="Try").headers["location"])
    assert "rules/retention.yaml" in words(ada.get(wrong))
    assert bo.press(f"{wrong}/apply", on=wrong).status_code in (303, 409) and desk.rules["conversation"].days == 30
    shorter = text.replace("conversation:\n    days: 30", "conversation:\n    days: 14")
    draft = str(ada.press(path, text=shorter, why="The council decided").headers["location"])
    own = ada.press(f"{draft}/apply", on=draft)
    assert own.status_code == 409 and "second person" in words(own) and desk.rules["conversation"].days == 30
    assert bo.press(f"{draft}/apply", on=draft).status_code == 303
    assert desk.rules["conversation"].days == 14 and desk.rules["case"] == standard_rules()["case"]
    assert standard_rules()["conversation"].days == 30, "Askwell's own rules are nobody's to change"
    assert "14" in words(bo.get("/officers/settings"))

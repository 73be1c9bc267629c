"""Pages and files on the console: what waits, what differs, what is let through, what is taken out; disagreements."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from console_house import app_for, ask_for_a_person, at, hire, words
from fastapi import FastAPI
from papers import document_saying
from small_library import assistant_at, small_library
from sqlalchemy import Engine

from bot.assistant import Assistant
from bot.messages import Incoming, Outcome
from handoff.database import transaction
from handoff.desk import Desk
from handoff.documents import propose
from handoff.models import OfficerRole
from knowledge.sources.holding import Held, as_text

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    return assistant_at(tmp_path / "pack")


@pytest.fixture
def app(engine: Engine, desk: Desk, assistant: Assistant, tmp_path: Path) -> FastAPI:
    hire(engine, desk, "Priya", OfficerRole.EDITOR, "send")
    hire(engine, desk, "Ben", OfficerRole.OFFICER, "send")
    return app_for(engine, desk, library=small_library(engine, desk, assistant, tmp_path))


def offered(engine: Engine, desk: Desk, held: Held) -> None:
    with transaction(engine) as session:
        propose(session, desk, held, "", "Read for the first time")


def judo(*more: str) -> Held:
    return document_saying("doc-judo", "A judo session costs £4.", *more, heading="Judo sessions")


def test_an_editor_sees_what_differs_lets_a_number_through_and_puts_it_to_use(
    app: FastAPI, engine: Engine, desk: Desk, assistant: Assistant
) -> None:
    offered(engine, desk, judo("Ring judo on 01632 960777 or 01632 960778."))
    priya, one = at(app), "/officers/documents/doc-judo"
    listed = words(priya.get("/officers/documents"))
    assert "Judo sessions New" in listed and "No page or file is in use" in listed
    shown = words(priya.get(one))
    assert "A judo session costs £4." in shown and "questions were asked of both" in shown
    assert "01632 960777" in shown and "Held back until you let it through" in shown
    assert priya.press(f"{one}/approve", on=one, allow="01632 960777").status_code == 303
    said = str(assistant.reply(Incoming("what does a judo session cost?")).reply.body)
    assert "£4" in said and "960777" in said and "960778" not in said


def test_what_is_taken_out_is_said_no_more(app: FastAPI, engine: Engine, desk: Desk, assistant: Assistant) -> None:
    offered(engine, desk, judo())
    priya, one = at(app), "/officers/documents/doc-judo"
    priya.press(f"{one}/approve", on=one)
    assert "Say why" in words(priya.press(f"{one}/remove", on=one))
    assert priya.press(f"{one}/remove", on=one, why="The club has closed").status_code == 303
    assert "£4" not in str(assistant.reply(Incoming("what does a judo session cost?")).reply)
    assert priya.get(one).status_code == 404
    assert "The club has closed" in words(priya.get("/officers/documents"))


def test_what_is_not_wanted_goes_and_ben_may_only_look(app: FastAPI, engine: Engine, desk: Desk) -> None:
    offered(engine, desk, judo())
    one = "/officers/documents/doc-judo"
    assert "Put it to use" not in words(at(app, "ben").get(one))
    assert at(app).press(f"{one}/drop", on=one).status_code == 303
    assert "Nothing waits" in words(at(app).get("/officers/documents"))


def test_a_disagreement_is_a_card_until_somebody_rules(
    app: FastAPI, engine: Engine, desk: Desk, assistant: Assistant
) -> None:
    offered(engine, desk, document_saying("doc-ages", "Holiday clubs are for children aged 7 to 12."))
    priya, one = at(app), "/officers/documents/doc-ages"
    priya.press(f"{one}/approve", on=one)
    ask = Incoming("how old for holiday club?")
    assert assistant.reply(ask).reply.outcome is Outcome.CONFLICT
    listed = priya.get("/officers/found").text
    (id,) = assistant.engine.pack.found
    assert "aged 7 to 12" in listed and "aged 8 to 12" in listed
    found = assistant.engine.pack.found[id].disagreement
    right = "one" if found.one.section == "clubs#ages" else "other"
    rule = {"on": "/officers/found", "choice": right, "why": "Asked the clubs desk"}
    assert priya.press(f"/officers/found/{id}", **rule).status_code == 303
    said = assistant.reply(ask).reply
    assert said.outcome is Outcome.ANSWER and "aged 8 to 12" in str(said.body) and "aged 7" not in str(said)


def test_a_case_names_no_heading_of_what_was_taken_out(
    app: FastAPI, engine: Engine, desk: Desk, assistant: Assistant
) -> None:
    offered(engine, desk, judo())
    priya, one = at(app), "/officers/documents/doc-judo"
    priya.press(f"{one}/approve", on=one)
    (section,) = assistant.engine.pack.articles["doc-judo"].sections
    case = ask_for_a_person(engine, desk, quoted=section.id)
    with_ben = at(app, "ben")
    assert section.heading in words(with_ben.get(f"/officers/cases/{case.id}"))
    priya.press(f"{one}/remove", on=one, why="The club has closed")
    page = words(with_ben.get(f"/officers/cases/{case.id}"))
    assert section.anchor not in page and section.heading not in page and "A text that was taken out" in page


def test_a_document_is_marked_as_checked_by_name_and_not_while_a_newer_copy_waits(
    app: FastAPI, engine: Engine, desk: Desk, assistant: Assistant
) -> None:
    offered(engine, desk, judo())
    priya, one, page = at(app), "/officers/documents/doc-judo", "/officers/knowledge/sources/doc-judo"
    priya.press(f"{one}/approve", on=one)
    assert "Never" in words(priya.get(page)) and 'name="updated"' not in priya.get(page).text
    assert priya.press(f"{page}/check", on=page).status_code == 303
    source = assistant.engine.pack.sources["doc-judo"]
    assert (source.checked, source.checked_by) == (desk.now().date(), "Priya")
    assert source.review_by == desk.now().date() + timedelta(days=182)
    assert "by Priya" in words(priya.get(page)) and "Compared with the live page" in words(priya.get(page))
    with transaction(engine) as session:
        held = assistant.engine.pack.documents["doc-judo"]
        propose(session, desk, judo("It costs £6 now."), as_text(held), "Read again")
    refused = priya.press(f"{page}/check", on=page)
    assert refused.status_code == 409 and "its new words wait" in words(refused)

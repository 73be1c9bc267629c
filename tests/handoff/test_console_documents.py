"""Pages and files on the console: what waits, what differs, what is let through, what is taken out; disagreements."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from campaigns.hostile_documents import with_files
from console_house import HERE, Browser, app_for, ask_for_a_person, at, browser_at, hire, words
from fastapi import FastAPI
from httpx import Response
from papers import document_saying, pdf, word
from small_library import assistant_at, small_library
from sqlalchemy import Engine

from bot.assistant import Assistant
from bot.messages import Incoming, Outcome
from handoff.console.fence import LARGEST_UPLOAD, UPLOAD
from handoff.content import drafts, in_use
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.documents import note, propose
from handoff.models import OfficerRole
from handoff.switches import Part, turn
from knowledge.sources.holding import Held, as_text, from_text

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
    assert "A judo session costs £4." in shown and "question was asked of both" in shown
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


def send(browser: Browser, data: bytes, name: str, **fields: str) -> Response:
    """Send a file with the form of the page, as a browser does."""
    form = {"form_token": browser.form_token("/officers/documents"), **fields}
    headers = {"origin": HERE, "sec-fetch-site": "same-origin"}
    return browser.client.post(UPLOAD, data=form, files={"file": (name, data)}, headers=headers)


FEES = [("Fees", ["A judo session costs £4."])]


def test_a_file_that_an_editor_sends_waits_and_is_answered_from_once_approved(
    app: FastAPI, engine: Engine, desk: Desk, assistant: Assistant
) -> None:
    priya = at(app)
    sent = send(
        priya, word("Judo", FEES), "C:\\papers\\Judo fees.docx", url="https://littleham.example/Judo?utm_source=x"
    )
    assert sent.status_code == 303
    one = sent.headers["location"]
    shown = words(priya.get(one))
    assert "A judo session costs £4." in shown and "Put it to use" in shown
    assert "£4" not in str(assistant.reply(Incoming("what does a judo session cost?")).reply)
    priya.press(f"{one}/approve", on=one)
    reply = assistant.reply(Incoming("what does a judo session cost?")).reply
    assert "£4" in str(reply.body) and (reply.citations[0].url or "").startswith("https://littleham.example/Judo")
    again = send(priya, word("Judo", FEES), "Judo fees.docx", url="https://littleham.example/Judo")
    assert again.headers["location"].endswith("done=same")
    with reading(engine) as session:
        (row,) = [row for row in in_use(session, desk).values() if "Judo fees.docx" in row]
    assert isinstance(from_text(row), Held)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("", b"", "Choose a file"),
        ("x.exe", b"MZ" + bytes(900), "x.exe: "),
        ("x.pdf", pdf("Judo", FEES)[:300], "x.pdf: "),
        ("x.docx", with_files(word("Judo", FEES), {"word/vbaProject.bin": b"macro"}), "macro"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_and_nothing_is_kept(
    app: FastAPI, engine: Engine, desk: Desk, name: str, data: bytes, said: str
) -> None:
    page = send(at(app), data, name)
    assert page.status_code == 422 and said in words(page) and page.text.count("There is a problem") == 1
    with reading(engine) as session:
        assert drafts(session, desk) == []


def test_a_file_is_read_only_for_editors_and_only_from_their_own_form(app: FastAPI, engine: Engine, desk: Desk) -> None:
    paper = word("Judo", FEES)
    priya, ben = at(app), at(app, "ben")
    assert 'type="file"' in priya.get("/officers/documents").text
    assert 'type="file"' not in ben.get("/officers/documents").text
    headers, files = {"origin": HERE, "sec-fetch-site": "same-origin"}, {"file": ("x.docx", paper)}
    token = {"form_token": ben.form_token("/officers/two-steps")}
    assert ben.client.post(UPLOAD, data=token, files=files, headers=headers).status_code == 403
    assert priya.client.post(UPLOAD, data=token, files=files, headers=headers).status_code == 403
    stranger = browser_at(app).client.post(UPLOAD, data=token, files=files, headers=headers)
    assert stranger.headers["location"].startswith("/officers/sign-in")
    big = {"file": ("x.docx", bytes(LARGEST_UPLOAD + 1))}
    assert priya.client.post(UPLOAD, data=token, files=big, headers=headers).status_code == 413
    with reading(engine) as session:
        assert drafts(session, desk) == []


def test_while_taking_in_is_off_no_file_is_read(app: FastAPI, engine: Engine, desk: Desk) -> None:
    with transaction(engine) as session:
        turn(session, desk, Part.INGESTION, off=True, reason="A test", by="priya")
    page = send(at(app), word("Judo", FEES), "x.docx")
    assert page.status_code == 422 and "switched off" in words(page)


def test_the_health_of_the_local_offer_is_a_page_and_a_file(app: FastAPI, engine: Engine, desk: Desk) -> None:
    with transaction(engine) as session:
        note(session, desk, "doc-x", "https://littleham.example/gone", fault="404")
    page = words(at(app, "ben").get("/officers/health"))
    assert "Pupil referral units Missing" in page and "It was not read: 404" in page
    rows = at(app, "ben").get("/officers/health.csv").text.splitlines()
    assert len(rows) > 30 and any("https://littleham.example/gone" in row for row in rows)

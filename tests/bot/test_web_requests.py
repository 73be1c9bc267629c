"""Asking for a person on the pages: what is shared, when the reply is due, what the family sees after, forgetting it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlmodel import Session, select
from web_house import Browser, app_for, browser_at, hidden

from bot.assistant import Assistant
from handoff.cases import claim, open_for, reply
from handoff.database import transaction
from handoff.models import Case, OfficerRole
from handoff.officers import add_officer
from handoff.rights import Acting

AGES = "how old for holiday club"
FARE = "child fare on the 65 bus"
FORM = {"queue": "clubs", "message": "Can my son Aaron Malik come?", "how": "here", "language": "en", "role": "family"}


@pytest.fixture
def app(little_assistant: Assistant, tmp_path: Path) -> FastAPI:
    return app_for(little_assistant, tmp_path / "web")


@pytest.fixture
def amina(app: FastAPI) -> Iterator[Browser]:
    with browser_at(app) as browser:
        yield browser


def sent(amina: Browser, **changed: object) -> str:
    """The path of the status page of a request sent through both pages."""
    check = amina.press("/person", **{**FORM, "act": "check", **changed})
    assert check.status_code == 200, check.text
    done = amina.post("/person", {**hidden(check.text), **FORM, **changed, "act": "send"})
    assert done.status_code == 200 and "We have your message" in done.text
    return str(done.url).split("?")[0].replace("http://testserver", "")


def cases(app: FastAPI) -> list[Case]:
    with Session(app.state.site.front.office.engine) as db:
        return list(db.exec(select(Case)).all())


def answered(app: FastAPI, text: str) -> None:
    """Priya takes the one case and replies."""
    office = app.state.site.front.office
    with transaction(office.engine) as db:
        priya = add_officer(
            db,
            office.desk,
            email="priya@x.example",
            name="Priya",
            role=OfficerRole.OFFICER,
            queues=frozenset({"clubs"}),
            password="four plain words here",
        )
        acting = Acting(priya.id, OfficerRole.OFFICER, frozenset({"clubs"}))
        case = db.exec(select(Case)).one()
        case = claim(db, office.desk, acting, case.id, case.version)
        reply(db, office.desk, acting, case.id, case.version, text, "first")


def shared_with_officers(app: FastAPI) -> tuple[str, tuple[str, ...]]:
    office = app.state.site.front.office
    with transaction(office.engine) as db:
        acting = Acting("lead", OfficerRole.LEAD, frozenset({"clubs"}))
        seen = open_for(db, office.desk, acting, db.exec(select(Case)).one().id)
    return seen.summary, seen.shared


def test_the_reply_date_is_there_before_sending_and_after_and_the_same_for_the_officer(amina: Browser, app: FastAPI):
    check = amina.press("/person", **FORM, act="check")
    path = sent(amina)
    case = cases(app)[0]
    day = f"{case.reply_by:%A} {case.reply_by.day} {case.reply_by:%B %Y}"
    assert f"Clubs replies by {day}" in check.text and day in amina.get(path).text
    assert case.reference in amina.get(path).text


def test_only_what_was_ticked_is_shared(amina: Browser, app: FastAPI):
    amina.ask(AGES)
    amina.ask(FARE)
    sent(amina, share="1")
    assert shared_with_officers(app)[1] == (FORM["message"], AGES)


def test_nothing_is_sent_before_the_check_page_and_it_says_that_the_team_reads_the_names(amina: Browser, app: FastAPI):
    check = amina.press("/person", **FORM, act="check")
    assert cases(app) == [] and "Aaron Malik" in check.text.split("<dl")[1].split("</dl>")[0]
    assert "The team reads them, and nobody else." in check.text


def test_the_officer_reads_the_message_as_it_was_typed_and_lists_name_nobody(amina: Browser, app: FastAPI):
    path = sent(amina)
    summary, shared = shared_with_officers(app)
    assert shared == (FORM["message"],) and "Aaron Malik" in FORM["message"]
    assert "Malik" not in summary and "[name]" in summary
    amina.press(f"{path}/add", path, more="Her name is Zara Malik.")
    with Session(app.state.site.front.office.engine) as db:
        kept = [bytes(value) for (value,) in db.exec(text("SELECT sealed_text FROM message")).all()]  # type: ignore[call-overload]
    assert kept and not any(b"Malik" in one for one in kept)
    assert "Zara Malik" in amina.get(path).text


def test_the_last_question_alone_is_ticked_at_first(amina: Browser):
    amina.ask(AGES)
    amina.ask(FARE)
    page = amina.get("/person").text
    assert 'value="2" checked' in page and 'value="1" checked' not in page and FARE in page


def test_missing_answers_are_named_and_nothing_is_lost(amina: Browser):
    page = amina.press(
        "/person", message="", how="email", email="no", act="check", queue="", language="en", role="family"
    )
    assert page.status_code == 422
    for words in ("Choose what it is about", "Write your message first", "Enter an email address"):
        assert words in page.text
    assert 'value="no"' in page.text and 'href="#queue"' in page.text


def test_sending_the_same_form_twice_opens_one_case(amina: Browser, app: FastAPI):
    check = amina.press("/person", **FORM, act="check")
    form = {**hidden(check.text), **FORM, "act": "send"}
    first, again = amina.post("/person", form), amina.post("/person", form)
    assert first.url == again.url and len(cases(app)) == 1


def test_the_officers_reply_is_on_both_pages(amina: Browser, app: FastAPI):
    amina.ask(AGES)
    path = sent(amina)
    answered(app, "Yes, he can come from Monday. Priya")
    assert "Yes, he can come from Monday. Priya" in amina.get(path).text
    assert "Yes, he can come from Monday. Priya" in amina.get("/").text


def test_the_family_adds_closes_and_opens_again(amina: Browser, app: FastAPI):
    path = sent(amina)
    assert "And his sister?" in amina.press(f"{path}/add", path, more="And his sister?").text
    assert "This is finished." in amina.press(f"{path}/close", path).text
    amina.press(f"{path}/add", path, more="One thing more")
    assert cases(app)[0].status.value == "new"


def test_a_wrong_token_shows_nothing_and_the_right_one_needs_no_cookie(amina: Browser, app: FastAPI):
    path = sent(amina)
    with browser_at(app) as ben:
        assert ben.get(path).status_code == 200
        assert ben.get(path[:-1] + ("0" if path[-1] != "0" else "1")).status_code == 404
        assert ben.get("/memory").text.count("AW-") == 0


def test_someone_at_risk_gets_the_numbers_and_the_message_goes_to_no_ordinary_queue(amina: Browser, app: FastAPI):
    check = amina.press("/person", **{**FORM, "message": "i want to kill myself"}, act="check")
    form = {**hidden(check.text), **FORM, "message": "i want to kill myself", "act": "send"}
    page = amina.post("/person", form)
    assert "116 123" in page.text and all(case.queue == "safeguarding" for case in cases(app))


def test_someone_at_risk_who_adds_to_a_request_gets_the_numbers_too(amina: Browser, app: FastAPI):
    path = sent(amina)
    page = amina.press(f"{path}/add", path, more="i want to kill myself")
    assert "116 123" in page.text and 'class="card urgent"' in page.text
    assert "i want to kill myself" in amina.get(path).text


def test_what_is_remembered_is_shown_saved_and_forgotten_with_a_receipt(amina: Browser, app: FastAPI):
    amina.ask(AGES)
    path = sent(amina)
    memory = amina.get("/memory").text
    assert AGES in memory and cases(app)[0].reference in memory
    copy = amina.get("/my-data.json")
    assert AGES in json.dumps(copy.json(), ensure_ascii=False) and "attachment" in copy.headers["content-disposition"]
    gone = amina.press("/forget")
    assert "Your data is deleted" in gone.text and "E-" in gone.text
    assert AGES not in amina.get("/").text and amina.get(path).status_code == 404 and cases(app) == []


def test_the_chat_itself_forgets_in_two_steps_and_the_page_shows_the_receipt(amina: Browser):
    amina.ask(AGES)
    assert "write: erase" in amina.ask("/forget").text
    told = amina.ask("erase").text
    assert "Your receipt is" in told and AGES not in told


def test_after_leaving_the_request_is_hidden_until_asked_for(amina: Browser):
    path = sent(amina)
    amina.client.follow_redirects = False
    amina.press("/leave", "/menu")
    assert "Aaron" not in amina.get(path).text and "You left this page" in amina.get(path).text


def test_about_how_old_the_child_is_can_be_said_and_need_not_be(amina: Browser, app: FastAPI):
    page = amina.get("/person").text
    assert "How old is the child or young person?" in page and 'value="11_to_15"' in page
    check = amina.press("/person", **FORM, act="check", age="11_to_15")
    assert "11 to 15" in check.text.split("<dl")[1].split("</dl>")[0]
    sent(amina, age="11_to_15", message="The first")
    sent(amina, age="a secret code", message="The second")
    sent(amina, message="The third")
    assert sorted(case.age_band for case in cases(app)) == ["", "", "11_to_15"]

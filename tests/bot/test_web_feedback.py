"""Under an answer: whether it helped, the answer by email, the spelling that was searched for, and when people are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from web_house import Browser, app_for, browser_at

from bot.assistant import Assistant
from handoff.database import transaction
from handoff.feedback import mark_seen, question_of
from handoff.models import Feedback, Helped, Lacking, OutboxMessage
from handoff.outbox import take_due

AGES = "how old for holiday club"
MONDAY, SATURDAY = datetime(2026, 11, 23, 10, tzinfo=UTC), datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def app(little_assistant: Assistant, tmp_path: Path) -> Iterator[FastAPI]:
    made = app_for(little_assistant, tmp_path / "web", settings={"log_letters": True})
    yield made
    made.state.site.front.close()
    made.state.site.front.office.engine.dispose()


@pytest.fixture
def amina(app: FastAPI) -> Iterator[Browser]:
    with browser_at(app) as browser:
        yield browser


def answer_of(page: str) -> str:
    """The number of the last answer that can be judged on a page."""
    return re.findall(r'name="answer" value="(\w+)"', page)[-1]


def kept(app: FastAPI) -> list[Feedback]:
    with Session(app.state.site.front.office.engine) as db:
        return list(db.exec(select(Feedback)).all())


def test_amina_says_that_it_did_not_help_and_why_and_an_officer_finds_the_question(amina: Browser, app: FastAPI):
    answer = answer_of(amina.ask(AGES).text)
    page = amina.press("/feedback", "/", answer=answer, helped="no").text
    assert "What was wrong?" in page and "Did this help?" not in page
    thanked = amina.press("/feedback", "/", answer=answer, helped="no", lacking="hard_to_read").text
    assert "Thank you." in thanked and "What was wrong?" not in thanked
    (said,) = kept(app)
    assert (said.helped, said.lacking, said.outcome) == (Helped.NO, Lacking.HARD_TO_READ, "answer")
    with Session(app.state.site.front.office.engine) as db:
        assert question_of(db, app.state.site.desk, said) == AGES


def test_ben_cannot_judge_aminas_answer_and_no_other_site_can(amina: Browser, app: FastAPI):
    answer = answer_of(amina.ask(AGES).text)
    with browser_at(app) as ben:
        ben.ask(AGES)
        assert ben.press("/feedback", "/", answer=answer, helped="no").status_code == 404
    assert amina.post("/feedback", {"answer": answer, "helped": "no"}, origin="https://evil.example").status_code == 403
    assert amina.press("/feedback", "/", answer=answer, helped="perhaps").status_code == 422
    assert kept(app) == []


@pytest.mark.parametrize("question", ["i want to kill myself", "can you help"])
def test_help_first_and_a_question_back_are_not_judged(amina: Browser, question: str):
    assert "Did this help?" not in amina.ask(question).text


def test_nobody_is_asked_while_no_officer_looks(amina: Browser, app: FastAPI):
    amina.press("/feedback", "/", answer=answer_of(amina.ask(AGES).text), helped="yes")
    with transaction(app.state.site.front.office.engine) as db:
        (said,) = db.exec(select(Feedback)).all()
        said.at = datetime(2020, 1, 1, tzinfo=UTC)
        db.add(said)
    assert "Did this help?" not in amina.ask("child fare on the 65 bus").text
    with transaction(app.state.site.front.office.engine) as db:
        mark_seen(db, app.state.site.desk, app.state.site.now())
    assert "Did this help?" in amina.get("/").text


def test_the_answer_goes_by_email_once_to_the_address_given_and_the_address_is_sealed(amina: Browser, app: FastAPI):
    assert "/email-answer?line=1" in amina.ask(AGES).text
    for _ in range(2):
        sent = amina.press("/email-answer", "/email-answer?line=1", line="1", email="amina@home.example")
        assert "on its way" in sent.text
    office = app.state.site.front.office
    with transaction(office.engine) as db:
        rows = db.exec(select(OutboxMessage)).all()
        assert len(rows) == 1 and b"amina@home" not in rows[0].sealed_body
        (parcel,) = take_due(db, office.desk, "worker")
    assert parcel.to == "amina@home.example" and "aged 8 to 12" in parcel.text and "SEND" not in parcel.subject


def test_a_wrong_address_is_said_and_another_familys_answer_cannot_be_sent(amina: Browser, app: FastAPI):
    amina.ask(AGES)
    wrong = amina.press("/email-answer", "/email-answer?line=1", line="1", email="not an address")
    assert wrong.status_code == 422 and "Enter an email address" in wrong.text
    with browser_at(app) as ben:
        assert ben.get("/email-answer?line=1").status_code == 404


def test_without_a_mail_server_nothing_offers_email(little_assistant: Assistant, tmp_path: Path):
    app = app_for(little_assistant, tmp_path / "web")
    with browser_at(app) as amina:
        assert "email-answer" not in amina.ask(AGES).text
        assert amina.get("/email-answer?line=1").status_code == 404
    app.state.site.front.office.engine.dispose()


def test_the_spelling_that_was_searched_for_is_said_and_can_be_undone(amina: Browser):
    page = amina.ask("how old for holliday club").text
    assert "I searched for:" in page and "how old for holiday club" in page
    assert "I searched for:" not in amina.ask("how old for holliday club", as_written="yes").text.split('id="q2"')[1]
    assert "I searched for:" not in amina.ask(AGES).text.split('id="q3"')[1]


def test_one_of_the_readings_is_picked_or_a_person_is_asked(amina: Browser):
    page = amina.ask("can you help").text
    first = re.search(r'type="radio" id="pick-1-1" name="question" value="([^"]+)"', page)
    assert first and 'id="pick-1-none"' in page
    none = amina.press("/", question="none of these", picking="yes", line="1")
    assert none.url.path == "/person"
    missing = amina.press("/", picking="yes", line="1")
    assert missing.status_code == 422 and "Pick one of these" in missing.text
    assert amina.press("/", question=first[1], picking="yes", line="1").text.count("data-turn=") == 4


@pytest.mark.parametrize(("now", "said"), [(MONDAY, False), (SATURDAY, True)])
def test_when_people_reply_again_is_said_while_they_are_away(
    little_assistant: Assistant, tmp_path: Path, now: datetime, said: bool
):
    app = app_for(little_assistant, tmp_path / "web", now=lambda: now)
    with browser_at(app) as amina:
        for path in ("/", "/person"):
            assert ("People reply again from 9am on Monday 23 November 2026." in amina.get(path).text) is said
    app.state.site.front.office.engine.dispose()

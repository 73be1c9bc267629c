"""O9 and O11: conflicts that an officer settles change the card; figures are true, small ones hidden, CSV harmless."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from console_house import Browser, app_for, ask_for_a_person, at, hire, words
from fastapi import FastAPI
from little_council import LITTLE
from small_gaps import ask
from small_library import CONFLICTS, assistant_at, small_library
from small_office import Clock
from sqlalchemy import Engine
from sqlmodel import select

from bot.assistant import Assistant
from bot.messages import Incoming, Outcome
from handoff.cases.ownership import claim
from handoff.cases.replying import reply
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import AuditEntry, OfficerRole
from handoff.officers import acting
from handoff.reports import promises

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
C1 = "/officers/conflicts/C1"
CLUBS = LITTLE["articles/clubs.md"].replace(
    "```yaml\nasked_as: [how old for holiday club", "```yaml\nconflict: C1\nasked_as: [how old for holiday club"
)
OPEN_TEXT = CLUBS.replace("Holiday clubs are for children aged 8 to 12. [clubs]", "The pages do not agree. [clubs]")


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    return assistant_at(tmp_path / "pack", **{"conflicts.yaml": CONFLICTS, "articles/clubs.md": OPEN_TEXT})


@pytest.fixture
def staff(engine: Engine, desk: Desk) -> dict[str, str]:
    return {
        "priya": hire(engine, desk, "Priya", OfficerRole.EDITOR, "send"),
        "lena": hire(engine, desk, "Lena", OfficerRole.LEAD, "send", "safeguarding"),
        "ben": hire(engine, desk, "Ben", OfficerRole.OFFICER, "send"),
    }


@pytest.fixture
def app(engine: Engine, desk: Desk, assistant: Assistant, tmp_path: Path, staff: dict[str, str]) -> FastAPI:
    return app_for(engine, desk, library=small_library(engine, desk, assistant, tmp_path))


def text_of(browser: Browser) -> str:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", browser.get(C1).text, re.DOTALL)
    assert found
    return unescape(found[1])


def said(assistant: Assistant) -> tuple[Outcome, str]:
    found = assistant.reply(Incoming("how old for holiday club")).reply
    return found.outcome, " ".join(paragraph.text for paragraph in found.body)


def test_settling_a_conflict_takes_the_card_away_and_opening_it_brings_it_back(
    app: FastAPI, assistant: Assistant
) -> None:
    priya = at(app, "priya")
    assert "Clubs are for children from 6." in said(assistant)[1]
    page = words(priya.get(C1))
    assert "Clubs are for children from 6." in page and "Page updated: 1 September 2026" in page
    text = text_of(priya).replace("The pages do not agree. [clubs]", "From 8. This replaced an older page. [clubs]")
    form = {"choice": "newer", "why": "The clubs desk says so", "words": "children from 6", "text": text}
    assert priya.press(C1, **form).status_code == 303
    assert said(assistant) == (Outcome.ANSWER, "From 8. This replaced an older page. Each club has two leaders.")
    assert "Settled" in words(priya.get("/officers/conflicts"))
    again = text_of(priya).replace("From 8. This replaced an older page.", "The pages do not agree.")
    assert priya.press(C1, choice="open", why="Both pages changed.", text=again).status_code == 303
    assert "Clubs are for children from 6." in said(assistant)[1] and "Both pages changed." in said(assistant)[1]


def test_what_does_not_hold_together_is_refused_and_nothing_is_lost(app: FastAPI, assistant: Assistant) -> None:
    priya, before = at(app, "priya"), said(assistant)
    still_open = text_of(priya)
    refused = priya.press(C1, choice="newer", why="So it is", words="children from 6", text=still_open)
    assert refused.status_code == 422 and "does not say that this replaced an older page" in words(refused)
    assert "So it is" in refused.text and said(assistant) == before
    no_words = priya.press(C1, choice="withdraw", why="x", text=still_open)
    assert no_words.status_code == 422 and "words that must not be said" in words(no_words)
    assert priya.press(C1, choice="newer", why=" ", text=still_open).status_code == 422
    ben = at(app, "ben")
    token = ben.form_token("/officers/two-steps")
    assert ben.post(C1, {"form_token": token, "choice": "both", "why": "x"}).status_code == 403
    assert "Decide" not in words(ben.get(C1))


def test_promises_count_what_was_due_and_never_safeguarding(
    engine: Engine, desk: Desk, clock: Clock, staff: dict[str, str]
) -> None:
    began = clock.at
    for number in range(6):
        case = ask_for_a_person(engine, desk, f"kept-{number}")
        with transaction(engine) as session:
            lena = acting(session, desk, staff["lena"])
            assert lena is not None
            taken = claim(session, desk, lena, case.id, 1)
            reply(session, desk, lena, case.id, taken.version, "Yes.", "k")
    ask_for_a_person(engine, desk, "not-due")
    ask_for_a_person(engine, desk, "at-risk", urgent="abuse")
    with reading(engine) as session:
        (row,) = promises(session, desk, began, clock.at + timedelta(days=1))
        assert (row.label, row.total, row.well) == ("send", 6, 6)
    clock.move(days=30)
    with reading(engine) as session:
        (row,) = promises(session, desk, began, clock.at)
        assert (row.total, row.well) == (7, 6)


def test_the_reports_page_has_tables_charts_and_files_and_notes_who_took_one(
    app: FastAPI, engine: Engine, desk: Desk
) -> None:
    for number in range(12):
        ask(engine, desk, f"asks-{number}", "how old", outcome="answer" if number < 6 else "abstain")
    lena = at(app, "lena")
    page = lena.get("/officers/reports")
    assert "Not found 6 Answered 6" in words(page) and page.text.count("<svg") == 1 < page.text.count("<table")
    assert page.text.index("<table") < page.text.index("<svg") and "50%" in words(page)
    file = lena.get("/officers/reports/answers.csv")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert sorted(rows) == [["", "How many"], ["Answered", "6"], ["Not found", "6"]]
    with reading(engine) as session:
        assert session.exec(select(AuditEntry).where(AuditEntry.act == "exported")).one().subject == "answers"
    assert lena.get("/officers/reports/nothing.csv").status_code == 404
    assert at(app, "ben").get("/officers/reports").status_code == 403

"""Privacy, accessibility and about say what is true now, and every page of ours is in the tests of the whole matrix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from markupsafe import escape
from web_house import Browser, app_for, browser_at

from bot.assistant import Assistant
from bot.web import notices
from bot.web.static import FOLDER, packed
from handoff.data_register import Audience, data_register
from handoff.retention_rules import standard_rules

ROOT = Path(__file__).parents[2]


@pytest.fixture
def app(little_assistant: Assistant, tmp_path: Path) -> FastAPI:
    return app_for(little_assistant, tmp_path / "web")


@pytest.fixture
def amina(app: FastAPI) -> Iterator[Browser]:
    with browser_at(app) as browser:
        yield browser


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_privacy_page_has_every_kind_of_record_that_holds_anything_of_a_family_and_its_time(amina: Browser):
    page = amina.get("/privacy").text
    for name, table in data_register().tables.items():
        of_family = any(field.audience in (Audience.FAMILY, Audience.OFFICER) for field in table.fields.values())
        assert (f">{escape(table.holds)}<" in page) is of_family, name
        if of_family:
            rule = standard_rules()[table.rule]
            assert rule.days == 0 or f"{rule.days:,} day" in page, name


def test_the_privacy_page_follows_the_councils_own_rules(little_assistant: Assistant, tmp_path: Path):
    app = app_for(little_assistant, tmp_path / "own")
    site = app.state.site
    rules = {**standard_rules(), "conversation": replace(standard_rules()["conversation"], days=7)}
    office = replace(site.front.office, desk=replace(site.desk, rules=rules))
    site.front.office = office
    with browser_at(app) as browser:
        page = words(browser.get("/privacy").text)
    assert "7 days after each line was said" in page and "30 days after each line was said" not in page


def test_the_privacy_page_says_whether_email_is_sent(little_assistant: Assistant, tmp_path: Path, amina: Browser):
    assert "No email is sent" in amina.get("/privacy").text
    with browser_at(app_for(little_assistant, tmp_path / "mail", settings={"smtp_url": "smtp://x"})) as other:
        assert "No email is sent" not in other.get("/privacy").text


def test_the_accessibility_page_names_every_known_failure_and_what_was_tested(amina: Browser):
    page = words(amina.get("/accessibility").text)
    held = notices.statement()
    for known in held["known"]:
        assert known["what"] in page and known["criterion"] in page
    for cell in held["tested"]["cells"]:
        assert f"{cell['name']} {cell['pages']} {cell['faults']}" in page
        assert cell["faults"] == 0 or held["known"], "a fault that was found must be named"
    for must in ("EHRC", "EASS", "partially compliant"):
        assert must in page


def test_the_about_page_counts_the_pack_that_answers(amina: Browser, app: FastAPI):
    page, pack = words(amina.get("/about").text), app.state.site.pack
    assert f"Subjects {len(pack.articles)} " in page and f"Answers held {len(pack.sections)} " in page
    assert "Pages past their review date 1 " in page


def test_the_figures_of_accuracy_are_the_readmes(amina: Browser):
    readme, page = (ROOT / "README.md").read_text(encoding="utf-8"), words(amina.get("/about").text)
    for figure in notices.measured():
        assert figure["readme"] in readme, figure
        assert figure["command"] in readme and figure["says"] in page


def test_every_page_says_nothing_in_code_and_all_words_are_there(amina: Browser, app: FastAPI):
    phrases = app.state.site.pack.phrases.languages["en"]
    for template in (ROOT / "bot" / "web" / "templates").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        for key in re.findall(r'v\.(?:t|plain)\("([a-z_0-9]+)"', text):
            assert key in phrases.pages or key in phrases.phrases, f"{template.name}: {key}"


def test_a_page_weighs_less_than_80_kb_and_the_launcher_less_than_10(amina: Browser):
    import gzip

    page = amina.ask("how old for holiday club").text.encode()
    whole = len(gzip.compress(page)) + sum(len(packed(file.name)) for file in FOLDER.glob("page.*"))
    plain = len(page) + sum(len(packed(file.name)) for file in FOLDER.glob("page.*"))
    assert whole < 80_000 and plain < 80_000
    assert len(packed("widget.js")) < 10_000

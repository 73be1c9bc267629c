"""The MIP check over HTTP: every page, Back, changes, the next child, documents, save and return."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from docx import Document
from web_house import Browser, app_for, browser_at

from bot.application.form import from_json
from bot.assistant import Assistant

ASKER = "asker=senco&setting=mainstream_school&setting_in_hounslow=yes"
SOME = f"{ASKER}&safeguarding=no&age=from_5_to_15&school_year=years_1_to_10&ehcp=none&ehc_assessment=none"


@pytest.fixture(scope="module")
def tom(hounslow_by_words: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser_at(app_for(hounslow_by_words, Path(tmp_path_factory.mktemp("web")))) as browser:
        yield browser


def test_the_start_says_what_it_does_and_sets_no_cookie(tom: Browser):
    page = tom.get("/check")
    assert "This is a view; your cluster decides." in page.text and "Set-Cookie" not in page.headers
    assert "last read on" in page.text


def test_a_page_with_an_open_question_comes_back_with_the_answers_that_were_given(tom: Browser):
    page = tom.get("/check/answer?page=you&q-asker=0")
    assert page.status_code == 422 and "There is a problem" in page.text
    assert "What kind of setting is it? Pick an answer." in page.text
    assert re.search(r'id="q-asker"[^>]*checked', page.text)


def test_an_answer_leads_to_the_next_page_and_stays_in_the_address(tom: Browser):
    page = tom.get("/check/answer?page=you&q-asker=0&q-setting=0&q-borough=0")
    assert page.history[0].status_code == 303
    assert "setting=mainstream_school" in str(page.url) and "Safety first" in page.text


def test_a_worry_about_safety_shows_who_to_ring_before_anything_else(tom: Browser):
    page = tom.get(f"/check/answer?page=safety&{ASKER}&q-safeguarding=0").text
    assert page.index("Tell your safeguarding lead now") < page.index("<h1")
    assert "999" in page


def test_a_published_no_ends_the_questions_early(tom: Browser):
    page = tom.get(f"/check/answer?page=plan&{ASKER}&safeguarding=no&age=from_5_to_15&q-plan=3")
    assert "Check your answers" in page.text and "/check/answers" in str(page.url)


def test_an_answer_can_be_changed_from_the_check_page(tom: Browser):
    page = tom.get(f"/check/answers?{SOME}").text
    link = re.search(r'href="([^"]+page=plan)"', page)
    assert link
    again = tom.get(link[1].replace("&amp;", "&")).text
    assert "Does the child have an EHC plan" in again and "checked" in again


def test_what_the_address_should_not_hold_is_left_out(tom: Browser):
    page = tom.get(f"/check/result?{SOME}&name=Sam&age=<script>&ehcp=none&page=%00")
    said = page.text.split("<main", 1)[1]
    assert page.status_code == 200 and "Sam" not in said and "<script>" not in said


def test_the_result_shows_every_rule_with_its_source_and_never_says_rejected(tom: Browser):
    page = tom.get(f"/check/result?{SOME}").text
    assert page.count('<th scope="row">') == 20
    assert "The smallest change that would alter this" in page
    assert "rejected" not in page.lower()
    assert "Local setting, not council policy" in page or "local setting, not council policy" in page


def test_a_parent_reads_that_this_says_nothing_about_their_child(tom: Browser):
    page = tom.get("/check/result?asker=parent").text
    assert "Your school applies, not you. This says nothing about your child." in page
    assert "Every rule" not in page


def form_of(tom: Browser, path: str, act: str) -> dict[str, str]:
    page = tom.get(path).text
    form = page[page.index(f'action="{act}"') :].split("</form>")[0]
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)}


@pytest.mark.parametrize(("kind", "begins"), [("docx", b"PK"), ("pdf", b"%PDF"), ("json", b"{")])
def test_the_pack_comes_as_a_file_and_nothing_is_kept(tom: Browser, kind: str, begins: bytes):
    form = form_of(tom, f"/check/pack?{SOME}", "/check/pack")
    made = tom.post("/check/pack", {**form, "kind": kind, "tried": "Two cycles", "held": "A provision map"})
    assert made.status_code == 200 and made.content.startswith(begins)
    assert made.headers["Content-Disposition"] == f'attachment; filename="mip-application.{kind}"'
    if kind == "json":
        read = from_json(made.content)
        assert next(one.words for one in read.prompts if one.id == "tried") == "Two cycles"
        assert [one.what for one in read.evidence if one.held] == ["A provision map"]
    if kind == "docx":
        assert "Two cycles" in "\n".join(part.text for part in Document(io.BytesIO(made.content)).paragraphs)


def test_words_too_long_for_the_pack_stay_on_the_page(tom: Browser):
    form = form_of(tom, f"/check/pack?{SOME}", "/check/pack")
    page = tom.post("/check/pack", {**form, "kind": "pdf", "tried": "word " * 1000})
    assert page.status_code == 422 and "word word" in page.text and "Write 4,000 letters or fewer" in page.text


def test_the_next_child_keeps_the_setting_and_the_table_holds_all(tom: Browser):
    page = tom.get(f"/check/result?{SOME}").text
    link = re.search(r'href="(/check/question[^"]+child=[^"]+)"', page)
    assert link
    second = tom.get(link[1].replace("&amp;", "&"))
    assert "Safety first" in second.text and "setting=mainstream_school" in str(second.url)
    query = str(second.url).split("?", 1)[1]
    form = form_of(tom, f"/check/result?{query}&safeguarding=no&ehcp=in_force", "/check/table")
    lines = tom.post("/check/table", form).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3 and lines[1].startswith("1,") and lines[2].startswith("2,not_eligible")


def test_a_saved_check_opens_with_its_code_and_no_other(tom: Browser):
    form = form_of(tom, f"/check/result?{SOME}", "/check/save")
    code = re.search(r'<bdi class="ref" dir="ltr">([^<]+)', tom.post("/check/save", form).text)
    assert code
    back = form_of(tom, "/check", "/check/return")
    page = tom.post("/check/return", {**back, "code": code[1].lower()})
    assert "ehcp=none" in str(page.url) and "setting=mainstream_school" in str(page.url)
    wrong = tom.post("/check/return", {**back, "code": "3333-3333"})
    assert wrong.status_code == 422 and "Nothing is saved under this code" in wrong.text


def test_a_form_from_another_site_is_refused(tom: Browser):
    response = tom.client.post("/check/save", data={"asker": "senco"}, headers={"Origin": "https://evil.example"})
    assert response.status_code == 403


def test_the_check_is_not_there_for_a_council_without_rules(little_assistant: Assistant, tmp_path: Path):
    with browser_at(app_for(little_assistant, tmp_path)) as browser:
        assert browser.get("/check").status_code == 404


def test_json_that_tom_kept_is_what_the_result_said(tom: Browser):
    form = form_of(tom, f"/check/pack?{SOME}", "/check/pack")
    told = json.loads(tom.post("/check/pack", {**form, "kind": "json"}).content)
    assert told["heading"] in tom.get(f"/check/result?{SOME}").text

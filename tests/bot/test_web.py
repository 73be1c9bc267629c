"""The page and the API over HTTP, with the little council."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from web_house import Browser, app_for, browser_at, hidden

from bot.assistant import Assistant
from bot.limits import Limits, Rate
from bot.web.view import unbroken

AGES = "how old for holiday club"


@pytest.fixture
def app(little_assistant: Assistant, tmp_path: Path) -> FastAPI:
    roomy = dict.fromkeys(("conversation", "address", "council", "handover", "letter"), Rate(100_000, 100_000))
    return app_for(little_assistant, tmp_path / "web", limits=Limits(lambda: 0.0, roomy))


@pytest.fixture
def amina(app: FastAPI) -> Iterator[Browser]:
    with browser_at(app) as browser:
        yield browser


@pytest.fixture
def client(amina: Browser) -> TestClient:
    return amina.client


def test_the_page_asks_and_answers_with_no_script(amina: Browser):
    first = amina.get("/")
    assert first.status_code == 200 and 'name="question"' in first.text and "Set-Cookie" not in first.headers
    answer = amina.ask(AGES)
    assert answer.status_code == 200 and answer.history[0].status_code == 303
    assert "Holiday clubs are for children aged 8 to 12." in answer.text
    assert 'href="https://littleham.example/clubs"' in answer.text


def test_the_conversation_goes_on_and_a_reload_asks_nothing_again(amina: Browser):
    amina.ask("can you help")
    second = amina.ask("Club ages")
    assert 'id="a1"' in second.text and 'id="a2"' in second.text and "aged 8 to 12" in second.text
    assert amina.get("/").text.count('class="asked"') == 2


def test_the_same_form_sent_twice_is_one_question(amina: Browser):
    page = amina.get("/").text
    amina.ask(AGES)
    form = {**hidden(amina.get("/").text), "question": "child fare on the 65 bus"}
    amina.post("/", form)
    again = amina.post("/", form)
    assert again.text.count('class="asked"') == 2 and hidden(page)["message_id"] != form["message_id"]


def test_two_browsers_never_see_each_other(app: FastAPI, amina: Browser):
    amina.ask(AGES)
    with browser_at(app) as ben:
        assert "aged 8 to 12" not in ben.get("/").text
        assert ben.get("/turns").status_code == 204


def test_what_was_typed_is_escaped(amina: Browser):
    page = amina.ask(f"<script>alert(1)</script> {AGES}").text
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


def test_an_empty_question_is_an_error_summary(amina: Browser):
    page = amina.ask("  ")
    assert page.status_code == 422 and "There is a problem" in page.text and "<title>Error: " in page.text


def test_help_is_on_the_page_also_while_no_record_can_be_written(amina: Browser, app: FastAPI):
    records = app.state.site.front.office.engine
    records.dispose()
    for file in Path(records.url.database).parent.glob("askwell.db*"):
        file.unlink()
    Path(records.url.database).mkdir()
    page = amina.press_blind("/", question="i want to kill myself")
    assert page.status_code == 200 and "116 123" in page.text and 'class="card urgent"' in page.text


def test_a_form_that_was_open_too_long_asks_to_press_once_more_and_loses_nothing(amina: Browser):
    amina.ask(AGES)
    old = amina.post("/", {"token": "1.0", "question": "child fare on the 65 bus", "message_id": "m", "lang": "en"})
    assert old.status_code == 403 and 'value="child fare on the 65 bus"' in old.text
    assert amina.get("/").text.count('class="asked"') == 1
    amina.press("/", "/", question="child fare on the 65 bus")
    assert amina.get("/").text.count('class="asked"') == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "", "sec-fetch-site": "cross-site"},
        {"origin": "", "sec-fetch-site": "same-site"},
    ],
)
def test_another_site_cannot_ask_for_a_person_even_with_a_token(amina: Browser, headers: dict[str, str]):
    amina.ask(AGES)
    form = {**hidden(amina.get("/").text), "question": "child fare on the 65 bus"}
    assert amina.post("/", form, **headers).status_code == 403
    assert amina.get("/").text.count('class="asked"') == 1


def test_the_script_gets_the_new_turns_alone_and_a_token_for_its_session(amina: Browser):
    part = amina.press("/", "/", question=AGES, seen="0")
    assert part.status_code == 200
    got = amina.get("/turns?seen=0", **{"x-askwell": "turns"})
    assert got.text.startswith('<li class="asked"') and "<html" not in got.text
    assert got.headers["x-askwell-token"]
    assert amina.get("/turns?seen=1").status_code == 204


def test_the_panel_is_the_same_page_that_the_councils_sites_may_frame(amina: Browser):
    shown = amina.get("/panel/")
    assert 'class="in-panel"' in shown.text and 'action="/panel/"' in shown.text
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in shown.headers
    assert "frame-ancestors 'none'" in amina.get("/").headers["Content-Security-Policy"]


def test_the_source_opens_at_what_was_quoted(amina: Browser):
    page = amina.get("/source/clubs/ages/clubs").text
    assert '<mark id="quoted">Holiday clubs are for children aged 8 to 12.</mark>' in page
    assert "1 September 2026" in page and amina.get("/source/clubs/ages/nothing").status_code == 404


def test_the_api_gives_the_object_of_the_command_line(client: TestClient):
    answer = client.post("/api/ask", json={"question": AGES, "role": "family"})
    assert answer.status_code == 200
    assert answer.json()["citations"][0]["passage"] == "clubs#ages"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"question": 3}', b'{"question": "x", "role": "head"}', b'{"question": "\\ud800"}', b"\xff"],
)
def test_bad_requests_are_4xx_and_echo_nothing(client: TestClient, body: bytes):
    answer = client.post("/api/ask", content=body, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500 and answer.json()["error"]
    assert "input" not in answer.text


def test_nul_and_ten_thousand_characters_are_answered_plainly(client: TestClient):
    assert client.post("/api/ask", json={"question": "how old\0 for holiday club"}).status_code == 200
    long = client.post("/api/ask", json={"question": "a" * 10_000}).json()
    assert long["status"] == "clarifying_too_long" and "1,500" in long["text"]
    assert client.post("/api/ask", json={"question": "a" * 30_000}).status_code == 422
    assert client.post("/api/ask", content=b"x" * 70_000).status_code == 413


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(max_size=80), language=st.text(max_size=5))
def test_no_question_breaks_it(amina: Browser, question: str, language: str):
    said = question.encode("utf-8", "ignore").decode()
    code = language.encode("utf-8", "ignore").decode()
    assert amina.client.post("/api/ask", json={"question": said, "language": code}).status_code == 200
    assert amina.ask(said, language=code).status_code in (200, 422)
    amina.press("/start-again", "/menu")


def test_every_answer_forbids_foreign_script_frames_and_caching(client: TestClient):
    for path in ("/", "/docs", "/healthz", "/nowhere", "/menu"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "script-src 'nonce-" in policy
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store"


def test_styles_and_scripts_may_be_kept_because_their_name_changes_with_them(client: TestClient):
    page = client.get("/").text
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]
    got = client.get(style)
    assert got.status_code == 200 and "immutable" in got.headers["Cache-Control"]


def test_the_cookie_is_bound_to_this_host_over_https(app: FastAPI):
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as client:
        form = {**hidden(client.get("/").text), "question": AGES}
        made = client.post("/", data=form, headers={"origin": "https://testserver"})
        assert made.headers["set-cookie"].startswith("__Host-askwell=")
        assert all(part in made.headers["set-cookie"] for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
        assert "Domain" not in made.headers["set-cookie"]
        form = {**hidden(client.get("/panel/").text), "question": AGES}
        framed = client.post("/panel/", data=form, headers={"origin": "https://testserver"})
        assert framed.headers["set-cookie"].startswith("__Host-askwell-panel=")
        assert "SameSite=None; Partitioned" in framed.headers["set-cookie"]


def test_leaving_goes_to_a_neutral_page_and_back_shows_nothing(amina: Browser):
    amina.ask(AGES)
    amina.client.follow_redirects = False
    left = amina.press("/leave", "/menu")
    assert left.headers["location"].startswith("https://www.bbc.co.uk/") and "Clear-Site-Data" in left.headers
    back = amina.get("/").text
    assert "aged 8 to 12" not in back and "You left this page" in back


def test_health_and_reference(client: TestClient):
    assert client.get("/healthz").json() == {"status": "ok", "pack": "littleham", "answers": "meaning and words"}
    assert "POST /api/ask" in client.get("/docs").text
    assert "/api/ask" in client.get("/openapi.json").json()["paths"]


def test_questions_at_once_get_their_own_answers(client: TestClient):
    asked = {AGES: "clubs#ages", "child fare on the 65 bus": "fares#fare"}
    wrong: list[str] = []

    def ask(question: str, section: str) -> None:
        for _ in range(10):
            got = client.post("/api/ask", json={"question": question}).json()
            if [c["passage"] for c in got.get("citations", [])] != [section]:
                wrong.append(question)

    threads = [threading.Thread(target=ask, args=pair) for pair in list(asked.items()) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_phone_numbers_stay_on_one_line_and_left_to_right():
    assert unbroken("Ring 020 8583 2672 <now>") == 'Ring <bdi class="number">020 8583 2672</bdi> &lt;now&gt;'
    assert unbroken("ages 5 to 16, 20 weeks") == "ages 5 to 16, 20 weeks"

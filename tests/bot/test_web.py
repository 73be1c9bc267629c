"""The page and the API over HTTP, with the little council."""

import threading
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.web.routes import create_app, unbroken


@pytest.fixture
def client(little_assistant: Assistant) -> Iterator[TestClient]:
    with TestClient(create_app(little_assistant)) as client:
        yield client


def test_the_page_asks_and_answers_with_no_script(client: TestClient):
    first = client.get("/")
    assert first.status_code == 200 and 'name="question"' in first.text and "<script" not in first.text
    answer = client.post("/", data={"question": "how old for holiday club"})
    assert answer.status_code == 200
    assert "Holiday clubs are for children aged 8 to 12." in answer.text
    assert 'href="https://littleham.example/clubs"' in answer.text


def test_what_was_typed_is_escaped(client: TestClient):
    page = client.post("/", data={"question": "<script>alert(1)</script> how old for holiday club"}).text
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


def test_an_empty_question_is_an_error_summary(client: TestClient):
    page = client.post("/", data={"question": "  "})
    assert page.status_code == 422 and "There is a problem" in page.text and "<title>Error: " in page.text


def test_the_api_gives_the_object_of_the_command_line(client: TestClient):
    answer = client.post("/api/ask", json={"question": "how old for holiday club", "role": "family"})
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


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(question=st.text(max_size=80), language=st.text(max_size=5))
def test_no_question_breaks_it(client: TestClient, question: str, language: str):
    given_question = {
        "question": question.encode("utf-8", "ignore").decode(),
        "language": language.encode("utf-8", "ignore").decode(),
    }
    assert client.post("/api/ask", json=given_question).status_code == 200
    assert client.post("/", data=given_question).status_code in (200, 422)


def test_every_answer_forbids_script_frames_and_caching(client: TestClient):
    for path in ("/", "/docs", "/healthz"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store"


def test_health_and_reference(client: TestClient):
    assert client.get("/healthz").json() == {"status": "ok", "pack": "littleham", "answers": "meaning and words"}
    docs = client.get("/docs").text
    assert "POST /api/ask" in docs and "src=" not in docs
    assert "/api/ask" in client.get("/openapi.json").json()["paths"]


def test_questions_at_once_get_their_own_answers(client: TestClient):
    asked = {"how old for holiday club": "clubs#ages", "child fare on the 65 bus": "fares#fare"}
    wrong: list[str] = []

    def ask(question: str, section: str) -> None:
        for _ in range(10):
            got = client.post("/api/ask", json={"question": question}).json()
            if [c["passage"] for c in got["citations"]] != [section]:
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

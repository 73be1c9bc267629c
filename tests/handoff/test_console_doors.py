"""Getting into the console and out again, and what it refuses: other sites, old forms, huge forms, strangers."""

from __future__ import annotations

import pytest
from console_house import HERE, PASSWORD, Browser, app_for, browser_at, hire
from small_office import Clock
from sqlalchemy import Engine, text

from handoff.console import cookies
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import OfficerRole
from handoff.officers import leave


@pytest.fixture
def priya(engine: Engine, desk: Desk) -> str:
    return hire(engine, desk, "Priya Shah", OfficerRole.OFFICER, "send")


@pytest.fixture
def browser(engine: Engine, desk: Desk, priya: str) -> Browser:
    return browser_at(app_for(engine, desk))


def test_a_stranger_is_sent_to_sign_in_and_brought_back(browser: Browser) -> None:
    away = browser.get("/officers/queues?owner=me")
    assert away.status_code == 303
    assert away.headers["location"] == "/officers/sign-in?next=%2Fofficers%2Fqueues%3Fowner%3Dme"
    page = browser.get(away.headers["location"])
    assert 'name="next" value="/officers/queues?owner=me"' in page.text
    back = browser.sign_in("priya@littleham.example", next="/officers/queues?owner=me")
    assert back.status_code == 303 and back.headers["location"] == "/officers/queues?owner=me"
    assert "Cases in your queues" in browser.get("/officers/queues?owner=me").text


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/officers/../x", "/officers//evil", "/"]
)
def test_nobody_is_sent_to_another_site_after_signing_in(browser: Browser, elsewhere: str) -> None:
    assert browser.sign_in("priya@littleham.example", next=elsewhere).headers["location"] == "/officers"


def test_a_wrong_password_is_said_on_the_page_and_what_was_typed_stays_but_for_the_password(browser: Browser) -> None:
    page = browser.sign_in("priya@littleham.example", "wrong wrong wrong")
    assert page.status_code == 401 and "There is a problem" in page.text and "<title>Error:" in page.text
    assert 'value="priya@littleham.example"' in page.text and "wrong wrong wrong" not in page.text


def test_after_ten_wrong_passwords_the_page_says_to_wait(browser: Browser) -> None:
    for _ in range(10):
        browser.sign_in("priya@littleham.example", "wrong wrong wrong")
    page = browser.sign_in("priya@littleham.example")
    assert page.status_code == 429 and "Wait an hour" in page.text


def test_the_cookies_open_nothing_elsewhere(browser: Browser) -> None:
    given = browser.sign_in("priya@littleham.example").headers.get_list("set-cookie")
    kept = [line for line in given if "Max-Age=0" not in line]
    assert len(kept) == 2
    for line in kept:
        assert line.startswith("__Host-") and "Domain" not in line
        for part in ("Path=/", "Secure", "HttpOnly", "SameSite=strict"):
            assert part in line


def test_every_answer_forbids_scripts_frames_and_keeping(browser: Browser) -> None:
    browser.sign_in("priya@littleham.example")
    for path in ("/officers/sign-in", "/officers", "/officers/queues", "/officers/nowhere", "/officers/two-steps"):
        headers = browser.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY" and headers["cache-control"] == "no-store"
        # Our own two, by nonce: one warns before the session ends, one keeps numbers live on two pages. No other.
        ours = {"/officers": 2, "/officers/queues": 2, "/officers/two-steps": 1}.get(path, 0)
        assert ("script-src 'nonce-" in headers["content-security-policy"]) is bool(ours)
        page = browser.get(path).text
        assert page.count("<script") == page.count('<script nonce="') == ours and " style=" not in page


def test_signing_in_changes_the_session_and_signing_out_ends_it(browser: Browser) -> None:
    browser.sign_in("priya@littleham.example")
    first = browser.client.cookies[cookies.SESSION]
    browser.sign_in("priya@littleham.example")
    second = browser.client.cookies[cookies.SESSION]
    assert first != second
    browser.client.cookies.set(cookies.SESSION, first, domain="askwell.example")
    assert browser.get("/officers").status_code == 303
    browser.client.cookies.set(cookies.SESSION, second, domain="askwell.example")
    assert browser.get("/officers").status_code == 200
    assert browser.press("/officers/sign-out", on="/officers").status_code == 303
    browser.client.cookies.set(cookies.SESSION, second, domain="askwell.example")
    assert browser.get("/officers").status_code == 303


def test_a_leaver_is_out_at_the_next_press_and_an_idle_session_ends(
    browser: Browser, engine: Engine, desk: Desk, priya: str, clock: Clock
) -> None:
    browser.sign_in("priya@littleham.example")
    clock.move(minutes=29)
    assert browser.get("/officers").status_code == 200
    clock.move(minutes=29)
    assert browser.get("/officers").status_code == 200
    clock.move(minutes=30)
    assert browser.get("/officers").status_code == 303
    browser.sign_in("priya@littleham.example")
    with transaction(engine) as session:
        leave(session, desk, priya)
    assert browser.get("/officers").status_code == 303


FORGED = {
    "another site": {"origin": "https://evil.example"},
    "a look-alike": {"origin": "https://askwell.example.evil.example"},
    "a hidden origin": {"origin": "null"},
    "no origin": {"origin": ""},
    "a frame of another site": {"origin": HERE, "sec-fetch-site": "cross-site"},
    "a sister site": {"origin": "https://evil.askwell.example", "sec-fetch-site": "same-site"},
}


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
def test_a_form_from_elsewhere_does_nothing_even_with_the_right_token(
    browser: Browser, headers: dict[str, str]
) -> None:
    browser.sign_in("priya@littleham.example")
    form = {"form_token": browser.form_token("/officers")}
    assert browser.post("/officers/sign-out", form, **headers).status_code == 403
    assert browser.get("/officers").status_code == 200
    assert browser.post("/officers/sign-out", form).status_code == 303


@pytest.mark.parametrize("token", ["", "0" * 64, "é" * 10])
def test_a_form_without_its_token_does_nothing(browser: Browser, token: str) -> None:
    browser.sign_in("priya@littleham.example")
    assert browser.post("/officers/sign-out", {"form_token": token}).status_code == 403
    assert browser.get("/officers").status_code == 200


def test_signing_in_needs_the_pages_own_cookie(browser: Browser) -> None:
    form = {"email": "priya@littleham.example", "password": PASSWORD, "form_token": "0" * 64}
    page = browser.post("/officers/sign-in", form)
    assert page.status_code == 403 and "Allow cookies" in page.text


def test_a_huge_form_is_refused_before_it_is_read(browser: Browser) -> None:
    browser.sign_in("priya@littleham.example")
    assert browser.post("/officers/sign-out", {"form_token": "x" * 70_000}).status_code == 413


def test_a_link_from_another_site_asks_again_from_here(browser: Browser) -> None:
    page = browser.get("/officers/queues", **{"sec-fetch-site": "cross-site"})
    assert page.status_code == 200 and 'href="/officers/queues"' in page.text


@pytest.mark.parametrize(
    "path", ["/officers/%00", "/officers/cases/%00", "/officers/queues?queue=%00&page=999999999999"]
)
def test_a_strange_address_is_no_fault_of_ours(browser: Browser, path: str) -> None:
    browser.sign_in("priya@littleham.example")
    assert browser.get(path).status_code in (200, 404, 422)


def test_what_was_done_is_in_the_audit_chain(browser: Browser, engine: Engine, priya: str) -> None:
    browser.sign_in("priya@littleham.example")
    browser.press("/officers/sign-out", on="/officers")
    with reading(engine) as session:
        done = session.execute(text("SELECT act, actor, subject FROM audit_entry ORDER BY number")).all()
    assert [tuple(entry) for entry in done] == [("signed_in", priya, priya), ("signed_out", priya, priya)]


def test_when_the_records_cannot_be_reached_the_page_says_so(browser: Browser, engine: Engine) -> None:
    browser.sign_in("priya@littleham.example")
    with transaction(engine) as session:
        session.execute(text("ALTER TABLE officer_session RENAME TO gone"))
    page = browser.get("/officers")
    assert page.status_code == 503 and "try again in a minute" in page.text and "Traceback" not in page.text

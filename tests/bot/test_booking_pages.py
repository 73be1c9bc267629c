"""Booking on the page with no script: every page of ux.md part B, in a browser's manners, ending with a calendar file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from html import unescape
from pathlib import Path

import pytest
import vobject
from fastapi import FastAPI
from small_office import Clock
from small_surgeries import PRIYA, Surgeries
from web_house import Browser, browser_at, front_for

from bot.assistant import Assistant
from bot.front_desk import FrontDesk
from bot.limits import Limits, Rate
from bot.settings import Settings
from bot.web.routes import create_app, site_for
from handoff.bookings.booking import cancel
from handoff.database import transaction
from handoff.spool import Spool
from handoff.surgeries.changing import withdraw
from handoff.surgeries.planned import times

ONE = times(time(9, 30), time(9, 50), 20, 1)


@pytest.fixture
def house(little_assistant: Assistant, tmp_path: Path, clock: Clock) -> tuple[FastAPI, Surgeries]:
    folder = tmp_path / "web"
    front = front_for(little_assistant, folder)
    desk = replace(front.office.desk, now=clock)
    front = FrontDesk(front.office.engine, desk, little_assistant, Spool(folder / "spool", folder / "keys"))
    roomy = dict.fromkeys(("conversation", "address", "council", "handover", "letter"), Rate(100_000, 100_000))
    settings = Settings(
        data=tmp_path, smtp_url="smtp://localhost", smtp_from="a@b.example", address="https://askwell.example"
    )
    site = site_for(front, settings, limits=Limits(lambda: 0.0, roomy), now=clock)
    site = replace(site, policy=replace(site.policy, hosts=(), secure=False))
    return create_app(front, site=site), Surgeries(front.office.engine, desk)


@pytest.fixture
def surgeries(house: tuple[FastAPI, Surgeries]) -> Surgeries:
    return house[1]


@pytest.fixture
def amina(house: tuple[FastAPI, Surgeries]) -> Iterator[Browser]:
    with browser_at(house[0]) as browser:
        yield browser


def fields_of(page: str) -> dict[str, str]:
    """What the page's own form carries along, unescaped as a browser would."""
    form = page.split('<form method="post"')[1].split("</form>", maxsplit=1)[0]
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)}


def first(page: str, name: str, number: int = 0) -> str:
    return re.findall(rf'name="{name}" value="([^"]+)"', page)[number]


def send(browser: Browser, page: str, **given: str) -> str:
    action = re.findall(r'<form method="post" action="([^"]+)"', page)[0]
    return browser.post(action, {**fields_of(page), **given}).text


def to_check(browser: Browser, *, topic: str = "ehc_plan", slot: int = 0) -> str:
    page = browser.get("/booking").text
    page = send(browser, page, surgery=first(page, "surgery"))
    page = send(browser, page, slot=first(page, "slot", slot), places="1")
    page = send(browser, page, topic=topic, coming="me")
    page = send(browser, page, needs="step_free", interpreter="", other="")
    return send(browser, page, first_name="Amina", reach="email", to="amina@example.org", reminders="yes")


def book(browser: Browser, **more: str) -> tuple[str, str]:
    """The page after booking, and its link."""
    page = send(browser, to_check(browser, **more))
    token = re.findall(r"https://askwell\.example/booking/([\w-]{32})", page)
    assert token, page
    return page, token[0]


def test_a_family_books_page_by_page_and_takes_the_calendar_file(surgeries: Surgeries, amina: Browser) -> None:
    surgeries.session()
    page = to_check(amina)
    assert "<h1>Check your answers</h1>" in page and "Tue 8 Dec, 9:30am" in page and "amina@example.org" in page
    page, token = book(amina, topic="travel_money")
    assert "<h1>You are booked</h1>" in page and "LH-B-" not in page and "AW-B-" in page
    file = amina.get(f"/booking/{token}/calendar.ics")
    assert file.headers["content-type"].startswith("text/calendar") and file.headers["cache-control"] == "no-store"
    event = vobject.readOne(file.text).vevent
    assert event.location.value == "Feltham Library" and event.url.value.endswith(token)
    surgeries.check_places()


def test_a_page_with_a_fault_says_so_at_the_top_and_beside_the_question(surgeries: Surgeries, amina: Browser) -> None:
    surgeries.session()
    page = amina.get("/booking").text
    again = amina.post("/booking", fields_of(page))
    assert again.status_code == 422 and 'href="#surgery">Choose a date</a>' in again.text
    assert "<title>Error" in again.text and 'class="fault" id="surgery-fault"' in again.text


def test_an_answer_is_changed_from_the_check_page_and_the_rest_stays(surgeries: Surgeries, amina: Browser) -> None:
    surgeries.session()
    page = send(amina, to_check(amina), act="visit")
    assert 'value="ehc_plan" checked' in page and "We keep your time until 10:15am." in page
    page = send(amina, page, topic="travel_money", coming="me_and_child")
    assert "<h1>Check your answers</h1>" in page and "Me and my child" in page and "Amina" in page


def test_a_taken_time_is_409_with_three_others_and_the_name_stays_typed(surgeries: Surgeries, amina: Browser) -> None:
    slots = surgeries.session(slots=times(time(9, 30), time(11, 30), 20, 1))
    page = to_check(amina)
    clock = surgeries.desk.now
    clock.move(minutes=16)  # type: ignore[attr-defined]
    surgeries.book(surgeries.person("ben"), slots[0])
    clash = amina.post("/booking", fields_of(page))
    assert clash.status_code == 409 and "It has now gone." in clash.text
    assert clash.text.count('type="radio"') == 3
    page = send(amina, clash.text, slot=first(clash.text, "slot"))
    assert "<h1>Check your answers</h1>" in page and "Amina" in page


def test_three_minutes_before_the_end_one_press_keeps_the_time(surgeries: Surgeries, amina: Browser) -> None:
    surgeries.session()
    page = to_check(amina)
    assert "Keep it for 15 more minutes" not in page
    surgeries.desk.now.move(minutes=13)  # type: ignore[attr-defined]
    page = send(amina, page, act="check")
    assert "We keep your time for 2 more minutes. Do you need longer?" in page and "Keep it for 15 more minutes" in page
    assert "We keep your time until 10:28am." in send(amina, page, act="longer")


def test_by_the_link_alone_a_booking_is_changed_and_cancelled_in_another_browser(
    house: tuple[FastAPI, Surgeries], surgeries: Surgeries, amina: Browser
) -> None:
    surgeries.session()
    _, token = book(amina)
    amina.client.cookies.clear()
    page = amina.get(f"/booking/{token}/change").text
    page = send(amina, page, surgery=first(page, "surgery"))
    page = send(amina, page, slot=first(page, "slot"))
    assert "Change to this time" in page
    page = send(amina, page)
    assert "<h1>Your appointment is changed</h1>" in page and "9:50am" in page
    page = amina.get(f"/booking/{token}/cancel").text
    page = send(amina, page)
    assert "<h1>Your appointment is cancelled</h1>" in page
    assert surgeries.taken() == [0, 0, 0]
    assert vobject.readOne(amina.get(f"/booking/{token}/calendar.ics").text).method.value == "CANCEL"


def test_the_day_before_one_press_says_that_they_are_coming(surgeries: Surgeries, amina: Browser, clock: Clock) -> None:
    surgeries.session()
    _, token = book(amina)
    assert "I am coming" not in amina.get(f"/booking/{token}").text
    clock.at = datetime(2026, 12, 7, 10, 0, tzinfo=UTC)
    page = amina.get(f"/booking/{token}").text
    assert "I am coming" in page
    page = send(amina, page)
    assert "You said that you are coming. Thank you." in page and "I am coming" not in page
    assert amina.post(f"/booking/{'x' * 32}/coming", fields_of(amina.get("/booking").text)).status_code == 404


def test_a_link_nobody_has_is_not_here_and_the_page_behind_one_is_never_kept(
    surgeries: Surgeries, amina: Browser
) -> None:
    surgeries.session()
    _, token = book(amina)
    for path in ("", "/change", "/cancel", "/calendar.ics"):
        assert amina.get(f"/booking/{'x' * 32}{path}").status_code == 404
    looked = amina.get(f"/booking/{token}")
    assert looked.headers["cache-control"] == "no-store" and looked.headers["referrer-policy"] == "same-origin"


def test_a_full_date_leads_to_the_list_an_offer_to_yes_and_no_takes_one_off(
    surgeries: Surgeries, amina: Browser
) -> None:
    (only,) = surgeries.session(slots=ONE)
    ben = surgeries.book(surgeries.person("ben"), only)
    page = amina.get("/booking").text
    assert "No times left. You can join the waiting list." in page
    page = send(amina, page, surgery=first(page, "surgery"))
    assert "It does not matter how fast you are" in page
    page = send(amina, page)
    page = send(amina, page, topic="ehc_plan", coming="me")
    page = send(amina, page, interpreter="", other="")
    page = send(amina, page, first_name="Amina", reach="none")
    page = send(amina, page)
    token = re.findall(r"/booking/([\w-]{32})", page)[-1]
    assert "You are on the waiting list" in page
    with transaction(surgeries.engine) as session:
        cancel(session, surgeries.desk, ben.token, key="c")
    page = amina.get(f"/booking/{token}").text
    assert "A place has come up for you" in page and "Say yes by 5pm today." in page
    assert "You are booked" in send(amina, page)


def test_with_no_session_the_page_says_so_and_remembers_who_wants_to_hear(surgeries: Surgeries, amina: Browser) -> None:
    page = amina.get("/booking").text
    assert "The council has not published SEND Surgery dates." in page and "01632 960000" in page
    again = amina.post("/booking/tell-me", {**fields_of(page), "to": "no"})
    assert again.status_code == 422 and "name@example.org" in again.text
    assert "We will tell you" in send(amina, again.text, to="amina@example.org")
    surgeries.session()
    assert [to for to, _ in surgeries.letters("dates_out")] == ["amina@example.org"]


def test_filters_are_a_plain_form_and_withdrawn_sessions_are_said(surgeries: Surgeries, amina: Browser) -> None:
    surgeries.session()
    surgeries.session("online", date(2026, 12, 9), venue="Online", area="Everywhere", online=True)
    assert "Online" not in amina.get("/booking?area=Feltham").text.split("</details>")[-1]
    assert "Feltham Library" not in amina.get("/booking?online=yes").text
    _, token = book(amina)
    with transaction(surgeries.engine) as session:
        withdraw(session, surgeries.desk, PRIYA, "feltham")
    page = amina.get(f"/booking/{token}").text
    assert "The council has called this session off" in page and "Choose another time" in page


@pytest.mark.parametrize("so_far", ["[]", "{", '{"topic":"x"}', '{"moving":"nobody"}', "x" * 19_000])
def test_answers_that_come_back_broken_start_again_and_never_fail(
    surgeries: Surgeries, amina: Browser, so_far: str
) -> None:
    surgeries.session()
    for at in ("times", "check", "contact", "nowhere", "booked"):
        page = amina.get("/booking").text
        answered = amina.post("/booking", {**fields_of(page), "so_far": so_far, "at": at})
        assert answered.status_code in (200, 409, 422), (at, answered.status_code)


def test_nobody_books_without_the_pages_own_token(surgeries: Surgeries, amina: Browser) -> None:
    surgeries.session()
    page = to_check(amina)
    assert amina.post("/booking", {**fields_of(page), "token": "0.0"}).status_code == 403
    assert surgeries.letters("booked") == []

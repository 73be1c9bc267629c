"""Dates, the plan and the AP Directory over HTTP; a school comes in by its link, Ben never does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from ap_sheets import GOOD, write_csv
from fastapi import FastAPI
from icalendar import Calendar
from web_house import Browser, app_for, browser_at, hidden

from bot.assistant import Assistant
from bot.web.site import Site
from handoff.database import transaction
from handoff.outbox import mark_sent, take_due
from handoff.schools import end_access, invite
from knowledge.directory.store import Directory, keep, plan_import

EMAIL = "senco@bridge.example.sch.uk"


@dataclass
class House:
    app: FastAPI

    @property
    def site(self) -> Site:
        site: Site = self.app.state.site
        return site

    def invite(self) -> str:
        with transaction(self.site.front.office.engine) as session:
            link_to = "https://x.example/schools/enter/"
            invite(session, self.site.desk, email=EMAIL, school="Bridge School", by="priya", link_to=link_to)
        return self.link()

    def link(self) -> str:
        with transaction(self.site.front.office.engine) as session:
            parcels = take_due(session, self.site.desk, "worker", 50)
            for parcel in parcels:
                mark_sent(session, self.site.desk, parcel)
        return parcels[-1].link.rsplit("/", 1)[1]


@pytest.fixture
def house(hounslow_by_words: Assistant, tmp_path: Path) -> House:
    app = app_for(hounslow_by_words, tmp_path)
    folder = app.state.site.settings.directory_folder
    keep(folder, plan_import(write_csv(tmp_path / "ap.csv", GOOD), Directory()), "ap.csv", date(2026, 11, 23))
    return House(app)


@pytest.fixture
def tom(house: House) -> Iterator[Browser]:
    with browser_at(house.app) as browser:
        yield browser


def come_in(browser: Browser, token: str):
    page = browser.get(f"/schools/enter/{token}")
    return browser.post(f"/schools/enter/{token}", hidden(page.text))


def test_a_date_in_ordinary_words_gives_the_dates_with_their_rules(tom: Browser):
    page = tom.get("/dates/request-received?date=3 October 2025")
    assert page.status_code == 200
    for said in ("Friday 14 November 2025", "Friday 20 February 2026", "The rule:", "legal advice"):
        assert said in page.text


def test_a_date_with_two_readings_is_asked_about(tom: Browser):
    page = tom.get("/dates/request-received?date=Monday 3 October 2025")
    assert page.status_code == 422 and "Which day do you mean?" in page.text
    link = re.search(r'href="(/dates/request-received\?date=\d{4}-[^"]+)"', page.text)
    assert link and tom.get(link[1]).status_code == 200


@pytest.mark.parametrize("typed", ["soon", "31 February 2026", "<script>alert(1)</script>", "99/99/9999"])
def test_what_is_no_date_is_met_with_how_to_write_one(tom: Browser, typed: str):
    page = tom.client.get("/dates/request-received", params={"date": typed})
    assert page.status_code == 422 and "There is a problem" in page.text and "<script>alert" not in page.text


def test_every_event_has_its_page_and_its_calendar_file(house: House, tom: Browser):
    for event in house.site.pack.deadlines.events.values():
        assert tom.get(f"/dates/{event.id}").status_code == 200
        asked = f"/dates/{event.id}/calendar.ics?date=5 January 2026"
        made = tom.get(asked)
        assert made.status_code == 200 and made.headers["Content-Type"].startswith("text/calendar")
        first = [entry["uid"] for entry in Calendar.from_ical(made.content).walk("vevent")]
        again = [entry["uid"] for entry in Calendar.from_ical(tom.get(asked).content).walk("vevent")]
        assert first and first == again


def test_an_event_nobody_knows_is_not_found(tom: Browser):
    assert tom.get("/dates/tea-time").status_code == 404
    assert tom.get("/dates/request-received/calendar.ics?date=soon").status_code == 422


def test_the_plan_for_a_year_says_now_and_next_with_sources(tom: Browser):
    page = tom.get("/plan?year=Year 9")
    assert page.status_code == 200 and "Year 9" in page.text and "Where this comes from" in page.text
    assert tom.get("/plan?year=Year 99").status_code == 422


def test_amina_sees_what_ap_is_and_the_route_and_only_what_is_public(tom: Browser):
    page = tom.get("/directory").text
    assert "Families do not apply to a provider" in page
    assert "Example Bridge School" in page and "Example Meadow Farm" not in page
    assert "desk@bridge.example" not in page and "120" not in page
    assert tom.get("/directory/ap-ex1").status_code == 404
    assert "Example Meadow Farm" not in tom.get("/directory/compare?id=ap-ex1&id=ap-ex2").text


def test_tom_comes_in_with_his_link_and_finds_a_place(house: House, tom: Browser):
    page = come_in(tom, house.invite())
    assert "You are signed in for Bridge School" in page.text
    found = tom.get("/directory?words=outdoor animals for an anxious child&key_stages=KS3").text
    assert "Example Meadow Farm" in found and "Example Bridge School" not in found
    assert "not registered as a school" in found and "not a recommendation" in found
    assert "desk@meadow.example" in tom.get("/directory/ap-ex1").text
    assert "£" in found or "85.50" in tom.get("/directory/ap-ex1").text
    both = tom.get("/directory/compare?id=ap-ex1&id=ap-ex2").text
    assert both.count('<th scope="col">') == 2


def test_opening_the_link_does_not_use_it_up_but_pressing_does(house: House, tom: Browser):
    token = house.invite()
    for _ in range(3):
        tom.get(f"/schools/enter/{token}")
    assert "signed in for" in come_in(tom, token).text
    with browser_at(house.app) as ben:
        again = come_in(ben, token)
        assert again.status_code == 422 and "does not work" in again.text
        assert "signed in for" not in ben.get("/directory").text


def test_asking_for_a_link_says_the_same_to_everyone(house: House, tom: Browser):
    house.invite()
    said = []
    for email in (EMAIL, "ben@elsewhere.example", "", "x" * 5000):
        page = tom.post("/schools", {**hidden(tom.get("/schools").text), "email": email})
        said.append(re.sub(r'nonce="[^"]+"|value="[^"]+"', "", page.text))
    assert len(set(said)) == 1
    assert "signed in for" in come_in(tom, house.link()).text


def test_when_access_ends_the_next_page_is_the_public_one(house: House, tom: Browser):
    come_in(tom, house.invite())
    with transaction(house.site.front.office.engine) as session:
        end_access(session, house.site.desk, email=EMAIL, by="priya")
    assert "Example Meadow Farm" not in tom.get("/directory").text


def test_signing_out_signs_out(house: House, tom: Browser):
    page = come_in(tom, house.invite())
    tom.post("/schools/leave", hidden(page.text))
    assert "signed in for" not in tom.get("/directory").text


def test_a_forged_cookie_opens_nothing(tom: Browser):
    tom.client.cookies.set("askwell-school", "x" * 43)
    assert "signed in for" not in tom.get("/directory").text


def test_with_no_directory_it_says_so(hounslow_by_words: Assistant, tmp_path: Path):
    with browser_at(app_for(hounslow_by_words, tmp_path)) as browser:
        assert "has not put its AP Directory here yet" in browser.get("/directory").text

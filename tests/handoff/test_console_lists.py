"""Today's numbers and what is new; several cases given at once; letters that did not arrive; the audit as a file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from re import findall

import pytest
from console_house import Browser, app_for, ask_for_a_person, at, hire, words
from fastapi import FastAPI
from small_library import assistant_at, small_library
from small_office import Clock
from small_surgeries import TUESDAY, Surgeries
from sqlalchemy import Engine
from sqlmodel import select

from handoff import outbox
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import Case, OfficerRole, OutboxMessage, OutboxState
from handoff.people import address_for

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.fixture
def staff(engine: Engine, desk: Desk) -> dict[str, str]:
    return {
        "priya": hire(engine, desk, "Priya", OfficerRole.OFFICER, "send", "surgery"),
        "lena": hire(engine, desk, "Lena", OfficerRole.LEAD, "send"),
        "amira": hire(engine, desk, "Amira", OfficerRole.OFFICER, "send"),
        "ben": hire(engine, desk, "Ben", OfficerRole.OFFICER, "clubs"),
        "ada": hire(engine, desk, "Ada", OfficerRole.ADMIN, "send"),
    }


@pytest.fixture
def app(engine: Engine, desk: Desk, staff: dict[str, str]) -> FastAPI:
    return app_for(engine, desk)


def ticked(browser: Browser) -> list[str]:
    return findall(r'name="case" value="([^"]+)"', browser.get("/officers/queues").text)


def give(browser: Browser, cases: list[str], **more: str) -> str:
    """What the list says after these cases were given."""
    token = browser.form_token("/officers/queues")
    form = {"form_token": token, "case": cases, "back": "/officers/queues?owner=nobody", **more}
    sent = browser.post("/officers/queues/give", form)  # type: ignore[arg-type]
    assert sent.status_code == 303 and sent.headers["location"].startswith("/officers/queues?owner=nobody&given=")
    return words(browser.get(sent.headers["location"]))


def owners(engine: Engine) -> list[str | None]:
    with reading(engine) as session:
        return list(session.exec(select(Case.owner_id).order_by(Case.reference)).all())


def test_a_lead_gives_three_cases_to_a_colleague_at_once_and_hears_which_went(
    engine: Engine, desk: Desk, app: FastAPI, staff: dict[str, str]
) -> None:
    for door in ("a", "b", "c"):
        ask_for_a_person(engine, desk, door)
    lena = at(app, "lena")
    three = ticked(lena)
    assert len(three) == 3
    changed = three[2].split(":")[0] + ":99"
    said = give(lena, [*three[:2], changed], officer=staff["amira"])
    assert "2 cases are your colleague’s now. 1 could not be given" in said
    assert sorted(owners(engine), key=str) == sorted([staff["amira"], staff["amira"], None], key=str)
    assert "Tick the cases first" in give(lena, [], officer=staff["amira"])


def test_an_officer_takes_what_is_free_and_never_what_is_elsewhere_or_for_a_colleague(
    engine: Engine, desk: Desk, app: FastAPI, staff: dict[str, str]
) -> None:
    ask_for_a_person(engine, desk, "a")
    other = ask_for_a_person(engine, desk, "b", queue="clubs")
    priya = at(app)
    (mine,) = ticked(priya)
    assert "Give the ticked cases to" not in words(priya.get("/officers/queues"))
    said = give(priya, [mine, f"{other.id}:1", "x", f"{other.id}:", "nowhere:1"])
    assert "1 case is yours now. 4 could not be given" in said
    assert set(owners(engine)) == {staff["priya"], None}
    # A form of her own making gives nothing to a colleague: only its owner or a lead may.
    third = ask_for_a_person(engine, desk, "c")
    assert "1 could not be given" in give(priya, [f"{third.id}:1"], officer=staff["amira"])


def test_the_list_is_not_left_for_another_site(app: FastAPI, staff: dict[str, str]) -> None:
    priya = at(app)
    form = {"form_token": priya.form_token("/officers"), "back": "https://evil.example/"}
    assert priya.post("/officers/queues/give", form).headers["location"].startswith("/officers/queues?")


def test_today_counts_surgeries_and_sources_and_shows_what_came_since_she_last_looked(
    engine: Engine, desk: Desk, tmp_path: Path, clock: Clock, staff: dict[str, str]
) -> None:
    library = small_library(engine, desk, assistant_at(tmp_path / "pack"), tmp_path)
    app = app_for(engine, desk, library=library)
    old = ask_for_a_person(engine, desk, "a")
    first = words(at(app).get("/officers"))
    assert "0 Surgeries today" in first and "Past review" in first and "Newest" in first and old.reference in first
    clock.move(days=(TUESDAY - clock().date()).days, hours=-3)
    new = ask_for_a_person(engine, desk, "b")
    Surgeries(engine, desk).session("feltham", TUESDAY)
    Surgeries(engine, desk).session("later", TUESDAY + timedelta(days=14))
    second = words(at(app).get("/officers"))
    assert "1 Surgeries today" in second
    assert "New since you last looked" in second and new.reference in second and old.reference not in second
    assert "Surgeries today" not in words(at(app, "lena").get("/officers"))


def dead_letter(engine: Engine, desk: Desk, case: Case) -> str:
    with transaction(engine) as session:
        door = address_for(session, desk, "telegram", "4711")
        letter = outbox.Letter(
            "k", door.person_id, "telegram", door.id, None, case.conversation_id, "case_replied", "s", "secret", "n"
        )
        row = outbox.put(session, desk, letter)
        row.state, row.fault = OutboxState.DEAD, "telegram_400"
        session.add(row)
        return row.id


def test_letters_that_died_are_on_a_page_with_their_case_and_go_again(
    engine: Engine, desk: Desk, app: FastAPI, staff: dict[str, str]
) -> None:
    case = ask_for_a_person(engine, desk)
    id = dead_letter(engine, desk, case)
    lena = at(app, "lena")
    assert "1 Not delivered" in words(lena.get("/officers"))
    page = words(lena.get("/officers/letters"))
    assert case.reference in page and "telegram 400" in page and "secret" not in page and "4711" not in page
    assert lena.press(f"/officers/letters/{id}/again", on="/officers/letters").status_code == 303
    with reading(engine) as session:
        assert session.exec(select(OutboxMessage.state).where(OutboxMessage.id == id)).one() is OutboxState.WAITING
    assert "No letter was given up" in words(lena.get("/officers/letters"))
    assert "Not delivered" not in words(lena.get("/officers"))
    assert "not among the letters" in words(lena.get("/officers/letters?done=gone"))
    assert at(app, "priya").get("/officers/letters").status_code == 403


def test_the_audit_is_a_file_too_and_taking_it_is_an_entry(app: FastAPI, staff: dict[str, str]) -> None:
    ada = at(app, "ada")
    file = ada.get("/officers/audit.csv?act=signed_in")
    assert file.headers["content-type"].startswith("text/csv") and "signed_in" in file.text and "Ada" in file.text
    assert "exported" in ada.get("/officers/audit").text and "saw" not in file.text.replace("signed_in", "")


def test_cases_are_listed_by_about_how_old_the_child_is(app: FastAPI, engine: Engine, desk: Desk) -> None:
    for door, age in (("amina", "5_to_10"), ("ben", "")):
        ask_for_a_person(engine, desk, door, summary=f"The case of {door}", age_band=age)
    priya = at(app, "priya")
    everyone = priya.get("/officers/queues").text
    assert 'data-label="Age">5 to 10<' in everyone and 'data-label="Age">Not said<' in everyone
    some = words(priya.get("/officers/queues?age=5_to_10"))
    assert "The case of amina" in some and "The case of ben" not in some
    assert "The case of ben" in words(priya.get("/officers/queues?age=none-we-know")), "left at what is usual"


def test_an_age_that_is_no_band_opens_no_case(engine: Engine, desk: Desk) -> None:
    with pytest.raises(ValueError, match="5_to_10"):
        ask_for_a_person(engine, desk, age_band="born on 3 May 2017")

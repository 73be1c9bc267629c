"""O10: surgery sessions on the officers' pages, for those who run them and for nobody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from console_house import app_for, at, browser_at, hire, words
from fastapi import FastAPI
from small_office import Clock
from small_surgeries import Surgeries
from sqlalchemy import Engine
from sqlmodel import select

from handoff.bookings.coming import say_coming
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import AuditEntry, OfficerRole, Surgery, SurgeryState, WalkIn
from handoff.schools import invite
from knowledge.calendar import Closure, WorkingCalendar

pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
FORM = {
    "code": "feltham",
    "date": "08/12/2026",
    "start": "9:30",
    "end": "12:30",
    "kind": "bookable",
    "venue": "Feltham Library",
    "minutes": "20",
    "places": "1",
    "teams": "EHC team\nSENDIASS",
    "features": "step_free",
    "months": "1",
}


@pytest.fixture
def app(engine: Engine, desk: Desk) -> FastAPI:
    hire(engine, desk, "Priya", OfficerRole.OFFICER, "send", "surgery")
    hire(engine, desk, "Ben", OfficerRole.ADMIN, "send", "safeguarding")
    shut = Closure(date(2027, 1, 12), date(2027, 1, 12), "Training day")
    return app_for(engine, desk, calendar=WorkingCalendar(closures=(shut,)))


def found(engine: Engine, code: str = "feltham") -> Surgery:
    with reading(engine) as session:
        return session.exec(select(Surgery).where(Surgery.code == code)).one()


def test_priya_plans_changes_publishes_and_moves_a_session(app: FastAPI, engine: Engine, surgeries: Surgeries) -> None:
    priya = at(app)
    made = priya.press("/officers/bookings/plan", **FORM)
    assert made.status_code == 200 and "1 session is kept as a draft" in words(made)
    one = f"/officers/bookings/{found(engine).id}"
    assert "9:30am to 9:50am" in words(priya.get(one)) and "EHC team" in words(priya.get(one))
    assert "8 December 2026" in words(priya.get("/officers/bookings"))
    form = {**FORM, "minutes": "", "times": "9:30, 30, 2, EHC team\n10:00, 30"}
    assert priya.press(f"{one}/change", **form).status_code == 303
    assert "0 of 2" in words(priya.get(one))
    assert priya.press(f"{one}/publish", on=one).status_code == 303
    assert found(engine).state is SurgeryState.PUBLISHED
    assert "Move it or withdraw it instead" in words(priya.get(f"{one}/change"))
    version = str(found(engine).version)
    moved = priya.press(f"{one}/move", version=version, date="09/12/2026", start="14:00", venue="Hounslow House")
    assert moved.status_code == 303 and found(engine).venue == "Hounslow House"
    again = priya.press(f"{one}/move", version=version, date="10/12/2026", start="14:00", venue="Elsewhere")
    assert again.status_code == 422 and "A colleague changed this session" in words(again)


def test_a_series_passes_over_closed_days_and_says_which(app: FastAPI, engine: Engine) -> None:
    made = words(at(app).press("/officers/bookings/plan", **{**FORM, "months": "3"}))
    assert "3 sessions are kept as drafts" in made and found(engine, "feltham-2027-02").series == "feltham"
    assert "Tuesday 12 January 2027: Training day" in made and "feltham-2027-01" not in made
    shut = at(app).press("/officers/bookings/plan", **{**FORM, "date": "12/01/2027"})
    assert shut.status_code == 422 and "is Training day: the council is closed" in words(shut)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"date": "31/02/2027"}, "is not a day"),
        ({"start": "noonish"}, "is not a time"),
        ({"code": ""}, "code is missing"),
        ({"minutes": ""}, "needs times"),
        ({"times": "9:30, twenty", "minutes": ""}, "is not a whole number"),
        ({"months": "99"}, "1 to 24 sessions"),
        ({"months": "x"}, "a number from 1 to 24"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(
    app: FastAPI, engine: Engine, changed: dict[str, str], said: str
) -> None:
    page = at(app).press("/officers/bookings/plan", **{**FORM, **changed})
    assert page.status_code == 422 and said in words(page) and 'value="Feltham Library"' in page.text
    with reading(engine) as session:
        assert session.exec(select(Surgery)).all() == []


def test_a_file_is_taken_in_whole_or_not_at_all(app: FastAPI, engine: Engine) -> None:
    priya, head = at(app), "code\tdate\tstart\tend\tminutes\tvenue\n"
    row = "a\t2027-01-13\t9:30\t11:00\t30\tHall\n"
    wrong = priya.press("/officers/bookings/import", text=head + row + "b\t2027-13-12\t9:30\t11:00\t30\tHall\n")
    assert wrong.status_code == 422 and "Line 3: date" in words(wrong) and "2027-13-12" in wrong.text
    assert "1 session is kept" in words(priya.press("/officers/bookings/import", text=head + row))
    assert found(engine, "a").venue == "Hall"


def test_the_door_list_shows_needs_not_met_in_words_and_takes_note_of_who_came(
    app: FastAPI, engine: Engine, surgeries: Surgeries, clock: Clock
) -> None:
    first, second, _ = surgeries.session()
    visit = surgeries.visit(needs=("interpreter", "step_free"), interpreter="Somali", questions=("When is it?",))
    made = surgeries.book(surgeries.person(), first, visit=visit)
    one = f"/officers/bookings/{found(engine).id}"
    priya = at(app)
    assert "Not met: An interpreter – 1 person" in words(priya.get(one))
    listed = words(priya.get(f"{one}/door"))
    assert "Not met: An interpreter (Somali)" in listed and "Not met: No steps" not in listed
    assert made.booking.reference in listed and "Amina" in listed and "“When is it?”" in listed
    early = priya.press(f"{one}/door", reference=made.booking.reference, do="came")
    assert early.status_code == 422 and "is not on today" in words(early)
    assert "Said they are coming" not in listed
    clock.at = made.booking.starts_at - timedelta(minutes=5)
    with transaction(engine) as session:
        say_coming(session, surgeries.desk, made.token)
    priya = at(app)
    assert "Said they are coming" in words(priya.get(f"{one}/door"))
    assert priya.press(f"{one}/door", reference=made.booking.reference, do="came").status_code == 303
    assert "Came" in words(priya.get(f"{one}/door"))
    form = {"topic": "ehc_plan", "slot": second, "key": "k1"}
    for _ in range(2):
        assert priya.press(f"{one}/walk-in", on=f"{one}/door", **form).status_code == 303
    full = priya.press(f"{one}/walk-in", on=f"{one}/door", **{**form, "key": "k2"})
    assert full.status_code == 409 and "no place left" in words(full)
    with reading(engine) as session:
        assert len(session.exec(select(WalkIn)).all()) == 1
        looks = session.exec(select(AuditEntry).where(AuditEntry.act == "door_list")).all()
        assert len(looks) >= 3 and "Amina" not in "".join(look.detail for look in looks)


def test_withdrawing_says_whom_it_reaches_first_and_happens_once(
    app: FastAPI, engine: Engine, surgeries: Surgeries
) -> None:
    surgeries.book(surgeries.person(), surgeries.session()[0])
    one, priya = f"/officers/bookings/{found(engine).id}", at(app)
    assert "1 booking loses its place" in words(priya.get(f"{one}/withdraw"))
    version = str(found(engine).version)
    assert priya.press(f"{one}/withdraw", version=version).status_code == 303
    assert found(engine).state is SurgeryState.WITHDRAWN and len(surgeries.letters("withdrawn")) == 1


def test_tom_and_ben_plan_nothing(app: FastAPI, engine: Engine, desk: Desk, surgeries: Surgeries) -> None:
    """Tom is a SENCO: his school's access opens no officers' page. Ben is an administrator outside the queue."""
    surgeries.session()
    one = f"/officers/bookings/{found(engine).id}"
    with transaction(engine) as session:
        invite(session, desk, email="tom@school.example", school="Green Lane", by="priya", link_to="/schools/enter/")
    tom, ben = browser_at(app), at(app, "ben")
    token = ben.form_token("/officers/two-steps")
    for page in ("", "/plan", "/import"):
        assert tom.get(f"/officers/bookings{page}").headers["location"].startswith("/officers/sign-in")
        assert ben.get(f"/officers/bookings{page}").status_code == 403
    for act in ("publish", "withdraw", "move", "door", "walk-in", "change"):
        assert ben.post(f"{one}/{act}", {"form_token": token, **FORM}).status_code == 403
        assert tom.post(f"{one}/{act}", {"form_token": token, **FORM}).status_code == 303
    assert ben.post("/officers/bookings/plan", {"form_token": token, **FORM, "code": "his"}).status_code == 403
    assert "Bookings" not in ben.get("/officers").text
    with reading(engine) as session:
        assert [one.version for one in session.exec(select(Surgery)).all()] == [found(engine).version]

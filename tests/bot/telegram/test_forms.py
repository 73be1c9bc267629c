"""Booking, the MIP check and dates in law in the chat: step by step by buttons, with the outcomes of the web."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from campaigns import telegram_doors
from small_surgeries import Surgeries
from sqlmodel import select
from telegram_house import House, RunningClock, until, words

from bot.telegram.loopback.people import Human
from handoff.bookings.visit import open_visit
from handoff.database import reading
from handoff.models import Booking, OutboxMessage


def press_all(house: House, who: Human, *labels: str) -> str:
    shown = ""
    for label in labels:
        shown = words(house.presses(who, label))
    return shown


def the_booking(house: House) -> Booking:
    with reading(house.front.office.engine) as session:
        return session.exec(select(Booking)).one()


def test_amina_books_with_buttons_alone_and_gets_a_calendar_entry(house: House, surgeries: Surgeries) -> None:
    surgeries.session("feltham")
    amina = house.human()
    assert "Feltham Library" in words(house.says(amina, "/surgery"))
    assert "9:30am, 20 minutes" in str([one["text"] for one in house.presses(amina, "1")[-1].buttons])
    shown = press_all(
        house, amina, "9:30am, 20 minutes", "1", "2", "Me and my child", "2", "Continue", "Call me Amina", "Yes"
    )
    assert "Tue 8 Dec, 9:30am" in shown and "EHC plan" not in shown and "Sign Language" not in shown
    shown = press_all(house, amina, "Book this time")
    booking = the_booking(house)
    assert booking.reference in shown and "You are booked" in shown
    visit = open_visit(house.front.office.desk, booking.person_id, booking.sealed_visit, "booking")
    assert (visit.topic, visit.coming, visit.needs, visit.first_name, visit.reminders) == (
        "ehc_plan",
        "me_and_child",
        ("bsl",),
        "Amina",
        True,
    )
    calendar = next(one for one in amina.reads() if one.file)
    assert calendar.file == "appointment.ics" and "BEGIN:VCALENDAR" in calendar.plain
    assert "http" not in calendar.plain, "the link would open the appointment to whoever reads the chat"
    assert surgeries.taken()[0] == 1


def test_no_need_and_no_topic_is_ever_said_back(house: House, surgeries: Surgeries) -> None:
    surgeries.session("feltham")
    amina = house.human()
    house.says(amina, "/surgery")
    press_all(house, amina, "1", "9:30am, 20 minutes", "1", "5", "Me", "3", "4", "Continue", "Call me Amina", "No")
    check = amina.reads_last().plain
    for said in ("under 5", "No steps", "quiet room", "Amina"):
        assert said not in check
    assert "not shown here" in check


def test_pressed_twice_and_pressed_late_does_no_harm(house: House, surgeries: Surgeries) -> None:
    surgeries.session("feltham")
    amina = house.human()
    shown = house.says(amina, "/surgery")[-1]
    first = next(one["callback_data"] for one in shown.buttons if one["text"] == "1")
    for _ in range(3):
        amina.presses_data(first)
    house.settle()
    assert "Which time?" in amina.reads_last().plain
    assert list(house.api.state.toasts.values()) == ["", "That button is out of date", "That button is out of date"]
    for data in (
        "v0.book",
        "v1.nothing",
        "v1.f.abcdef.1-0",
        "v1.f",
        "\u202e" * 9,
        "v1.pick.aaaaaa.7",
        "v1.appt.zzzzzz.sure",
    ):
        amina.presses_data(data)
    house.settle()
    assert list(house.api.state.toasts.values())[3:] == ["That button is out of date"] * 7


def test_a_time_that_went_meanwhile_is_said_with_the_nearest_and_nothing_is_asked_again(
    house: House, surgeries: Surgeries
) -> None:
    (first, *_) = surgeries.session("feltham")
    amina = house.human()
    house.says(amina, "/surgery")
    press_all(house, amina, "1")
    surgeries.book(surgeries.person("ben"), first, visit=surgeries.visit(to=""))
    shown = press_all(house, amina, "9:30am, 20 minutes", "1")
    assert "Someone else took that time" in shown and "9:50am" in shown
    near = amina.reads_last().buttons[0]["text"]
    press_all(house, amina, near, "2", "Me", "Continue", "Call me Amina", "No", "Book this time")
    assert surgeries.taken()[:2] == [1, 1]


def test_back_is_one_question_back_and_cancel_leaves_the_form(house: House, surgeries: Surgeries) -> None:
    surgeries.session("feltham")
    amina = house.human()
    house.says(amina, "/surgery")
    press_all(house, amina, "1", "9:30am, 20 minutes")
    assert "How many times" in amina.reads_last().plain
    assert "Which time?" in press_all(house, amina, "Back")
    assert "Which date?" in press_all(house, amina, "Back")
    assert words(house.says(amina, "/cancel")) == "Stopped. Nothing was sent."
    assert words(house.says(amina, "/cancel")).startswith("There is nothing to stop.")


def test_after_half_an_hour_the_form_asks_before_it_goes_on(house: House, surgeries: Surgeries, monkeypatch) -> None:
    surgeries.session("feltham")
    amina = house.human()
    house.says(amina, "/surgery")
    monkeypatch.setattr("bot.telegram.screens.flowing.EXPIRES", timedelta(0))
    assert "Your answers are saved" in press_all(house, amina, "1")
    assert "Which date?" in press_all(house, amina, "Carry on")


def test_an_appointment_is_changed_and_cancelled_in_the_chat(house: House, surgeries: Surgeries) -> None:
    surgeries.session("feltham")
    amina = house.human()
    house.says(amina, "/surgery")
    press_all(
        house, amina, "1", "9:30am, 20 minutes", "1", "2", "Me", "Continue", "Call me Amina", "No", "Book this time"
    )
    before = the_booking(house)
    assert before.reference in words(house.says(amina, "/status"))
    press_all(house, amina, "Change the time", "1", "10:10am, 20 minutes", "Change to this time")
    assert the_booking(house).sequence == 1 and surgeries.taken()[:3] == [0, 0, 1]
    house.says(amina, "/status")
    assert "Someone else can have your place" in press_all(house, amina, "Cancel it")
    assert "is cancelled" in press_all(house, amina, "Yes, cancel it")
    assert sum(surgeries.taken()) == 0
    # A letter of the courier's may come in between: the answer is looked for among what came.
    assert "no appointments" in words(house.says(amina, "/status"))


def test_letters_about_an_appointment_come_into_the_chat(house: House, surgeries: Surgeries) -> None:
    surgeries.session("feltham")
    amina = house.human()
    house.says(amina, "/surgery")
    press_all(
        house, amina, "1", "9:30am, 20 minutes", "1", "2", "Me", "Continue", "Call me Amina", "Yes", "Book this time"
    )
    with reading(house.front.office.engine) as session:
        letters = session.exec(select(OutboxMessage)).all()
    assert {(one.channel, one.kind) for one in letters} == {("telegram", "booked"), ("telegram", "reminder")}


def test_under_a_reminder_one_press_says_that_they_are_coming(
    house: House, surgeries: Surgeries, running: RunningClock
) -> None:
    surgeries.session("feltham")
    amina = house.human()
    house.says(amina, "/surgery")
    press_all(
        house, amina, "1", "9:30am, 20 minutes", "1", "2", "Me", "Continue", "Call me Amina", "Yes", "Book this time"
    )
    assert "I am coming" not in str(house.says(amina, "/status")[-1].buttons)
    running.ahead = datetime(2026, 12, 7, 10, 5, tzinfo=UTC) - running()
    until(lambda: "I am coming" in str(amina.reads_last().buttons))
    reminder = amina.reads_last()
    assert "Feltham Library" in reminder.plain and "SEND" not in reminder.plain
    assert "You said that you are coming" in press_all(house, amina, "I am coming")
    assert the_booking(house).coming_sequence == 0
    shown = house.says(amina, "/status")[-1]
    assert "I am coming" not in str(shown.buttons) and "Change the time" in str(shown.buttons)


def test_the_check_for_schools_ends_as_on_the_terminal_and_its_link_carries_the_answers(house: House) -> None:
    pack = house.front.office.assistant.engine.pack
    assert telegram_doors.differing(house, pack, pack, range(6)) == []


def test_the_check_goes_back_changes_an_answer_and_can_be_put_down(house: House) -> None:
    tom = house.human()
    house.says(tom, "/school")
    press_all(house, tom, "SENCO", "Mainstream school")
    assert "What kind of setting" in press_all(house, tom, "Back")
    press_all(house, tom, "Special school")
    code = press_all(house, tom, "Save for later").split("Your code is ")[1][:9]
    dee = house.human(4712)
    house.says(dee, f"/school {code}")
    assert "Check your answers" in dee.reads_last().plain or "Question" in dee.reads_last().plain
    assert "Nothing is saved" in words(house.says(dee, "/school AAAA-BBBB"))


def test_who_says_a_child_is_not_safe_is_told_whom_to_ring_at_once(house: House) -> None:
    tom = house.human()
    house.says(tom, "/school")
    press_all(house, tom, "SENCO", "Mainstream school", "Yes")
    shown = press_all(house, tom, "Yes")
    assert "999" in words(tom.reads()[-3:]) + shown


def test_dates_in_law_are_the_ones_of_the_command(house: House) -> None:
    amina = house.human()
    house.says(amina, "/dates")
    press_all(house, amina, "1")
    assert "Saturday 14 November 2026" in words(house.says(amina, "3 October 2026"))


def test_a_date_with_two_readings_is_asked_and_one_that_is_none_is_said_to_be(house: House) -> None:
    amina = house.human()
    house.says(amina, "/dates")
    press_all(house, amina, "1")
    assert "is not a date I can read" in words(house.says(amina, "soon 99"))
    house.says(amina, "Mon 3 October 2026")
    shown = amina.reads_last()
    assert "Which date do you mean?" in shown.plain
    assert "By " in press_all(house, amina, shown.buttons[0]["text"])


def test_a_question_in_the_middle_of_a_form_is_answered_and_the_form_waits(house: House) -> None:
    amina = house.human()
    house.says(amina, "/dates")
    press_all(house, amina, "1")
    shown = house.says(amina, "what is an EHC plan and who can have one of them please")
    assert "education, health and care plan" in words(shown)
    assert "Write the date" in press_all(house, amina, "Carry on")

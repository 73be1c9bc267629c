"""The booking flow page by page: what is asked, what is wrong and how it is said, and what the desk is made to do."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_office import Clock
from small_surgeries import Surgeries
from sqlalchemy import Engine

from bot.booking.answers import NOTHING_YET, Answers, SoFarError, packed, unpacked
from bot.booking.desk_side import Visitor, answer, keep_longer, show
from bot.booking.flow import Effect, effect_of, next_page
from bot.booking.page import At
from bot.booking.results import booked_page, waiting_page
from bot.booking_play import play
from handoff.bookings.found import Booked, Waiting, find
from handoff.bookings.visit import Reach
from handoff.database import reading
from handoff.desk import Desk
from handoff.models import SurgeryKind
from handoff.surgeries.planned import times
from knowledge.phrases import Voice
from knowledge.readability import grade


@pytest.fixture
def url(sqlite_template: Path, tmp_path: Path) -> str:
    """One engine is enough here: the acts are tested on both in tests/handoff."""
    shutil.copy(sqlite_template, tmp_path / "askwell.db")
    return f"sqlite:///{tmp_path / 'askwell.db'}"


@pytest.fixture
def surgeries(engine: Engine, desk: Desk) -> Surgeries:
    return Surgeries(engine, desk)


@pytest.fixture
def amina(surgeries: Surgeries) -> Visitor:
    return visitor(surgeries, "amina")


def hide(text: str) -> str:
    return text.replace("Zayn", "[name]")


def visitor(surgeries: Surgeries, name: str) -> Visitor:
    return Visitor(
        surgeries.engine,
        surgeries.desk,
        surgeries.person(name),
        Voice(surgeries.desk.phrases),
        hide,
        lines=("Is a plan right?", "How long?"),
        route="Ring 01632 960000",
    )


GIVEN = {
    At.VISIT: {"topic": ("ehc_plan",), "coming": ("me_and_child",)},
    At.NEEDS: {"needs": ("step_free",), "interpreter": ("Polish",), "other": ("Zayn needs a ramp",)},
    At.CONTACT: {"first_name": ("Amina",), "reach": ("email",), "to": ("amina@example.org",), "reminders": ("yes",)},
    At.QUESTIONS: {"questions": ("1",)},
    At.CHECK: {},
}


def walk(who: Visitor, surgeries: Surgeries, **changed: dict[str, tuple[str, ...]]) -> tuple[list[At], str]:
    """Answer every page in turn; the pages seen and the link at the end."""
    turned, seen = show(who, NOTHING_YET), []
    while not turned.token:
        at = turned.page.at
        seen.append(at)
        first = turned.page.fields[0].choices[0].value if turned.page.fields and turned.page.fields[0].choices else ""
        asked = {At.DATES: {"surgery": (first,)}, At.TIMES: {"slot": (first,), "places": ("1",)}, **GIVEN, **changed}
        assert len(seen) < 12, seen
        turned = answer(who, turned.answers, at, asked[at], f"key-{at}")
    return seen, turned.token


def found(surgeries: Surgeries, token: str) -> Booked | Waiting:
    with reading(surgeries.engine) as session:
        return find(session, surgeries.desk, token)


def test_the_pages_come_in_order_and_end_with_a_booking(surgeries: Surgeries, amina: Visitor) -> None:
    surgeries.session()
    seen, token = walk(amina, surgeries)
    assert seen == [At.DATES, At.TIMES, At.VISIT, At.NEEDS, At.CONTACT, At.QUESTIONS, At.CHECK]
    made = found(surgeries, token)
    assert isinstance(made, Booked) and made.visit.needs == ("interpreter", "step_free", "other")
    assert made.visit.other_need == "[name] needs a ramp" and made.visit.questions == ("How long?",)
    page = booked_page(amina.say, made, fresh=True)
    assert page.title == "You are booked" and ("Where", "Feltham Library") in [(f.label, f.value) for f in page.facts]
    assert any("This place does not have this yet: An interpreter" in line for line in page.notice)


def test_dates_are_a_plain_list_that_says_what_is_left_and_who_is_there(surgeries: Surgeries, amina: Visitor) -> None:
    surgeries.session()
    surgeries.session("walk", date(2026, 12, 9), kind=SurgeryKind.DROP_IN, drop_in_until=time(11, 45))
    one, drop_in = show(amina, NOTHING_YET).page.fields[0].choices
    assert one.label == "Tuesday 8 December 2026, 9:30am to 12:30pm, Feltham Library"
    assert one.hint == "Step-free. 3 times left. People there: EHC team, SENDIASS."
    assert "No need to book. Arrive before 11:45am." in drop_in.hint


def test_a_drop_in_says_that_nobody_needs_to_book(surgeries: Surgeries, amina: Visitor) -> None:
    surgeries.session("walk", kind=SurgeryKind.DROP_IN, drop_in_until=time(11, 45))
    choice = show(amina, NOTHING_YET).page.fields[0].choices[0].value
    page = answer(amina, NOTHING_YET, At.DATES, {"surgery": (choice,)}, "k").page
    assert page.title == "You do not need to book" and page.button == "" and "11:45am" in page.lead[1]


def test_with_nothing_published_it_says_so_with_the_route_and_offers_to_tell(amina: Visitor) -> None:
    page = show(amina, NOTHING_YET).page
    assert page.at is At.TELL_ME and page.button == "Tell me when dates are out"
    assert page.lead[:2] == ("The council has not published SEND Surgery dates.", "Ring 01632 960000")
    mute = replace(amina, reaches=(Reach.NONE,))
    assert show(mute, NOTHING_YET).page.button == ""


@pytest.mark.parametrize(
    ("at", "given_", "field", "said"),
    [
        (At.DATES, {}, "surgery", "Choose a date"),
        (At.TIMES, {"slot": ("made up",)}, "slot", "Choose a time"),
        (At.VISIT, {"topic": ("football",), "coming": ("me",)}, "topic", "Choose what it is about"),
        (At.VISIT, {"topic": ("ehc_plan",)}, "coming", "Say who is coming"),
        (At.NEEDS, {"needs": ("interpreter",)}, "interpreter", "Say which language"),
        (At.NEEDS, {"needs": ("other",)}, "other", "Say what else you need"),
        (At.CONTACT, {"reach": ("email",), "to": ("a@b.org",)}, "first_name", "Say what we should call you"),
        (At.CONTACT, {"first_name": ("A",)}, "reach", "Choose how we can tell you"),
        (At.CONTACT, {"first_name": ("A",), "reach": ("email",), "to": ("no",)}, "to", "name@example.org"),
        (At.CONTACT, {"first_name": ("A",), "reach": ("sms",), "to": ("07700900123",)}, "reach", "Choose how"),
    ],
)
def test_each_fault_is_said_beside_its_question_and_keeps_what_was_answered(
    surgeries: Surgeries, amina: Visitor, at: At, given_: dict[str, tuple[str, ...]], field: str, said: str
) -> None:
    slots = surgeries.session()
    with reading(surgeries.engine) as session:
        from handoff.bookings.open_slots import open_surgeries

        surgery = open_surgeries(session, surgeries.desk)[0].surgery.id
    held = surgeries.hold(amina.person_id, slots[0])
    so_far = Answers(
        surgery_id=surgery,
        slot_ids=(slots[0],),
        hold_id=held,
        topic="ehc_plan",
        coming="me",
        needs_asked=True,
    )
    turned = answer(amina, so_far, at, given_, "k")
    assert turned.page.at is at and not turned.token
    assert [fault.field for fault in turned.page.faults] == [field] and said in turned.page.faults[0].text
    assert turned.answers.slot_ids == (slots[0],)


def test_a_taken_time_is_said_with_the_nearest_three_and_nothing_is_typed_again(
    surgeries: Surgeries, amina: Visitor
) -> None:
    slots = surgeries.session(slots=times(time(9, 30), time(11, 30), 20, 1))
    so_far = filled(surgeries, amina, slots[2])
    surgeries.book(surgeries.person("ben"), slots[1])
    turned = answer(amina, so_far, At.TIMES, {"slot": (slots[1],)}, "k")
    assert turned.taken and turned.page.title == "Someone else took that time."
    near = [choice.value for choice in turned.page.fields[0].choices]
    assert len(near) == 3 and near[0] == slots[0] and slots[1] not in near
    turned = answer(amina, turned.answers, At.TIMES, {"slot": (near[0],)}, "k2")
    assert turned.page.at is At.CHECK and ("Your name", "Amina") in [(f.label, f.value) for f in turned.page.facts]
    assert answer(amina, turned.answers, At.CHECK, {}, "k3").token
    surgeries.check_places()


def test_a_time_that_ran_out_before_the_last_press_is_said_and_the_nearest_are_offered(
    surgeries: Surgeries, amina: Visitor, clock: Clock
) -> None:
    slots = surgeries.session(slots=times(time(9, 30), time(11, 30), 20, 1))
    so_far = filled(surgeries, amina, slots[2])
    clock.move(minutes=16)
    surgeries.book(surgeries.person("ben"), slots[2])
    turned = answer(amina, so_far, At.CHECK, {}, "k")
    assert turned.taken and turned.page.title == "We kept that time for 15 minutes. It has now gone."
    assert len(turned.page.fields[0].choices) == 3 and turned.answers.first_name == "Amina"


def filled(surgeries: Surgeries, who: Visitor, slot: str) -> Answers:
    """Every answer given, with the time held."""
    with reading(surgeries.engine) as session:
        from handoff.bookings.open_slots import slot_of

        known = slot_of(session, surgeries.desk, slot)
    assert known is not None
    held = surgeries.hold(who.person_id, slot)
    return Answers(
        surgery_id=known[1].id,
        slot_ids=(slot,),
        hold_id=held,
        topic="ehc_plan",
        coming="me",
        needs_asked=True,
        first_name="Amina",
        reach="email",
        to="amina@example.org",
        questions_asked=True,
        until=(surgeries.desk.now() + timedelta(minutes=15)).isoformat(),
    )


def test_the_hold_is_announced_warned_of_and_kept_longer_with_one_press(
    surgeries: Surgeries, amina: Visitor, clock: Clock
) -> None:
    slots = surgeries.session()
    so_far = filled(surgeries, amina, slots[0])
    assert "We keep your time until 10:15am." in show(amina, so_far).page.notice
    clock.move(minutes=13)
    assert "We keep your time for 2 more minutes. Do you need longer?" in show(amina, so_far).page.notice
    longer = keep_longer(amina, so_far)
    assert "We keep your time until 10:28am." in longer.page.notice
    clock.move(minutes=15)
    assert keep_longer(amina, longer.answers).page.title.startswith("We kept that time")


def test_the_book_button_twice_gives_one_booking(surgeries: Surgeries, amina: Visitor) -> None:
    slots = surgeries.session()
    so_far = filled(surgeries, amina, slots[0])
    assert answer(amina, so_far, At.CHECK, {}, "k").token == answer(amina, so_far, At.CHECK, {}, "k").token
    again = answer(amina, filled(surgeries, amina, slots[1]), At.CHECK, {}, "k9")
    assert "You have an appointment about this already. Its reference is LH-B-" in "".join(
        (again.page.title, *again.page.notice)
    )


def test_a_full_date_leads_to_the_waiting_list_with_its_rule(surgeries: Surgeries, amina: Visitor) -> None:
    (only,) = surgeries.session(slots=times(time(9, 30), time(9, 50), 20, 1))
    surgeries.book(surgeries.person("ben"), only)
    seen, token = walk(amina, surgeries)
    assert seen == [At.DATES, At.TIMES, At.VISIT, At.NEEDS, At.CONTACT, At.QUESTIONS, At.CHECK]
    waits = found(surgeries, token)
    assert isinstance(waits, Waiting)
    page = waiting_page(amina.say, waits, surgeries.desk.now())
    assert page.title == "You are on the waiting list" and "It does not matter how fast you are" in page.lead[1]


def test_a_booking_is_moved_by_its_link_from_anywhere_and_asks_nothing_again(
    surgeries: Surgeries, amina: Visitor
) -> None:
    first, second, _ = surgeries.session()
    made = surgeries.book(amina.person_id, first)
    stranger = visitor(surgeries, "phone")
    start = NOTHING_YET.but(moving=made.token, surgery_id=made.surgery.id)
    turned = answer(stranger, start, At.TIMES, {"slot": (second,)}, "k")
    assert turned.page.at is At.CHECK and turned.page.button == "Change to this time"
    token = answer(stranger, turned.answers, At.CHECK, {}, "k2").token
    moved = found(surgeries, token)
    assert token == made.token and isinstance(moved, Booked) and moved.slots[0].id == second
    assert surgeries.taken() == [0, 1, 0]


def test_two_times_together_are_the_one_picked_and_the_next(surgeries: Surgeries, amina: Visitor) -> None:
    slots = surgeries.session()
    surgery = show(amina, NOTHING_YET).page.fields[0].choices[0].value
    so_far = NOTHING_YET.but(surgery_id=surgery)
    turned = answer(amina, so_far, At.TIMES, {"slot": (slots[1],), "places": ("2",)}, "k")
    assert turned.answers.slot_ids == (slots[1], slots[2]) and turned.page.at is At.VISIT


@given(
    st.builds(
        Answers,
        surgery_id=st.text(max_size=8),
        slot_ids=st.lists(st.text(max_size=8), max_size=4).map(tuple),
        topic=st.sampled_from(["", "ehc_plan"]),
        waiting=st.booleans(),
        first_name=st.text(max_size=20),
        questions=st.lists(st.text(max_size=30), max_size=3).map(tuple),
    )
)
def test_answers_survive_the_journey_through_a_page(answers: Answers) -> None:
    assert unpacked(packed(answers)) == answers


@given(st.one_of(st.text(), st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(repr)))
def test_whatever_comes_back_is_answers_or_a_plain_error(text: str) -> None:
    with contextlib.suppress(SoFarError):
        assert isinstance(unpacked(text), Answers)


def test_answers_that_no_page_offers_are_refused() -> None:
    for wrong in ('{"topic":"football"}', '{"waiting":"yes"}', '{"slot_ids":["a","b","c","d","e"]}', '{"x":1}', "[]"):
        with pytest.raises(SoFarError):
            unpacked(wrong)


def test_effects_follow_from_the_page_alone() -> None:
    assert effect_of(At.TIMES, NOTHING_YET) is Effect.HOLD
    assert effect_of(At.TIMES, NOTHING_YET.but(waiting=True)) is Effect.NOTHING
    assert effect_of(At.CHECK, NOTHING_YET) is Effect.BOOK
    assert effect_of(At.CHECK, NOTHING_YET.but(waiting=True)) is Effect.JOIN
    assert effect_of(At.CHECK, NOTHING_YET.but(moving="t")) is Effect.MOVE
    assert next_page(NOTHING_YET, lines=True) is At.DATES


def test_on_the_terminal_the_same_flow_goes_back_and_asks_for_longer(surgeries: Surgeries, amina: Visitor) -> None:
    surgeries.session()
    typed = iter(["9", "1", "1", "1", "b", "2", "1", "2", "more", "1", "2", "", "", "", "Amina", "2", "", ""])
    told: list[str] = []
    ended = play(amina, lambda: next(typed, None), told.append, surgeries.key)
    made = found(surgeries, ended.token)
    assert isinstance(made, Booked) and made.visit.reach is Reach.NONE and made.booking.starts_at.minute == 50
    assert any("Write a number from 1 to 1" in line for line in told)
    assert play(amina, lambda: None, told.append, surgeries.key).token == ""


def test_every_sentence_of_the_flow_is_short_and_easy(surgeries: Surgeries) -> None:
    phrases = surgeries.desk.phrases.languages["en"].phrases
    said = [text for key, text in phrases.items() if key.startswith(("book_", "letter_", "booking_"))]
    for text in said:
        for sentence in text.replace(":", ".").split("."):
            assert len(sentence.split()) <= 20, sentence
    assert grade(" ".join(text if text.endswith((".", "?")) else f"{text}." for text in said)) <= 6


def test_after_a_fault_what_was_typed_and_chosen_is_still_there(surgeries: Surgeries, amina: Visitor) -> None:
    slots = surgeries.session()
    so_far = filled(surgeries, amina, slots[0]).but(first_name="", reach="", to="")
    given_ = {"first_name": ("Amina",), "reach": ("email",), "to": ("not an address",), "reminders": ("yes",)}
    turned = answer(amina, so_far, At.CONTACT, given_, "k")
    shown = {field.name: field.given for field in turned.page.fields}
    assert shown == {"first_name": ("Amina",), "reach": ("email",), "to": ("notanaddress",), "reminders": ("yes",)}
    assert turned.answers == so_far

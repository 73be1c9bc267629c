"""Which messages the clock takes, as what event and on which day; and the many with a date in them that it leaves."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.asked_dates import Asked, asked_dates, day_words, read_stated, stated
from knowledge.deadline_records import read_deadlines
from knowledge.pack import PACKS, load_pack
from knowledge.typed_dates import Ambiguous, Known

TODAY = date(2026, 11, 23)
CLOCK, _ = read_deadlines(PACKS / "hounslow")


def days(asked: Asked | None) -> dict[str, date]:
    given = asked.given if asked else {}
    return {name: reading.day for name, reading in given.items() if isinstance(reading, Known)}


@pytest.mark.parametrize(
    ("text", "event", "given"),
    [
        (
            "The council received our request on 3/10/25. When is the 6 week deadline?",
            "request-received",
            {"request": date(2025, 10, 3)},
        ),
        (
            "they got it on Friday 2 October, when must they decide?",
            "request-received",
            {"request": date(2026, 10, 2)},
        ),
        (
            "I sent the form on 1 October and they got it on 2 October 2026, when must they decide",
            "request-received",
            {"request": date(2026, 10, 2)},
        ),
        (
            "LA received the EHCNA request 02/10/2026 - what are the statutory deadlines?",
            "request-received",
            {"request": date(2026, 10, 2)},
        ),
        (
            "we applied for an ehcp on 3 september, when should we hear back",
            "request-received",
            {"request": date(2026, 9, 3)},
        ),
        (
            "I got the refusal letter on 12 June, how long do I have to appeal?",
            "decision-letter",
            {"letter": date(2026, 6, 12)},
        ),
        (
            "they refused to assess on 5 november, when is the last day to appeal",
            "decision-letter",
            {"letter": date(2026, 11, 5)},
        ),
        ("final ehcp came 1 Nov 2026 how long to appeal", "decision-letter", {"letter": date(2026, 11, 1)}),
        (
            "letter dated 1 October 2026, mediation certificate 29 November 2026, when must I appeal by",
            "decision-letter",
            {"letter": date(2026, 10, 1), "certificate": date(2026, 11, 29)},
        ),
        (
            "on 12 June I got the refusal letter, certificate came on 3 July, how long do I have to appeal?",
            "decision-letter",
            {"letter": date(2026, 6, 12), "certificate": date(2026, 7, 3)},
        ),
        (
            "mediation certificate dated 10/11/2026 deadline for tribunal?",
            "mediation-certificate",
            {"certificate": date(2026, 11, 10)},
        ),
        ("annual review was 5 May when do we get the new plan", "annual-review", {"meeting": date(2026, 5, 5)}),
        (
            "the annual review is on 15 January, when should we get the papers?",
            "annual-review",
            {"meeting": date(2027, 1, 15)},
        ),
        (
            "our review meeting was on 5 May 2026 and the amendment notice is dated 20 May 2026. when is the plan due?",
            "annual-review",
            {"meeting": date(2026, 5, 5), "notice": date(2026, 5, 20)},
        ),
        ("final plan issued 4 March 2026 when is the first review due?", "plan-issued", {"plan": date(2026, 3, 4)}),
        (
            "draft plan arrived on 14 november, how long do we have to comment?",
            "draft-plan-served",
            {"draft": date(2026, 11, 14)},
        ),
        (
            "asked for mediation on 2 November how long till the meeting",
            "mediation-asked",
            {"asked": date(2026, 11, 2)},
        ),
        (
            "we said no to mediation yesterday, when will we get the certificate?",
            "mediation-ended",
            {"ended": date(2026, 11, 22)},
        ),
    ],
)
def test_an_event_its_date_and_a_question(text: str, event: str, given: dict[str, date]):
    asked = asked_dates(text, CLOCK, TODAY)
    assert asked is not None and asked.event.id == event
    assert days(asked) == given


@pytest.mark.parametrize(
    "text",
    [
        "what age for the club on 3 October",
        "My son starts school on 3 September, when do I apply?",
        "I got the refusal letter on 12 June, what can I do?",
        "I got the refusal letter for school transport on 12 June, how long do I have to appeal?",
        "They got my complaint on 3 October, when must they reply?",
        "When is the annual review?",
        "how long does an ehcp take",
        "my dla was refused on 3 October how long to appeal",
        "he was refused a school place on 1 March, how long do I have to appeal",
        "he was excluded on 3 October by letter, how long to appeal",
        "the SEN annual review day for schools is 5 May. When does it begin?",
        "is there a SEND surgery on 3 December and when does it start",
        "holiday club dates from 3 April, when do they end and how do I apply",
        "when is half term, 26 October?",
        "My EHCP review. He started in Year 3 on 3 October. when do they decide?",
        "what happened in the inspection on 20 December 2024, when is the next",
        "MIP began in April 2023, when must they decide",
        "we met the teacher on 3 October and she said she would apply, when will she be assessed",
        "school report came on 5 May. when do they assess reading",
        "They got it two weeks ago, when must they decide?",
        "I posted the form on 1 October, when must they decide?",
        "31 march deadline post 16",
        "they got it on 3 October and again on 7 October, when must they decide?",
        "got the letter 1 May, the draft 2 May and the certificate 3 May, how long to appeal?",
        "Kiedy gmina musi zdecydować, jeśli dostała wniosek 3.10.2025?",
    ],
)
def test_an_ordinary_question_is_left_alone(text: str):
    assert asked_dates(text, CLOCK, TODAY) is None


def test_a_date_with_two_readings_keeps_both():
    asked = asked_dates("they got it on Friday 3 October, when must they decide?", CLOCK, TODAY)
    assert asked is not None and isinstance(asked.given["request"], Ambiguous)


def test_a_request_told_as_made_is_counted_as_received_and_says_so():
    asked = asked_dates("we applied for an ehcp on 3 september, when should we hear", CLOCK, TODAY)
    assert asked is not None and "as the day the council got the request" in asked.notes[0]


def test_of_all_the_packs_own_phrasings_it_takes_only_those_that_ask_it_to_count():
    pack = load_pack(PACKS / "hounslow")
    phrasings = [phrasing for section in pack.sections.values() for phrasing in section.asked_as]
    assert len(phrasings) > 12_000
    assert {one for one in phrasings if asked_dates(one, CLOCK, TODAY)} <= {
        "refusal dated 15 june, appeal by when given august",
        "the draft came on 3 march when must i answer by",
        "draft served 6 jan, representations due?",
    }


HEARD = ["request-received", "draft-plan-served", "annual-review", "amendment-notice", "plan-issued", "decision-letter"]
HEARD += ["mediation-certificate", "mediation-asked", "mediation-ended"]
ANY_DAY = st.dates(date(2015, 1, 1), date(2040, 1, 1))


@given(st.sampled_from(HEARD), st.integers(1, 2), ANY_DAY, ANY_DAY)
def test_a_stated_event_is_read_back_with_its_dates(id: str, count: int, first: date, second: date):
    event = CLOCK.events[id]
    given = dict(zip(event.takes[:count], [first, second], strict=False))
    asked = read_stated(stated(event, given) + ".", CLOCK, TODAY)
    assert asked is not None and asked.event is event and days(asked) == given


def test_every_event_that_is_heard_is_tried_above():
    assert [event.id for event in CLOCK.events.values() if event.hears] == HEARD


def test_a_day_is_said_in_full():
    assert day_words(date(2026, 12, 8)) == "Tuesday 8 December 2026"


@given(st.text(max_size=300))
def test_no_message_breaks_it(text: str):
    assert read_stated(text, CLOCK, TODAY) is None
    asked_dates(f"they got it on 3 October, when must they decide {text}", CLOCK, TODAY)

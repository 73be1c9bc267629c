"""One function gives the date to the family and to the officer; a broken promise is told of first, once each time."""

from __future__ import annotations

import dataclasses
import threading
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_office import PRIYA, Clock, Counter, amina_asks
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from handoff import cases
from handoff.cases import Contact, status_of
from handoff.cases.naming import status_token
from handoff.database import connect, reading, transaction, upgrade
from handoff.desk import Desk
from handoff.models import Act, Case, CaseEvent, Message, OutboxMessage, Priority, SafeContact, Status
from handoff.promises import reply_by_for, takes_cases
from handoff.vault import Vault
from knowledge.dates_in_words import day_words, local_day
from knowledge.pack import PACKS, load_pack
from knowledge.working_hours import LONDON

HOUNSLOW = load_pack(PACKS / "hounslow")
COUNCILS = count()
QUEUE_IDS = sorted(id for id, queue in HOUNSLOW.queues.items() if not queue.cases_to and id != "safeguarding")
# Around the clock changes, Easter, Christmas and the year's end, where counting goes wrong; and any other moment.
EDGES = [
    datetime(2026, 3, 27, 12, tzinfo=UTC),
    datetime(2026, 4, 1, 12, tzinfo=UTC),
    datetime(2026, 10, 23, 12, tzinfo=UTC),
    datetime(2026, 12, 22, 12, tzinfo=UTC),
    datetime(2027, 3, 24, 12, tzinfo=UTC),
    datetime(2028, 2, 28, 12, tzinfo=UTC),
]
MOMENTS = st.one_of(
    st.builds(
        lambda edge, minutes: edge + timedelta(minutes=minutes), st.sampled_from(EDGES), st.integers(-6000, 12_000)
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2031, 6, 1), timezones=st.just(UTC)),
)


def told(session: Session, desk: Desk, case: Case) -> list[str]:
    found = session.exec(
        select(Message).where(Message.pack == case.pack, Message.case_id == case.id).order_by(col(Message.number))
    ).all()
    return [desk.open(one.person_id, one.sealed_text, "message.sealed_text") for one in found]


def lates(session: Session, case: Case) -> int:
    late = select(CaseEvent).where(CaseEvent.pack == case.pack, CaseEvent.case_id == case.id)
    return len(session.exec(late.where(CaseEvent.act == Act.LATE)).all())


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Engine, Vault]:
    """One database for all the examples of a property: each example is a council of its own."""
    folder = tmp_path_factory.mktemp("promises")
    engine = connect(f"sqlite:///{folder / 'askwell.db'}")
    upgrade(engine)
    return engine, Vault(folder / "keys")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(came=MOMENTS, waited=st.lists(st.integers(30, 20_000), min_size=1, max_size=4), queue=st.sampled_from(QUEUE_IDS))
def test_family_and_officer_always_see_the_same_date_and_each_breach_is_told_once(
    kept: tuple[Engine, Vault], came: datetime, waited: list[int], queue: str
) -> None:
    engine, vault = kept
    clock = Clock(came)
    desk = Desk(
        pack=f"council{next(COUNCILS)}",
        vault=vault,
        queues=dict(HOUNSLOW.queues),
        now=clock,
        new_id=Counter(),
        phrases=HOUNSLOW.phrases,
        prefix="HS",
    )
    case = amina_asks(engine, desk, queue=queue, address=f"family of {desk.pack}")
    breaches = 0
    for minutes in waited:
        before = case.reply_by
        clock.move(minutes=minutes)
        with transaction(engine) as session:
            late = {one.id for one in cases.late_cases(session, desk)}
            assert cases.late_cases(session, desk) == []
        with reading(engine) as session:
            case = session.get_one(Case, (desk.pack, case.id))
            seen = status_of(session, desk, status_token(desk, case.id))
            assert seen is not None
            assert (case.id in late) == (before < clock.at)
            breaches += case.id in late
            # What the officer sees (the case's row) is what the family sees, and never in the past.
            assert seen.reply_by == case.reply_by >= clock.at
            assert seen.late == (breaches > 0)
            assert lates(session, case) == breaches == len(told(session, desk, case))
            if case.id in late:
                assert case.reply_by == reply_by_for(desk, queue, clock.at)
                assert day_words(local_day(case.reply_by)) in told(session, desk, case)[-1]
                assert f"reply by {day_words(local_day(before))}" in told(session, desk, case)[-1]
            here = case.reply_by.astimezone(LONDON)
            assert HOUNSLOW.queues[queue].hours.periods(here.date()) != (), "promised for a day it is shut"


def test_a_breach_tells_the_family_the_new_date_and_raises_the_case(engine: Engine, desk: Desk, clock: Clock) -> None:
    contact = Contact("email", "amina@home.example", SafeContact.FULL)
    case = amina_asks(engine, desk, contact=contact)
    clock.at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    with transaction(engine) as session:
        assert [one.id for one in cases.late_cases(session, desk)] == [case.id]
    with reading(engine) as session:
        now = session.get_one(Case, (desk.pack, case.id))
        assert (now.priority, now.late_at, now.version) == (Priority.HIGH, clock.at, case.version + 1)
        assert now.promised_by == case.promised_by and now.reply_by > clock.at
        assert told(session, desk, case) == [
            "We said we would reply by Monday 30 November 2026. We have not. We are sorry. We have marked your message"
            f" as late. The new date is Tuesday 8 December 2026. Your reference is {case.reference}."
        ]
        kinds = [row.kind for row in session.exec(select(OutboxMessage).order_by(col(OutboxMessage.number))).all()]
        assert kinds == ["case_opened", "case_late"]


def test_eight_sweeps_at_once_tell_the_family_once(engine: Engine, desk: Desk, clock: Clock) -> None:
    opened = [amina_asks(engine, desk, key=f"k{number}", address=f"family{number}") for number in range(4)]
    clock.move(days=20)
    together, found = threading.Barrier(8), []

    def sweep() -> None:
        together.wait()
        with transaction(engine) as session:
            found.extend(one.id for one in cases.late_cases(session, desk))

    threads = [threading.Thread(target=sweep) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(case.id for case in opened)
    with reading(engine) as session:
        assert [lates(session, case) for case in opened] == [1, 1, 1, 1]


def test_the_clock_stands_while_the_family_is_asked_and_starts_again_with_its_answer(
    engine: Engine, desk: Desk, clock: Clock
) -> None:
    case = amina_asks(engine, desk)
    with transaction(engine) as session:
        cases.claim(session, desk, PRIYA, case.id, 1)
        cases.reply(session, desk, PRIYA, case.id, 2, "Which school is it?", "r1")
        cases.wait_for_family(session, desk, PRIYA, case.id, 3)
    clock.move(days=30)
    with transaction(engine) as session:
        assert cases.late_cases(session, desk) == []
        view = status_of(session, desk, status_token(desk, case.id))
        assert view is not None and view.reply_by is None and not view.late
        cases.family_wrote(session, desk, case.id)
        view = status_of(session, desk, status_token(desk, case.id))
        assert view is not None and view.status is Status.WORKING
        assert view.reply_by == reply_by_for(desk, "send", clock.at)
    clock.move(days=30)
    with transaction(engine) as session:
        assert len(cases.late_cases(session, desk)) == 1


def test_a_case_for_a_team_outside_the_council_is_answered_by_the_one_that_takes_its_cases(
    engine: Engine, desk: Desk
) -> None:
    school = dataclasses.replace(desk.queues["clubs"], id="school", cases_to="local_offer")
    desk = dataclasses.replace(desk, queues={**desk.queues, "school": school})
    assert takes_cases(desk, "school").id == "local_offer"
    case = amina_asks(engine, desk, queue="school")
    assert case.queue == "local_offer"
    with transaction(engine) as session, pytest.raises(cases.NotNowError, match="not the council's"):
        cases.pass_on(session, desk, PRIYA, case.id, 1, "school", "theirs", "p1")


def test_pressing_matters_are_seen_first_and_the_event_says_why(engine: Engine, desk: Desk) -> None:
    desk = dataclasses.replace(desk, priorities=HOUNSLOW.priorities)
    words = amina_asks(engine, desk, key="k1", summary="He has been permanently excluded.")
    topic = amina_asks(engine, desk, key="k2", topic="section-19")
    plain = amina_asks(engine, desk, key="k3", summary="When is the review?")
    risk = amina_asks(engine, desk, key="k4", summary="He has been permanently excluded.", urgent="child_at_risk")
    assert [one.priority for one in (words, topic, plain, risk)] == [
        Priority.HIGH,
        Priority.HIGH,
        Priority.NORMAL,
        Priority.SAFEGUARDING,
    ]
    with reading(engine) as session:
        details = session.exec(select(CaseEvent.detail).order_by(col(CaseEvent.at), col(CaseEvent.id))).all()
    assert list(details) == ["send;exclusion", "send;no_school", "send", "safeguarding;child_at_risk"]

"""Owners of sources past review hear of it once, and no more once it was checked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from console_house import hire
from small_office import Clock
from sqlalchemy import Engine
from sqlmodel import select

from handoff import outbox
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import OfficerRole, OutboxMessage, OutboxState
from handoff.nudges import KIND, nudge_owners
from handoff.outbox import mark_sent, take_due
from knowledge.article import Generation, Source

FARES = Source("fares", "Bus fares", Generation("G1", "old"), date(2026, 1, 1), date(2026, 11, 22), "send")
CLUBS = replace(FARES, id="clubs", owner="clubs")
LATER = replace(FARES, id="later", review_by=date(2026, 12, 24))


@pytest.fixture
def staff(engine: Engine, desk: Desk) -> None:
    hire(engine, desk, "Priya Shah", OfficerRole.EDITOR, "send")
    hire(engine, desk, "Lena", OfficerRole.ADMIN, "ap")
    hire(engine, desk, "Ben", OfficerRole.OFFICER, "send", "clubs")


def sent(engine: Engine, desk: Desk) -> list[tuple[str, str]]:
    """The letters that are due, to whom and about what, marked as sent."""
    with transaction(engine) as session:
        parcels = take_due(session, desk, "worker")
        assert all(mark_sent(session, desk, parcel) for parcel in parcels)
    assert all(parcel.kind == KIND and parcel.channel == "staff" for parcel in parcels)
    return sorted((parcel.to, parcel.text) for parcel in parcels)


def states(engine: Engine, desk: Desk) -> list[OutboxState]:
    with reading(engine) as session:
        return list(session.exec(select(OutboxMessage.state).where(OutboxMessage.pack == desk.pack)).all())


@pytest.mark.usefixtures("staff")
def test_the_editor_of_the_team_is_told_once_and_not_again_every_day(engine: Engine, desk: Desk, clock: Clock) -> None:
    assert nudge_owners(engine, desk, [FARES, LATER]) == 1
    ((to, text),) = sent(engine, desk)
    assert to == "priya@littleham.example" and "SEN team" in text and "(1)" in text
    for _ in range(30):
        clock.move(days=1)
        assert nudge_owners(engine, desk, [FARES, LATER]) == 0
    clock.move(days=2)
    assert nudge_owners(engine, desk, [FARES, LATER]) == 1, "the other page is past its own date now"
    assert len(sent(engine, desk)) == 1


@pytest.mark.usefixtures("staff")
def test_a_team_without_an_editor_is_told_through_every_editor(engine: Engine, desk: Desk) -> None:
    assert nudge_owners(engine, desk, [CLUBS]) == 2
    assert [to for to, _ in sent(engine, desk)] == ["lena@littleham.example", "priya@littleham.example"]


@pytest.mark.usefixtures("staff")
def test_once_checked_nothing_more_is_sent_until_the_next_date_has_passed(
    engine: Engine, desk: Desk, clock: Clock
) -> None:
    nudge_owners(engine, desk, [FARES])
    checked = replace(FARES, review_by=date(2027, 5, 24), checked=date(2026, 11, 23))
    assert nudge_owners(engine, desk, [checked]) == 0
    assert states(engine, desk) == [OutboxState.DROPPED] and sent(engine, desk) == []
    clock.at = clock.at + timedelta(days=182)
    assert nudge_owners(engine, desk, [checked]) == 0, "the day itself is still in time"
    clock.move(days=1)
    assert nudge_owners(engine, desk, [checked]) == 1
    assert nudge_owners(engine, desk, [checked]) == 0


@pytest.mark.usefixtures("staff")
def test_a_letter_of_a_team_with_another_page_still_past_review_goes(engine: Engine, desk: Desk) -> None:
    nudge_owners(engine, desk, [FARES, replace(FARES, id="other")])
    nudge_owners(engine, desk, [FARES])
    ((_, text),) = sent(engine, desk)
    assert "(2)" in text


def test_while_nobody_can_check_nothing_counts_as_told(engine: Engine, desk: Desk) -> None:
    assert nudge_owners(engine, desk, [FARES]) == 0
    hire(engine, desk, "Priya Shah", OfficerRole.EDITOR, "send")
    assert nudge_owners(engine, desk, [FARES]) == 1


@pytest.mark.usefixtures("staff")
def test_two_processes_that_look_at_once_write_one_letter(
    engine: Engine, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff.nudges._was_told", lambda *_: False)
    nudge_owners(engine, desk, [FARES])
    nudge_owners(engine, desk, [FARES])
    assert len(states(engine, desk)) == 1
    assert outbox.OPEN[0] is states(engine, desk)[0]

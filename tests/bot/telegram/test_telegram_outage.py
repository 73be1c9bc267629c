"""Telegram is away for ten minutes: then all that waits is said, oldest first, nothing twice, and no reminder that is stale."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select
from telegram_house import House, open_house, words

from bot.front_desk import FrontDesk
from handoff.database import reading, transaction
from handoff.letters import Letter
from handoff.models import OutboxMessage
from handoff.outbox import put
from handoff.people import known_address


@pytest.fixture
def ahead(council: FrontDesk) -> list[timedelta]:
    """How far the desk's clock is ahead: a test moves it."""
    by = [timedelta(0)]
    council.office = replace(council.office, desk=replace(council.office.desk, now=lambda: datetime.now(UTC) + by[0]))
    return by


def write(house: House, number: int, stale: timedelta | None = None) -> None:
    desk = house.front.office.desk
    with transaction(house.front.office.engine) as session:
        door = known_address(session, desk, "telegram", "4711")
        assert door
        said = f"Letter {number}."
        stale_at = desk.now() + stale if stale else None
        put(
            session,
            desk,
            Letter(
                f"k{number}",
                door.person_id,
                "telegram",
                door.id,
                None,
                "line",
                "news",
                said,
                said,
                said,
                stale_at=stale_at,
            ),
        )


def test_after_ten_minutes_away_the_backlog_is_said_oldest_first_and_stale_reminders_are_dropped(
    council: FrontDesk, ahead: list[timedelta], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.saying.FIRST_WAIT", 0.05)
    monkeypatch.setattr("bot.telegram.saying.LONGEST_WAIT", 0.2)
    monkeypatch.setattr("bot.telegram.polling.LONGEST_WAIT", 0.2)
    with open_house(council) as house:
        amina = house.human()
        house.says(amina, "/start")
        house.api.away = True
        amina.says("/help")
        amina.says("What is an EHC plan?")
        write(house, 1)
        write(house, 2, stale=timedelta(minutes=5))
        write(house, 3)
        time.sleep(1.5)
        assert len(amina.reads()) == 1
        ahead[0] = timedelta(minutes=10)
        house.api.away = False
        house.settle()
        ends = time.monotonic() + 240
        while "Letter 3." not in words(amina.reads()) and time.monotonic() < ends:
            # Each failed try is due again a little later: the clock of the desk goes on.
            ahead[0] += timedelta(seconds=30)
            time.sleep(0.2)
        house.settle()
        said = [shown.plain.split("\n")[0] for shown in amina.reads()]
        answers = [one for one in said if not one.startswith("Letter")]
        assert answers == ["Ask about SEND in Hounslow", "What you can do here", "What an EHC plan is"]
        assert [one for one in said if one.startswith("Letter")] == ["Letter 1.", "Letter 3."]
        with reading(council.office.engine) as session:
            faults = dict(session.exec(select(OutboxMessage.key, OutboxMessage.fault)).all())
        assert faults["k2"] == "stale"

"""The Hounslow pack with small parts, and the door of one test over a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from payload_inspector import leaks
from small_surgeries import Surgeries
from telegram_house import House, RunningClock, check_payloads, open_house
from web_house import front_for

from bot.assistant import Assistant
from bot.front_desk import FrontDesk

SITE = "https://send.example"


@pytest.fixture
def running() -> RunningClock:
    return RunningClock()


@pytest.fixture
def council(hounslow_by_words: Assistant, tmp_path: Path, running: RunningClock) -> Iterator[FrontDesk]:
    made = front_for(hounslow_by_words, tmp_path)
    # Families reach the pages, so that links lead somewhere.
    made.office = replace(made.office, desk=replace(made.office.desk, site=SITE, now=running))
    yield made
    made.close()
    made.office.engine.dispose()


@pytest.fixture
def house(council: FrontDesk) -> Iterator[House]:
    with open_house(council, address=SITE) as made:
        yield made
        check_payloads(made.api)
        # P5, on every payload of the whole run.
        assert leaks(made.api, council) == []


@pytest.fixture
def surgeries(council: FrontDesk) -> Surgeries:
    return Surgeries(council.office.engine, council.office.desk)

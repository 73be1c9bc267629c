"""The Hounslow pack with small parts, and the door of one test over a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from telegram_house import House, check_payloads, open_house
from web_house import front_for

from bot.assistant import Assistant
from bot.front_desk import FrontDesk


@pytest.fixture
def council(hounslow_by_words: Assistant, tmp_path: Path) -> Iterator[FrontDesk]:
    made = front_for(hounslow_by_words, tmp_path)
    yield made
    made.close()
    made.office.engine.dispose()


@pytest.fixture
def house(council: FrontDesk) -> Iterator[House]:
    with open_house(council) as made:
        yield made
        check_payloads(made.api)

"""Web, terminal, command line and Telegram agree on what the MIP check says (the short form of the campaign)."""

from __future__ import annotations

from pathlib import Path

import pytest
from campaigns.mip_in_chat import in_chat
from campaigns.mip_three_doors import differing, on_the_command_line, on_the_terminal, on_the_web, spoilt, walk
from little_council import TODAY
from web_house import app_for, browser_at

from bot.assistant import Assistant
from knowledge.pack import PACKS, Pack, load_pack
from knowledge.rules.decide import decide
from knowledge.rules.table import Outcome, table_on


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack(PACKS / "hounslow")


def test_the_same_answers_get_the_same_outcome_through_every_door(
    pack: Pack, hounslow_by_words: Assistant, tmp_path: Path
):
    app = app_for(hounslow_by_words, tmp_path)
    with browser_at(app) as browser:
        doors = {"web": on_the_web(browser), "terminal": on_the_terminal, "command line": on_the_command_line}
        doors["Telegram"] = in_chat(app.state.site.front)
        assert differing(pack, doors, range(40)) == []


def test_ways_through_are_at_most_twelve_pages_and_meet_every_outcome(pack: Pack):
    outcomes = set()
    for seed in range(400):
        picks, answers = walk(pack, seed)
        assert len({page for page, _, _ in picks}) <= 12
        outcomes.add(decide(table_on(pack.mip, TODAY), answers).outcome)
    assert outcomes == set(Outcome)


def test_a_door_with_other_rules_would_be_found(pack: Pack):
    """The control."""
    other = spoilt(pack)
    doors = {
        "terminal": on_the_terminal,
        "spoilt": lambda _pack, _picks, answers: decide(table_on(other.mip, TODAY), answers).outcome.value,
    }
    assert differing(pack, doors, range(200))

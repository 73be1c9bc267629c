"""R5 over the wire. The full form: `PYTHONPATH=tests python -m campaigns.telegram_updates --updates 100000`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from campaigns import telegram_updates

from bot.telegram.parts import Speech
from bot.telegram.saying import Speaker
from handoff.chat_updates import Taken

# What CI runs takes three to four minutes of one core. A crash comes after every so many commits.
UPDATES, EVERY = (5_000, 1_000) if os.environ.get("REQUIRE_ALL") == "1" else (300, 200)


def test_r5_updates_that_come_again_through_crashes_act_once_in_order_and_are_answered(tmp_path: Path) -> None:
    done = telegram_updates.run(tmp_path, UPDATES, every=EVERY)
    assert done.wrong == [] and done.crashes and done.deliveries > done.updates


def test_r5_with_aiograms_defaults_they_act_twice(tmp_path: Path) -> None:
    """The control."""
    assert any("acted twice" in one for one in telegram_updates.run(tmp_path, 25, every=0, defaults=True).wrong)


def test_a_mouth_that_says_all_twice_is_seen_at_the_first_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of "a crash says at most one answer of a chat again"."""

    async def twice(speaker: Speaker, taken: Taken, speech: Speech) -> None:
        for part in speech.parts * 2:
            await speaker.mouth.say(speech.chat, part)
        await speaker.finish(taken)

    monkeypatch.setattr(Speaker, "say", twice)
    assert any("on their way" in one for one in telegram_updates.run(tmp_path, 60, every=200).wrong)

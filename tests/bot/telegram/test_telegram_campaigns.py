"""The campaigns over the wire in short, each with the control that must fail. The full forms: `PYTHONPATH=tests python -m campaigns.NAME`."""

from __future__ import annotations

from pathlib import Path

import pytest
from campaigns import telegram_fuzz, telegram_letters, telegram_load
from payload_inspector import leaks
from small_office import amina_asks
from telegram_house import House

from bot.front_desk import FrontDesk
from bot.telegram.loopback.state import Call


def test_r6_letters_through_every_fault_are_not_lost_and_never_too_fast(tmp_path: Path) -> None:
    done = telegram_letters.run(tmp_path, 120, kills=1, scale=0.1)
    assert (done.lost, done.too_fast) == (0, []) and done.again <= done.ambiguous and done.refused


def test_r6_letters_sent_eight_at_once_come_twice_more_often_than_once_a_crash(tmp_path: Path) -> None:
    """The control of "at most one a crash"."""
    done = telegram_letters.run(tmp_path, 60, kills=2, scale=0.1, at_once=8)
    assert done.lost == 0 and done.again > done.ambiguous


def test_r6_without_a_pace_they_are_refused(tmp_path: Path) -> None:
    assert telegram_letters.run(tmp_path, 25, kills=0, pace=False).refused >= 5


def test_fuzzed_updates_meet_no_fault_and_every_press_is_answered(council: FrontDesk) -> None:
    done = telegram_fuzz.run(council, 60)
    assert done.wrong == [] and done.said > 15


def test_words_that_are_not_escaped_are_found_by_the_fuzz(council: FrontDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr("bot.telegram.caller.escape", lambda text: f"<b>{text}")
    assert any("refused" in one for one in telegram_fuzz.run(council, 40).wrong)


def test_many_chats_at_once_are_all_answered(council: FrontDesk) -> None:
    done = telegram_load.at_once(council, 15)
    assert done.answered == 15


def test_p5_the_inspector_finds_a_summary_that_was_sent(house: House) -> None:
    """The control: all else in these tests is inspected when it ends."""
    desk = house.front.office.desk
    summary = "my son has a purple diagnosis and was excluded"
    amina_asks(house.front.office.engine, desk, summary=summary)
    assert leaks(house.api, house.front) == []
    sent = Call("sendMessage", {"chat_id": 1, "text": f"You wrote: {summary}"}, 0.0, 200)
    house.api.state.calls.append(sent)
    assert leaks(house.api, house.front) == [f"sendMessage: {summary[:40]}"]
    # Not the last one: the bot goes on asking for updates meanwhile.
    house.api.state.calls.remove(sent)

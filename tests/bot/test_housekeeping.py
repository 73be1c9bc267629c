"""The chores behind the doors: each at its own pace, none stopped by another's fault, all ended cleanly."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from bot.housekeeping import Chore, Housekeeping, do


def test_each_chore_is_done_at_its_own_interval_and_a_fault_stops_none() -> None:
    done: Counter[str] = Counter()
    enough = threading.Event()

    def often() -> None:
        done["often"] += 1
        if done["often"] == 5:
            enough.set()

    def falls() -> None:
        done["falls"] += 1
        raise ConnectionError("Amina's words must not be logged")

    def seldom() -> None:
        done["seldom"] += 1

    keeping = Housekeeping((Chore("falls", 0.0, falls), Chore("often", 0.0, often), Chore("seldom", 3600.0, seldom)))
    keeping.start()
    assert enough.wait(30)
    assert keeping.stop()
    assert done["falls"] >= 5 and done["seldom"] == 1


def test_stopping_waits_for_the_chore_in_hand_and_begins_no_other() -> None:
    begun, go_on, done = threading.Event(), threading.Event(), []

    def slow() -> None:
        begun.set()
        go_on.wait(30)
        done.append("slow")

    keeping = Housekeeping((Chore("slow", 0.0, slow), Chore("next", 0.0, lambda: done.append("next"))))
    keeping.start()
    assert begun.wait(30)
    threading.Timer(0.05, go_on.set).start()
    assert keeping.stop()
    assert done == ["slow"]


def test_a_failed_chore_logs_the_name_of_its_fault_and_not_its_words(capfd: pytest.CaptureFixture[str]) -> None:
    def falls() -> None:
        raise ValueError("my son Oliver")

    assert not do(Chore("falls", 1.0, falls))
    told = capfd.readouterr()
    assert "ValueError" in told.out + told.err and "Oliver" not in told.out + told.err

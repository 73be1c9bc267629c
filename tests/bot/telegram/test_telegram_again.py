"""R5 over the wire. The full form: `PYTHONPATH=tests python -m campaigns.telegram_updates --updates 100000`."""

from __future__ import annotations

import os
from pathlib import Path

from campaigns import telegram_updates

# What CI runs takes three to four minutes of one core. A crash comes after every so many commits.
UPDATES, EVERY = (5_000, 1_000) if os.environ.get("REQUIRE_ALL") == "1" else (300, 200)


def test_r5_updates_that_come_again_through_crashes_act_once_in_order_and_are_answered(tmp_path: Path) -> None:
    done = telegram_updates.run(tmp_path, UPDATES, every=EVERY)
    assert done.wrong == [] and done.crashes and done.deliveries > done.updates


def test_r5_with_aiograms_defaults_they_act_twice(tmp_path: Path) -> None:
    """The control."""
    assert telegram_updates.run(tmp_path, 25, every=0, defaults=True).wrong

"""S7, short: a flood of guesses stops at ten an account, and honest officers sign in all the while."""

from __future__ import annotations

import pytest
from campaigns.sign_in_guesses import run, without_throttle
from sqlalchemy import Engine

from handoff.desk import Desk
from handoff.sign_in import TRIES

ACCOUNTS = 5
pytestmark = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def test_a_flood_of_guesses_stops_at_ten_an_account(engine: Engine, desk: Desk) -> None:
    figures = run(engine, desk, 300, ACCOUNTS)
    assert figures.faults == [] and figures.guesses == 300
    assert figures.most <= TRIES and len(figures.hashed) == 2 * ACCOUNTS
    assert len(figures.honest) > 1


def test_without_the_throttle_every_guess_reaches_the_hash(engine: Engine, desk: Desk) -> None:
    """The control."""
    assert without_throttle(engine, desk, 3 * TRIES).most == 3 * TRIES

"""R1, short: clients race for the last place on both engines; the same race without the lock must double-book."""

from __future__ import annotations

from campaigns.booking_race import naive, really, trials
from sqlalchemy import Engine

from handoff.desk import Desk

TRIALS = {"sqlite": 12, "postgresql": 6}
CLIENTS = 24


def test_of_all_who_race_for_the_last_place_exactly_one_has_it_and_the_others_are_told_taken(
    engine: Engine, desk: Desk
) -> None:
    tally = trials(engine, desk, TRIALS[engine.dialect.name], CLIENTS, really)
    assert tally.exactly_one == tally.trials and not tally.faults, tally.line()


def test_the_control_that_checks_and_then_saves_books_the_place_twice(engine: Engine, desk: Desk) -> None:
    """If this passes with one winner each time, the race above proves nothing."""
    tally = trials(engine, desk, 3, CLIENTS, naive)
    assert max(tally.winners) > 1 and max(tally.seats) > 1, tally.line()

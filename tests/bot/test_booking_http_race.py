"""R1 through HTTP, short: many browsers press for the last place, and one gets it."""

from __future__ import annotations

from pathlib import Path

from campaigns.booking_http_race import run


def test_of_many_browsers_that_press_for_the_last_place_exactly_one_goes_on(tmp_path: Path) -> None:
    raced = run(tmp_path, races=3, clients=8)
    assert dict(raced.winners) == {1: 3} and dict(raced.places) == {1: 3} and not raced.others

"""The daily round: finishes, sweeps, scrubs when something went, and leaves the files alone when nothing did."""

from __future__ import annotations

import pytest
from small_office import Clock
from sqlalchemy import Engine
from whole_family import write_family

from handoff.database import transaction
from handoff.desk import Desk
from handoff.erasure import forget
from handoff.housekeeping import keep_house
from handoff.scrub import Scrubbed


def test_files_are_scrubbed_once_after_something_went(engine: Engine, desk: Desk, clock: Clock) -> None:
    with transaction(engine) as session:
        amina = write_family(session, desk, "amina")
    first = keep_house(engine, desk)
    assert first.scrubbed and first.scrubbed.done
    clock.move(minutes=1)
    assert keep_house(engine, desk).scrubbed is None
    forget(engine, desk, amina.person_id)
    clock.move(minutes=1)
    assert keep_house(engine, desk).scrubbed
    assert keep_house(engine, desk).scrubbed is None


def test_a_scrub_that_a_reader_held_up_is_tried_again(
    engine: Engine, desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(engine) as session:
        write_family(session, desk, "amina", only=("address",))
    keep_house(engine, desk)
    clock.move(days=desk.rules["person"].days + 1)
    held_up = Scrubbed(("VACUUM",))
    with monkeypatch.context() as busy:
        busy.setattr("handoff.housekeeping.scrub", lambda _engine: held_up)
        done = keep_house(engine, desk)
    assert len(done.swept.people) == 1 and done.scrubbed == held_up
    again = keep_house(engine, desk)
    assert again.scrubbed == Scrubbed() and not again.swept.anything

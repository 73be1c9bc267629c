"""The short form of `tests/campaigns/many_cases.py` on both engines: every page, every query by an index, the control."""

from __future__ import annotations

from pathlib import Path

from campaigns.many_cases import Town, control, counted_anew, fill, looked_over
from sqlalchemy import Engine


def test_every_query_of_every_page_goes_by_an_index(engine: Engine, tmp_path: Path) -> None:
    town = Town(tmp_path, engine)
    fill(town.engine, town.desk, 400, town.priya)
    counted_anew(engine)
    assert looked_over(town) == []
    assert control(town) != []

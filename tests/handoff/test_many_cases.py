"""The short form of `tests/campaigns/many_cases.py`: every page, every query by an index, and the control."""

from __future__ import annotations

from pathlib import Path

from campaigns.many_cases import Town, control, fill, looked_over


def test_every_query_of_every_page_goes_by_an_index(tmp_path: Path) -> None:
    town = Town(tmp_path)
    try:
        fill(town.engine, town.desk, 400, town.priya)
        assert looked_over(town) == []
        assert control(town) != []
    finally:
        town.engine.dispose()

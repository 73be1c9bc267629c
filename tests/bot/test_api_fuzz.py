"""S1 in short: the API called at random by its own description, and a control that fails on purpose."""

from __future__ import annotations

from pathlib import Path

from campaigns.api_fuzz import fuzz, wrong
from web_states import little_app


def test_random_calls_find_no_fault(tmp_path: Path):
    found = fuzz(little_app(tmp_path), 120)
    assert found["calls"] >= 60 and wrong(found) == {}


def test_an_address_that_fails_is_caught(tmp_path: Path):
    app = little_app(tmp_path)

    @app.get("/api/broken")
    async def broken(number: int) -> dict[str, int]:
        return {"inverse": 1 // (number - number)}

    assert wrong(fuzz(app, 30)) != {}

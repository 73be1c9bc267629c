"""A council that holds surgeries."""

from __future__ import annotations

import pytest
from small_surgeries import Surgeries
from sqlalchemy import Engine

from handoff.desk import Desk


@pytest.fixture
def surgeries(engine: Engine, desk: Desk) -> Surgeries:
    return Surgeries(engine, desk)

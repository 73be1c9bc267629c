"""S2: who may do what is a file, and the file is true. Each check has the run that shows it can fail."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from authorisation import ACTORS, House, cells, house_for, mismatches, routes_of
from campaigns.cross_family import officers_pages, status_pages, town_at, without_queues
from console_house import app_for
from databases import desk_at
from small_office import Clock
from sqlalchemy import Engine, and_, true
from sqlmodel import col

from handoff.cases import changing
from handoff.database import connect
from handoff.desk import Desk
from handoff.models import Case
from handoff.rights import Acting

CELLS = list(cells())
# What the framework adds to an application made for a test.
OURS = {"GET /docs", "GET /openapi.json", "GET /redoc", "GET /docs/oauth2-redirect"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[House]:
    """On SQLite: the rule is in the query, and `tests/handoff` asks the same queries of both engines."""
    folder = tmp_path_factory.mktemp("matrix")
    shutil.copy(sqlite_template, folder / "askwell.db")
    engine = connect(f"sqlite:///{folder / 'askwell.db'}")
    yield house_for(engine, desk_at(folder, Clock()), folder)
    engine.dispose()


def declared() -> set[str]:
    return {f"{cell.method} {cell.path}" for cell in CELLS}


def test_every_route_has_a_row_and_every_row_a_route(house: House) -> None:
    assert routes_of(list(house.app.routes)) - OURS == declared(), (
        "add a row to tests/house/authorisation_matrix.yaml, or remove it"
    )


def test_a_route_without_a_row_is_found(house: House) -> None:
    """The control."""
    app = app_for(house.engine, house.desk)
    app.get("/officers/secrets")(lambda: {"open": "to all"})
    assert routes_of(list(app.routes)) - declared() - OURS == {"GET /officers/secrets"}


@pytest.mark.parametrize("actor", ACTORS)
def test_every_cell_is_as_declared(house: House, actor: str) -> None:
    assert mismatches(house, [cell for cell in CELLS if cell.actor == actor]) == []


def everything(desk: Desk, acting: Acting) -> object:
    """What `visible` would be if somebody took the queues out of it."""
    return and_(col(Case.pack) == desk.pack, true())


def test_with_the_queue_check_taken_out_the_matrix_fails(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    monkeypatch.setattr(changing, "visible", everything)
    wanted = [cell for cell in CELLS if cell.path == "/officers/cases/{case_id}" and cell.actor == "officer"]
    assert {line.split(": ")[1] for line in mismatches(house, wanted)} == {"ok, not gone"}


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_no_id_of_another_familys_case_opens_anything(engine: Engine, desk: Desk) -> None:
    """The short form of `tests/campaigns/cross_family.py`, with its control."""
    town = town_at(engine, desk, families=5)
    assert officers_pages(town, 400) == []
    assert status_pages(town, 400) == []
    assert without_queues(town, 60) != []

"""P7 in short: two separated parents of one child, random scripts, nothing of one shown to the other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from campaigns.two_households import run
from small_office import Clock
from sqlalchemy import Engine
from sqlmodel import select

from handoff.database import connect, transaction
from handoff.desk import Desk
from handoff.erasure import forget
from handoff.models import OutboxMessage, OutboxState
from handoff.outbox import Letter, put, take_due
from handoff.people import address_for
from handoff.retention import sweep_retention


@pytest.fixture
def sqlite(sqlite_template: Path, tmp_path: Path) -> Engine:
    shutil.copy(sqlite_template, tmp_path / "askwell.db")
    return connect(f"sqlite:///{tmp_path / 'askwell.db'}")


def test_nothing_of_one_parent_reaches_the_other(sqlite: Engine, tmp_path: Path) -> None:
    assert run(sqlite, tmp_path / "keys", scripts=60) == []


def test_control_finding_a_person_by_the_child_leaks(sqlite: Engine, tmp_path: Path) -> None:
    found = run(sqlite, tmp_path / "keys", scripts=4, by_child=True)
    assert {line.split(": ")[1] for line in found} >= {"page", "copy of their data"}


def test_a_letter_to_a_mailbox_that_is_another_persons_door_is_not_sent(engine: Engine, desk: Desk) -> None:
    with transaction(engine) as session:
        ben = address_for(session, desk, "email", "home@example.org")
        amina = address_for(session, desk, "web", "amina")
        for person, key in ((amina.person_id, "hers"), (ben.person_id, "his")):
            letter = Letter(key, person, "email", None, "home@example.org", key, "reply", "s", "t", "n")
            put(session, desk, letter)
    with transaction(engine) as session:
        assert [parcel.key for parcel in take_due(session, desk, "courier")] == ["his"]
        (dropped,) = session.exec(select(OutboxMessage).where(OutboxMessage.key == "hers")).all()
    assert (dropped.state, dropped.fault) == (OutboxState.DROPPED, "another_person")


def test_a_letter_to_the_mailbox_of_somebody_erased_is_not_sent_until_half_a_year_later(
    engine: Engine, desk: Desk, clock: Clock
) -> None:
    with transaction(engine) as session:
        ben = address_for(session, desk, "email", "home@example.org").person_id
    forget(engine, desk, ben)
    assert came(engine, desk, "now") == (OutboxState.DROPPED, "another_person")
    clock.move(days=181)
    with transaction(engine) as session:
        sweep_retention(session, desk)
    assert came(engine, desk, "later")[0] is OutboxState.LEASED


def came(engine: Engine, desk: Desk, key: str) -> tuple[OutboxState, str]:
    """What became of a letter to a mailbox Amina typed."""
    with transaction(engine) as session:
        person = address_for(session, desk, "web", "amina").person_id
        put(session, desk, Letter(key, person, "email", None, "home@example.org", key, "reply", "s", "t", "n"))
    with transaction(engine) as session:
        take_due(session, desk, "courier")
        row = session.exec(select(OutboxMessage).where(OutboxMessage.key == key)).one()
        return row.state, row.fault or ""

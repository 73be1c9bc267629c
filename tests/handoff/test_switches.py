"""A part of the service goes off and on again without a restart, and it is known who did it and why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from small_office import Clock
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from handoff import switches
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import AuditEntry
from handoff.switches import LOOK_SECONDS, Part, Switchboard, SwitchError, turn, turns


def switch(engine: Engine, desk: Desk, part: Part, *, off: bool, reason: str = "wrong numbers") -> None:
    with transaction(engine) as session:
        turn(session, desk, part, off=off, reason=reason, by="priya")


def test_everything_is_on_until_a_switch_is_turned(engine: Engine, desk: Desk) -> None:
    board = Switchboard(engine, desk)
    assert [board.off(part) for part in Part] == [False] * 4


@pytest.mark.parametrize("part", Part)
def test_a_turn_is_seen_within_five_seconds_without_a_restart_and_only_for_its_part(
    engine: Engine, desk: Desk, part: Part
) -> None:
    seconds = 0.0
    board = Switchboard(engine, desk, clock=lambda: seconds)
    assert not board.off(part)
    switch(engine, desk, part, off=True)
    seconds += LOOK_SECONDS
    assert LOOK_SECONDS < 5
    assert [other for other in Part if board.off(other)] == [part]
    switch(engine, desk, part, off=False)
    seconds += LOOK_SECONDS
    assert not board.off(part)


def test_the_reason_is_kept_and_the_audit_says_who(engine: Engine, desk: Desk) -> None:
    switch(engine, desk, Part.ANSWERING, off=True, reason="  The fares\n are wrong. ")
    with reading(engine) as session:
        turned = turns(session, desk)[Part.ANSWERING]
        entry = session.exec(select(AuditEntry)).one()
    assert (turned.off, turned.reason, turned.by) == (True, "The fares are wrong.", "priya")
    assert (entry.actor, entry.act, entry.subject) == ("priya", "switched_off", "answering")
    assert "fares" not in entry.detail


@pytest.mark.parametrize("reason", ["", " \n", "x" * 401])
def test_no_switch_is_turned_without_a_reason_that_fits(engine: Engine, desk: Desk, reason: str) -> None:
    with pytest.raises(SwitchError, match="Say why"):
        switch(engine, desk, Part.WEB, off=True, reason=reason)
    assert not Switchboard(engine, desk).off(Part.WEB)


def test_the_last_turn_counts_also_when_the_clock_went_back(engine: Engine, desk: Desk, clock: Clock) -> None:
    switch(engine, desk, Part.WEB, off=True)
    clock.at -= timedelta(hours=1)
    switch(engine, desk, Part.WEB, off=False)
    assert not Switchboard(engine, desk).off(Part.WEB)


def test_another_councils_switch_is_not_ours(engine: Engine, desk: Desk) -> None:
    switch(engine, desk, Part.WEB, off=True)
    other = Desk(pack="bigtown", vault=desk.vault, now=desk.now)
    assert not Switchboard(engine, other).off(Part.WEB)


def test_while_the_database_is_away_what_was_seen_last_holds(engine: Engine, desk: Desk, monkeypatch) -> None:
    seconds = 0.0
    board = Switchboard(engine, desk, clock=lambda: seconds)
    switch(engine, desk, Part.WEB, off=True)
    assert board.off(Part.WEB)

    def away(_engine: Engine) -> None:
        raise OperationalError("", {}, None)

    monkeypatch.setattr(switches, "reading", away)
    seconds += 60
    assert board.off(Part.WEB)

"""Save and return: Tom puts a check down, and only his code picks it up again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from small_office import Clock
from sqlalchemy import Engine, text

from handoff.database import reading, transaction
from handoff.desk import Desk, new_id
from handoff.saved_checks import DAYS, forget_check, new_code, save_check, saved_check

ANSWERS = '{"setting": "mainstream_school", "tried": "two cycles"}'


def kept(engine: Engine, desk: Desk) -> str:
    code = new_code(desk)
    with transaction(engine) as session:
        save_check(session, desk, ANSWERS, code)
    return code


def test_the_code_opens_it_however_it_is_typed(engine: Engine, desk: Desk) -> None:
    code = kept(engine, desk)
    with reading(engine) as session:
        for typed in (code, code.lower(), code.replace("-", ""), f" {code} "):
            assert saved_check(session, desk, typed) == ANSWERS


@pytest.mark.parametrize("typed", ["", "4F7K-9CDT", "????????", "'; drop table", "x" * 5000])
def test_another_code_opens_nothing(engine: Engine, desk: Desk, typed: str) -> None:
    kept(engine, desk)
    with reading(engine) as session:
        assert saved_check(session, desk, typed) is None


def test_another_council_finds_nothing_under_the_same_code(engine: Engine, desk: Desk) -> None:
    code = kept(engine, desk)
    with reading(engine) as session:
        assert saved_check(session, replace(desk, pack="bigtown"), code) is None


def test_after_thirty_days_it_is_gone(engine: Engine, desk: Desk, clock: Clock) -> None:
    code = kept(engine, desk)
    clock.move(days=DAYS, seconds=-1)
    with reading(engine) as session:
        assert saved_check(session, desk, code) == ANSWERS
    clock.move(seconds=1)
    with reading(engine) as session:
        assert saved_check(session, desk, code) is None


def test_tom_can_forget_it_at_once(engine: Engine, desk: Desk) -> None:
    code = kept(engine, desk)
    with transaction(engine) as session:
        assert forget_check(session, desk, code)
    with transaction(engine) as session:
        assert saved_check(session, desk, code) is None
        assert not forget_check(session, desk, code)


def test_the_table_holds_neither_the_code_nor_the_answers(engine: Engine, desk: Desk) -> None:
    code = kept(engine, desk)
    with engine.connect() as connection:
        row = repr(connection.execute(text("SELECT * FROM saved_check")).all())
    assert code not in row and code.replace("-", "") not in row
    assert "mainstream" not in row and "cycles" not in row


def test_codes_do_not_repeat(tmp_path: Path, desk: Desk) -> None:
    fresh = replace(desk, new_id=new_id)
    assert len({new_code(fresh) for _ in range(2000)}) == 2000

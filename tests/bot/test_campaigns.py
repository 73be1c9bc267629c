"""The campaigns in short, each with the control that must fail. The full forms: `PYTHONPATH=tests python -m campaigns.NAME`."""

from __future__ import annotations

from pathlib import Path

from campaigns import kill_nine, power_cuts, updates_again
from campaigns.engines import fresh_engine


def test_r4_no_power_cut_loses_or_doubles_what_was_acknowledged(tmp_path: Path) -> None:
    done = power_cuts.run(8, tmp_path)
    assert (done.cuts, done.bad) == (8, 0) and done.acknowledged


def test_r4_a_weaker_setting_loses(tmp_path: Path) -> None:
    assert power_cuts.run(4, tmp_path, synchronous="NORMAL").bad > 0


def test_r3_kill_nine_on_sqlite_loses_and_doubles_nothing(tmp_path: Path) -> None:
    done = kill_nine.on_sqlite(tmp_path, 12)
    assert done.broken == [] and done.acknowledged and done.again


def test_r3_sent_again_without_its_key_an_act_is_done_twice(tmp_path: Path) -> None:
    assert any("2 times" in line for line in kill_nine.on_sqlite(tmp_path, 12, keys=False).broken)


def test_r3_kill_nine_on_postgresql_and_its_processes_loses_and_doubles_nothing(tmp_path: Path) -> None:
    done = kill_nine.on_postgres(tmp_path, 6)
    assert done.broken == [] and done.acknowledged and done.again


def test_r5_updates_that_come_again_in_any_order_act_once(tmp_path: Path) -> None:
    with fresh_engine("sqlite", tmp_path) as engine:
        done = updates_again.run(engine, tmp_path, 120)
    assert done.wrong == [] and done.crashes and done.deliveries > done.updates


def test_r5_without_the_inbox_they_act_twice(tmp_path: Path) -> None:
    with fresh_engine("sqlite", tmp_path) as engine:
        assert updates_again.run(engine, tmp_path, 40, inbox=False).wrong

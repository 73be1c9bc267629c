"""`askwell audit verify` finds what was edited, taken out, swapped, put in, cut off, forked or put back from before."""

from __future__ import annotations

from pathlib import Path

import pytest
from campaigns.audit_tampering import BY_ASKWELL, KINDS, run, write_chain
from small_office import Clock
from sqlalchemy import Engine, delete, update
from sqlmodel import col
from typer.testing import CliRunner

from bot.cli import cli
from handoff.audit import record
from handoff.audit_check import verify
from handoff.audit_head import Head, head_file, read_head
from handoff.audit_start import trim
from handoff.database import connect, reading, transaction, upgrade
from handoff.desk import Desk
from handoff.models import AuditEntry
from handoff.vault import Vault


def faults(engine: Engine, desk: Desk, noted: Head | None = None) -> tuple[str, ...]:
    with reading(engine) as session:
        return verify(session, desk, noted).faults


def test_every_tampering_is_found_with_the_head_and_the_control_without_it_misses_some(
    engine: Engine, desk: Desk
) -> None:
    report = run(engine, desk, 140)
    assert sum(report.tried.values()) == 140 and set(report.tried) == {kind.__name__ for kind in KINDS}
    assert not +report.missed
    assert set(+report.missed_without_head) >= BY_ASKWELL


def test_a_whole_chain_is_whole_and_an_empty_one_too(engine: Engine, desk: Desk) -> None:
    assert faults(engine, desk) == ()
    write_chain(engine, desk, 3)
    assert faults(engine, desk) == ()


@pytest.mark.parametrize(("gone", "said"), [((3,), "3 to 3"), ((3, 4), "3 to 4"), ((1,), "1 to 1")])
def test_which_entries_are_missing_is_said(engine: Engine, desk: Desk, gone: tuple[int, ...], said: str) -> None:
    write_chain(engine, desk, 6)
    with transaction(engine) as session:
        session.execute(delete(AuditEntry).where(col(AuditEntry.number).in_(gone)))
    assert f"Entries are missing or out of order: {said}." in faults(engine, desk)


def test_askwell_goes_on_after_a_cut_and_the_cut_is_still_found(engine: Engine, desk: Desk) -> None:
    """The head does not follow a chain that does not go on from it, however long that chain becomes."""
    write_chain(engine, desk, 6)
    with transaction(engine) as session:
        session.execute(delete(AuditEntry).where(col(AuditEntry.number) > 2))
    for count in range(12):
        assert faults(engine, desk) != (), count
        with transaction(engine) as session:
            record(session, desk, actor="priya", act="saw", kind="case", subject=f"new{count}")
    head = read_head(desk.vault.folder, desk.pack)
    assert head is not None and head.number == 6
    assert any("rewritten or forked" in fault for fault in faults(engine, desk))


def test_a_head_that_is_behind_after_a_crash_is_no_fault_and_catches_up(engine: Engine, desk: Desk) -> None:
    write_chain(engine, desk, 2)
    path = head_file(desk.vault.folder, desk.pack)
    before = path.read_bytes()
    with transaction(engine) as session:
        record(session, desk, actor="priya", act="saw", kind="case", subject="c")
    path.write_bytes(before)
    with reading(engine) as session:
        checked = verify(session, desk)
    assert (checked.behind, checked.faults) == (1, ())
    with transaction(engine) as session:
        record(session, desk, actor="priya", act="saw", kind="case", subject="d")
    with reading(engine) as session:
        assert verify(session, desk).behind == 0


def test_a_missing_or_damaged_head_is_a_fault_and_is_not_made_anew(engine: Engine, desk: Desk) -> None:
    write_chain(engine, desk, 2)
    path = head_file(desk.vault.folder, desk.pack)
    kept = path.read_bytes()
    for damage in (b"", b"not a head", kept[:40]):
        path.write_bytes(damage)
        assert any("missing" in fault or "damaged" in fault for fault in faults(engine, desk)), damage
    path.unlink()
    with transaction(engine) as session:
        record(session, desk, actor="priya", act="saw", kind="case", subject="c")
    assert faults(engine, desk) == ("The file with the end of the chain is missing.",)


def test_a_head_noted_elsewhere_finds_what_happened_to_both_the_database_and_the_keys(
    engine: Engine, desk: Desk
) -> None:
    rows = write_chain(engine, desk, 4)
    noted = Head(rows[-1]["number"], rows[-1]["hash"])
    assert faults(engine, desk, noted) == ()
    assert any("cut off" in fault for fault in faults(engine, desk, Head(9, noted.hash)))
    assert any("rewritten" in fault for fault in faults(engine, desk, Head(4, "0" * 64)))


def test_a_chain_that_retention_shortened_is_whole_and_one_shortened_by_hand_is_not(
    engine: Engine, desk: Desk, clock: Clock
) -> None:
    write_chain(engine, desk, 3)
    clock.move(days=40 * 366)
    write_chain(engine, desk, 3)
    with transaction(engine) as session:
        assert trim(session, desk, desk.rules["audit"]) == 3
    assert faults(engine, desk) == ()
    with transaction(engine) as session:
        session.execute(delete(AuditEntry).where(col(AuditEntry.number) == 4))
    assert any("missing" in fault for fault in faults(engine, desk))


def test_the_command_says_what_is_wrong_and_ends_with_1(
    tmp_path: Path, little_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASKWELL_PACK", str(little_folder))
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "data").mkdir()
    engine = connect(f"sqlite:///{tmp_path / 'data' / 'askwell.db'}")
    upgrade(engine)
    desk = Desk(pack="littleham", vault=Vault(tmp_path / "data" / "keys"), now=Clock())
    write_chain(engine, desk, 5)
    runner = CliRunner()
    whole = runner.invoke(cli, ["audit", "verify"])
    assert whole.exit_code == 0 and "whole: 5 entries" in whole.output
    head = runner.invoke(cli, ["audit", "head"]).stdout.strip()
    assert runner.invoke(cli, ["audit", "verify", "--head", head]).exit_code == 0
    assert runner.invoke(cli, ["audit", "verify", "--head", "five"]).exit_code == 2
    with transaction(engine) as session:
        session.execute(update(AuditEntry).where(col(AuditEntry.number) == 3).values(actor="somebody"))
    broken = runner.invoke(cli, ["audit", "verify"])
    assert broken.exit_code == 1 and "Entry 3 was changed" in broken.output
    assert runner.invoke(cli, ["audit", "head"]).exit_code == 1
    engine.dispose()

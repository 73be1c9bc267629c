"""Every kind of record goes on its day, what must stay stays, and sweeping twice is sweeping once."""

from __future__ import annotations

from pathlib import Path

import pytest
from campaigns.retention_days import YEARS_31, boundary_days, run, write_each
from small_office import Clock
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, select
from whole_family import write_family

from handoff import audit
from handoff.audit_head import Head
from handoff.audit_start import start_of_chain
from handoff.data_register import data_register
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.models import AuditEntry, InboxState, Person
from handoff.retention import AFTER_CASES, CASE_RULES, SWEEPS, Swept, sweep_retention
from handoff.retention_rules import RetentionError, read_rules, standard_rules


def test_each_class_of_record_goes_on_its_day_and_a_held_one_stays(engine: Engine, desk: Desk, clock: Clock) -> None:
    assert run(engine, desk, clock, boundary_days(desk)) == []


def test_with_the_clock_standing_still_everything_stays(engine: Engine, desk: Desk, clock: Clock) -> None:
    class Stopped:
        def __call__(self, session: Session, desk: Desk) -> Swept:
            now = clock.at
            clock.at = begun
            try:
                return sweep_retention(session, desk)
            finally:
                clock.at = now

    begun = clock.at
    faults = run(engine, desk, clock, [YEARS_31 + 1], sweep=Stopped())
    kinds = {fault.split(": ")[1].split(" ")[0] for fault in faults}
    with transaction(engine) as session:
        watched = write_each(session, Desk("elsewhere", desk.vault, now=clock, new_id=desk.new_id))
    assert kinds == watched.keys() - {"held", "open"} == desk.rules.keys() - {"audit"}


def test_a_hold_that_ends_lets_the_sweep_go_on(engine: Engine, desk: Desk, clock: Clock) -> None:
    with transaction(engine) as session:
        held = write_family(
            session, desk, "held", hold_reason="tribunal", closed_at=clock.at, state="done", only=("address",)
        )
    clock.move(days=400)
    with transaction(engine) as session:
        assert sweep_retention(session, desk).people == ()
        session.get_one(Person, (desk.pack, held.person_id)).hold_reason = None
    with transaction(engine) as session:
        (gone,) = sweep_retention(session, desk).people
    assert gone.person_id == held.person_id and not desk.vault.holds(held.person_id)


def test_a_message_not_answered_yet_is_never_swept(engine: Engine, desk: Desk, clock: Clock) -> None:
    talk = ("address", "conversation", "inbox_message")
    with transaction(engine) as session:
        amina = write_family(session, desk, "amina", only=talk, state=InboxState.RECEIVED)
    clock.move(days=400)
    with transaction(engine) as session:
        assert not sweep_retention(session, desk).anything
    with reading(engine) as session:
        assert session.get(Person, (desk.pack, amina.person_id))


def test_the_audit_chain_begins_later_once_its_oldest_entries_went(engine: Engine, desk: Desk, clock: Clock) -> None:
    for _ in range(3):
        with transaction(engine) as session:
            audit.record(session, desk, actor="system", act="looked", kind="case", subject="x")
        clock.move(days=1)
    assert start_of_chain(desk) == Head(0, audit.START)
    clock.move(days=desk.rules["audit"].days - 1.5)
    with transaction(engine) as session:
        assert sweep_retention(session, desk).rows["audit"] == 2
    with reading(engine) as session:
        (entry,) = session.exec(select(AuditEntry)).all()
    assert start_of_chain(desk) == Head(2, entry.previous)
    clock.move(days=400)
    with transaction(engine) as session:
        assert sweep_retention(session, desk).rows["audit"] == 0


def test_every_table_has_a_rule_and_every_rule_is_swept() -> None:
    classes = {name: entry.rule for name, entry in data_register().tables.items()}
    assert classes.keys() == {table.name for table in SQLModel.metadata.sorted_tables}
    assert set(classes.values()) <= standard_rules().keys()
    assert standard_rules().keys() == SWEEPS.keys() | AFTER_CASES.keys() | CASE_RULES | {"person"}


def test_a_council_may_decide_otherwise_in_a_file_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "retention.yaml"
    own.write_text("rules:\n  conversation: {days: 30}\n", encoding="utf-8")
    rules = read_rules(own, standard_rules())
    assert rules["conversation"].days == 30 and rules["conversation"].why == standard_rules()["conversation"].why
    assert rules["case"] == standard_rules()["case"]


@pytest.mark.parametrize("text", ["rules: {diary: {days: 3, after: x, why: y}}", "rules: {case: {days: -1}}", "[", ""])
def test_a_file_of_rules_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    own = tmp_path / "retention.yaml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(RetentionError, match=r"retention\.yaml"):
        read_rules(own, standard_rules())


def test_a_file_of_rules_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RetentionError, match=r"missing\.yaml cannot be opened"):
        read_rules(tmp_path / "missing.yaml")

"""Erasing a person: nothing of theirs stays, nothing of anyone else is touched, and a crash anywhere is repaired."""

from __future__ import annotations

import re

import pytest
from small_office import Clock
from sqlalchemy import Engine, Table, select
from sqlmodel import SQLModel
from whole_family import Family, write_family

from handoff import ledger
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.erasure import UnknownPersonError, apply_erasures, erase, forget
from handoff.models import Case, CaseReply, Person, Priority
from handoff.personal import rows_of, tables_of_people
from handoff.vault import ErasedError


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    with reading(engine) as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table)).all()), key=repr)
            for table in SQLModel.metadata.sorted_tables
        }


def left(engine: Engine, desk: Desk, person_id: str) -> dict[str, int]:
    with reading(engine) as session:
        counts = {table.name: len(rows_of(session, desk, table, person_id)) for table in tables_of_people()}
    return {name: count for name, count in counts.items() if count}


def made(engine: Engine, desk: Desk, name: str, **changed: object) -> Family:
    with transaction(engine) as session:
        return write_family(session, desk, name, **changed)


def test_a_family_has_a_row_in_every_table_of_people(engine: Engine, desk: Desk) -> None:
    amina = made(engine, desk, "amina")
    assert set(left(engine, desk, amina.person_id)) == {table.name for table in tables_of_people()}


def test_an_erased_person_has_no_row_and_no_key_and_others_are_as_they_were(engine: Engine, desk: Desk) -> None:
    made(engine, desk, "ben")
    before = everything(engine)
    amina = made(engine, desk, "amina")
    receipt = forget(engine, desk, amina.person_id)
    after = everything(engine)
    assert after.pop("erasure") and not before.pop("erasure")
    assert after.pop("audit_entry") and not before.pop("audit_entry")
    for nobodys in ("surgery", "slot"):
        # A family made for a test brings a session of its own, which stays when the family goes.
        assert len(after.pop(nobodys)) > len(before.pop(nobodys))
    assert after == before
    assert not desk.vault.holds(amina.person_id)
    assert receipt.done and receipt.kept == () and re.fullmatch(r"E-\w{4}-\w{4}", receipt.number)


def test_where_nobody_was_ever_erased_nobody_is(engine: Engine, desk: Desk) -> None:
    amina = made(engine, desk, "amina")
    assert apply_erasures(engine, desk) == () and desk.vault.holds(amina.person_id)


def test_asked_again_the_first_receipt_is_given(engine: Engine, desk: Desk, clock: Clock) -> None:
    amina = made(engine, desk, "amina")
    first = forget(engine, desk, amina.person_id)
    clock.move(days=1)
    assert forget(engine, desk, amina.person_id) == first


def test_someone_unknown_is_not_erased(engine: Engine, desk: Desk) -> None:
    with pytest.raises(UnknownPersonError, match="known here"):
        forget(engine, desk, "nobody")


def test_another_councils_person_cannot_be_erased_from_here(engine: Engine, desk: Desk) -> None:
    elsewhere = Desk("bigtown", desk.vault, now=desk.now, new_id=desk.new_id)
    zoe = made(engine, elsewhere, "zoe")
    with pytest.raises(UnknownPersonError):
        forget(engine, desk, zoe.person_id)
    assert left(engine, elsewhere, zoe.person_id) and desk.vault.holds(zoe.person_id)


class CrashError(Exception):
    pass


def test_a_crash_before_the_commit_is_repaired_by_running_again(engine: Engine, desk: Desk) -> None:
    amina = made(engine, desk, "amina")
    with pytest.raises(CrashError), transaction(engine) as session:
        erase(session, desk, amina.person_id)
        raise CrashError
    assert len(left(engine, desk, amina.person_id)) == len(tables_of_people())
    assert desk.vault.holds(amina.person_id)
    (receipt,) = apply_erasures(engine, desk)
    assert left(engine, desk, amina.person_id) == {} and not desk.vault.holds(amina.person_id)
    assert ledger.written_down(desk)[ledger.hashed(desk, amina.person_id)].receipt == receipt.number


def test_a_crash_before_the_key_goes_is_repaired_by_running_again(
    engine: Engine, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina = made(engine, desk, "amina")
    with monkeypatch.context() as crash:
        crash.setattr("handoff.erasure._destroy_key", lambda _desk, _person_id: None)
        forget(engine, desk, amina.person_id)
    assert left(engine, desk, amina.person_id) == {} and desk.vault.holds(amina.person_id)
    assert apply_erasures(engine, desk) == ()
    assert not desk.vault.holds(amina.person_id)


def test_a_safeguarding_record_stays_with_a_new_key_and_is_named(engine: Engine, desk: Desk) -> None:
    amina = made(engine, desk, "amina", priority=Priority.SAFEGUARDING, urgent="harm")
    reference = case_of(engine, amina).reference
    receipt = forget(engine, desk, amina.person_id)
    assert [(kept.reference, kept.why) for kept in receipt.kept] == [(reference, "safeguarding_case")]
    assert left(engine, desk, amina.person_id) == {} and not desk.vault.holds(amina.person_id)
    case = case_of(engine, amina)
    assert case.person_id != amina.person_id
    assert desk.open(case.person_id, case.sealed_summary, "case.sealed_summary") == one(amina, "case.sealed_summary")
    kept = left(engine, desk, case.person_id)
    assert set(kept) == {
        "person", "address", "conversation", "inbox_message", "case", "case_event", "case_reply", "case_note", "held_reply",
    }  # fmt: skip


def test_under_a_legal_hold_nothing_goes_until_it_ends(engine: Engine, desk: Desk) -> None:
    amina = made(engine, desk, "amina", hold_reason="tribunal", held_by="id-of-priya")
    before = left(engine, desk, amina.person_id)
    receipt = forget(engine, desk, amina.person_id)
    assert not receipt.done and [kept.why for kept in receipt.kept] == ["hold"]
    assert left(engine, desk, amina.person_id) == before and desk.vault.holds(amina.person_id)
    assert apply_erasures(engine, desk) == ()
    with transaction(engine) as session:
        session.get_one(Person, (desk.pack, amina.person_id)).hold_reason = None
    (done,) = apply_erasures(engine, desk)
    assert done.number == receipt.number and left(engine, desk, amina.person_id) == {}


def test_who_comes_back_in_a_restored_backup_is_erased_again(engine: Engine, desk: Desk) -> None:
    ben, amina = made(engine, desk, "ben"), made(engine, desk, "amina")
    backup = everything(engine)
    receipt = forget(engine, desk, amina.person_id)
    restore(engine, backup)
    assert len(left(engine, desk, amina.person_id)) == len(tables_of_people())
    (again,) = apply_erasures(engine, desk)
    assert again.number == receipt.number
    assert left(engine, desk, amina.person_id) == {} and left(engine, desk, ben.person_id)
    assert apply_erasures(engine, desk) == ()


def test_a_kept_record_can_still_be_read_after_a_restore(engine: Engine, desk: Desk) -> None:
    amina = made(engine, desk, "amina", priority=Priority.SAFEGUARDING, urgent="harm")
    backup = everything(engine)
    forget(engine, desk, amina.person_id)
    restore(engine, backup)
    with pytest.raises(ErasedError):
        case = case_of(engine, amina)
        desk.open(case.person_id, case.sealed_summary, "case.sealed_summary")
    apply_erasures(engine, desk)
    case = case_of(engine, amina)
    assert desk.open(case.person_id, case.sealed_summary, "case.sealed_summary") == one(amina, "case.sealed_summary")
    with reading(engine) as session:
        reply = session.get_one(CaseReply, (desk.pack, amina.rows["case_reply"]))
    assert desk.open(reply.person_id, reply.sealed_text, "case_reply.sealed_text") == one(
        amina, "case_reply.sealed_text"
    )


def test_the_ledger_names_nobody(engine: Engine, desk: Desk) -> None:
    amina = made(engine, desk, "amina")
    forget(engine, desk, amina.person_id)
    text = (desk.vault.folder / ledger.LEDGER).read_text()
    assert amina.person_id not in text and "canary" not in text


def one(family: Family, place: str) -> str:
    (word,) = family.canaries[place]
    return word


def case_of(engine: Engine, family: Family) -> Case:
    with reading(engine) as session:
        return session.get_one(Case, ("littleham", family.rows["case"]))


def restore(engine: Engine, backup: dict[str, list[tuple[object, ...]]]) -> None:
    tables: list[Table] = SQLModel.metadata.sorted_tables
    with transaction(engine) as session:
        for table in reversed(tables):
            session.execute(table.delete())
        for table in tables:
            for row in backup[table.name]:
                session.execute(table.insert().values(row))

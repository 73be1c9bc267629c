"""Erasing a person: their rows go, then their key is destroyed, and every copy of their words is unreadable at once.

The order, and why a crash anywhere is repaired by running again (`apply_erasures`, at start-up and after a restore):

1. The ledger beside the keys gets a line, on the disk. From here on the erasure is owed, whatever happens.
2. One transaction: records the council must keep move to a new holder with a key of its own, all other rows go, and
   an `Erasure` row says so. A crash before its commit leaves everything as it was, and the ledger's line.
3. The key is destroyed after the commit: a commit that fails must not leave kept records that nobody can read.
   A crash before this leaves an `Erasure` row whose key is still there, which is how it is found.

What is left on the disk then is bytes that nobody can read; `handoff.scrub` takes those away too.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, delete, insert
from sqlmodel import Session, col, select

from handoff import audit, ledger
from handoff.bookings.leaving import leave_all
from handoff.database import after_commit, reading, transaction
from handoff.desk import Desk
from handoff.duties import HOLD, Kept, cases_to_keep
from handoff.holders import move_kept, move_kept_from_ledger
from handoff.left_mailboxes import remember_left
from handoff.models import Address, Case, Erasure, Person
from handoff.personal import tables_of_people, theirs

# No letter that is taken for a digit, and no vowel that could make a word.
LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"


class UnknownPersonError(Exception):
    """There is nobody with this id. The message says so."""


@dataclass(frozen=True)
class ErasureReceipt:
    """What an erasure did. `done` is false while a legal hold stops it; it is then carried out when the hold ends."""

    number: str
    person_id: str
    at: datetime
    kept: tuple[Kept, ...] = ()
    done: bool = True


def erase(session: Session, desk: Desk, person_id: str, by: str = "family") -> ErasureReceipt:
    """Remove this person's rows, have their key destroyed once that is committed, and say what had to be kept.

    Asked again, the first receipt. `by` is "family", "system" or an officer's id. Raises `UnknownPersonError`, and
    `RuntimeError` outside `handoff.database.transaction`.
    """
    person = _locked(session, desk, person_id)
    if person is None:
        return _receipt_of(session, desk, person_id)
    owed = ledger.written_down(desk).get(ledger.hashed(desk, person_id))
    number = owed.receipt if owed else _new_number()
    if person.hold_reason is not None:
        if owed is None:
            _owe(desk, person_id, number, "")
            audit.record(session, desk, actor=by, act="erasure_held", kind="person", subject=person_id, detail=number)
        return ErasureReceipt(number, person_id, desk.now(), (Kept("", HOLD),), done=False)
    kept = cases_to_keep(session, desk, person_id)
    holder = ""
    if kept and desk.vault.holds(person_id):
        holder = move_kept(session, desk, person, kept, number)
    elif kept and owed and owed.holder:
        holder = move_kept_from_ledger(session, desk, person, owed)
    _owe(desk, person_id, number, holder)
    leave_all(session, desk, person_id)
    remember_left(session, desk, person_id)
    for table in tables_of_people():
        session.execute(delete(table).where(theirs(table, desk.pack, person_id)))
    session.execute(insert(Erasure).values(**_row(desk, person_id, number, kept)))
    session.expire_all()
    audit.record(session, desk, actor=by, act="erased", kind="person", subject=person_id, detail=number)
    after_commit(session, lambda: _destroy_key(desk, person_id))
    return ErasureReceipt(number, person_id, desk.now(), kept)


def forget(engine: Engine, desk: Desk, person_id: str, by: str = "family") -> ErasureReceipt:
    """Erase this person in a transaction of its own. Raises `UnknownPersonError`."""
    with transaction(engine) as session:
        return erase(session, desk, person_id, by)


def apply_erasures(engine: Engine, desk: Desk) -> tuple[ErasureReceipt, ...]:
    """Finish what a crash left, and erase again whom a restored backup brought back. What was done now.

    Run it at start-up, after a restore and daily: a person whose legal hold has ended is erased here too.
    """
    _destroy_left_keys(engine, desk)
    owed = ledger.written_down(desk)
    if not owed:
        return ()
    with reading(engine) as session:
        people = session.exec(select(Person.id).where(Person.pack == desk.pack)).all()
    again = [forget(engine, desk, id, by="system") for id in people if ledger.hashed(desk, id) in owed]
    return tuple(receipt for receipt in again if receipt.done)


def _destroy_left_keys(engine: Engine, desk: Desk) -> None:
    with reading(engine) as session:
        gone = session.exec(select(Erasure.person_id).where(Erasure.pack == desk.pack)).all()
        present = set(session.exec(select(Person.id).where(Person.pack == desk.pack)).all())
    for person_id in gone:
        if person_id not in present and desk.vault.holds(person_id):
            desk.vault.destroy(person_id)


def _locked(session: Session, desk: Desk, person_id: str) -> Person | None:
    """The person, held with their doors and cases until the transaction ends, in the order other acts take them."""
    for table in (Address, Case):
        mine = select(table.id).where(table.pack == desk.pack, table.person_id == person_id)
        session.exec(mine.order_by(table.id).with_for_update()).all()
    wanted = select(Person).where(Person.pack == desk.pack, Person.id == person_id).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).first()


def _destroy_key(desk: Desk, person_id: str) -> None:
    desk.vault.destroy(person_id)


def _receipt_of(session: Session, desk: Desk, person_id: str) -> ErasureReceipt:
    mine = select(Erasure).where(Erasure.pack == desk.pack, Erasure.person_id == person_id)
    found = session.exec(mine.order_by(col(Erasure.at))).first()
    if found is None:
        raise UnknownPersonError("Nobody with this id is known here. They may never have written, or are erased.")
    kept = tuple(Kept(*item.split("=", 1)) for item in found.kept.split() if item)
    return ErasureReceipt(found.receipt, person_id, found.at, kept)


def _row(desk: Desk, person_id: str, number: str, kept: tuple[Kept, ...]) -> dict[str, object]:
    named = " ".join(f"{one.reference}={one.why}" for one in kept)
    return {
        "pack": desk.pack,
        "id": desk.new_id(),
        "person_id": person_id,
        "receipt": number,
        "kept": named[:400],
        "at": desk.now(),
    }


def _owe(desk: Desk, person_id: str, number: str, holder: str) -> None:
    line = ledger.Asked(desk.pack, ledger.hashed(desk, person_id), number, desk.now().isoformat(), holder)
    ledger.write_down(desk, line)


def _new_number() -> str:
    """Eight letters and digits that can be read out over a telephone."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"E-{drawn[:4]}-{drawn[4:]}"

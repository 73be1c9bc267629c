"""Who saw or changed what: a chain in which each entry's hash covers the one before, with its head kept outside.

An entry's hash is an HMAC-SHA256 with a key beside the families' keys, so that nobody with the database alone can
write one that fits. A chain cannot see that its own end was cut off or that an old copy was put back, so the last
number and hash are also kept in a file outside the database and its backups (RFC 6962's idea; reliability.md 8).

Entries are written as the last thing of a transaction, behind one lock for each council: so two writers never draw
the same number, and no act waits for the chain while it still wants a row that another holds.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from sqlalchemy import event, insert, text
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session, col, func, select

from handoff.audit_head import Head, HeadError, advance, head_file, read_head, replace
from handoff.database import after_commit, before_commit
from handoff.desk import Desk
from handoff.key_files import key_at
from handoff.models import AuditEntry

START = "0" * 64
PENDING = "audit.pending"
AGAIN = "audit.again"
# Codes, ids and counts. An address or a sentence in somebody's own words does not fit.
CODES = re.compile(r"[A-Za-z0-9_.:;,=>#+/() -]*")


@dataclass(frozen=True)
class _Pending:
    """One entry that waits for its number, and the transactions (a savepoint and those around it) it belongs to."""

    values: dict[str, Any]
    within: tuple[SessionTransaction, ...]


def record(session: Session, desk: Desk, *, actor: str, act: str, kind: str, subject: str, detail: str = "") -> None:
    """Note that `actor` (an officer's id, "family" or "system") did `act` to the `kind` called `subject`.

    Written with the act, or not at all. Raises `ValueError` for a detail that is more than codes, and `RuntimeError`
    outside `handoff.database.transaction`.
    """
    for word in (actor, act, kind, subject, detail):
        if not CODES.fullmatch(word):
            raise ValueError("The audit keeps ids and codes only, never what somebody wrote.")
    values = {"at": desk.now(), "actor": actor, "act": act, "kind": kind, "subject": subject, "detail": detail}
    _pending(session, desk).append(_Pending(values, _around(session)))


def begin_again(session: Session) -> None:
    """Let the head follow the chain as this transaction leaves it, whatever it was: after a restore.

    Somebody answers for it: record in the same transaction who, and why.
    """
    session.info[AGAIN] = True


def entry_hash(key: bytes, pack: str, previous: str, values: Mapping[str, Any]) -> str:
    """The hash of an entry: of everything in it, and of the hash before."""
    return hash_of(key, pack, values["number"], values["at"], tuple(values[name] for name in WORDS), previous)


def hash_of(key: bytes, pack: str, number: int, at: datetime, words: tuple[str, ...], previous: str) -> str:
    """The same from the entry's parts: `words` are those of `WORDS`, in their order."""
    fields = (pack, str(number), at.astimezone(UTC).isoformat(), *words, previous)
    return hmac.digest(key, "\x1f".join(fields).encode(), "sha256").hex()


WORDS = ("actor", "act", "kind", "subject", "detail")


def chain_key(desk: Desk) -> bytes:
    """The key of this council's chain, made when there is none."""
    return key_at(head_file(desk.vault.folder, desk.pack).with_suffix(".key"))


def last_entry(session: Session, pack: str) -> tuple[int, str]:
    """The number and hash of the last entry; 0 and the start of the chain when there is none."""
    newest = select(AuditEntry.number, AuditEntry.hash).where(AuditEntry.pack == pack)
    found = session.exec(newest.order_by(col(AuditEntry.number).desc()).limit(1)).first()
    return (found[0], found[1]) if found else (0, START)


def last_act_before(session: Session, desk: Desk, actor: str, moment: datetime) -> datetime | None:
    """When this actor last did or saw something before `moment`; none when they never did."""
    mine = select(func.max(AuditEntry.at)).where(AuditEntry.pack == desk.pack, AuditEntry.actor == actor)
    return session.exec(mine.where(col(AuditEntry.at) < moment)).one()


def _pending(session: Session, desk: Desk) -> list[_Pending]:
    """The entries of this transaction so far. A transaction is of one council."""
    waiting: list[_Pending] | None = session.info.get(PENDING)
    if waiting is None:
        before_commit(session, partial(_append, session, desk))
        waiting = session.info[PENDING] = []
        event.listen(session, "after_soft_rollback", _forget)
    return waiting


def _around(session: Session) -> tuple[SessionTransaction, ...]:
    one, found = session.get_nested_transaction() or session.get_transaction(), []
    while one is not None:
        found.append(one)
        one = one.parent
    return tuple(found)


def _forget(session: Session, undone: SessionTransaction) -> None:
    """What a savepoint took back was not done, so it is not noted either."""
    waiting: list[_Pending] = session.info[PENDING]
    waiting[:] = [entry for entry in waiting if undone not in entry.within]


def _append(session: Session, desk: Desk) -> None:
    entries: list[_Pending] = session.info[PENDING]
    if not entries:
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(f"audit:{desk.pack}".encode()).digest()[:8], signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
    key = chain_key(desk)
    number, previous = last_entry(session, desk.pack)
    goes_on = _goes_on(session, desk, Head(number, previous))
    rows = []
    for entry in entries:
        number += 1
        row = {**entry.values, "pack": desk.pack, "number": number, "previous": previous}
        row["hash"] = previous = entry_hash(key, desk.pack, previous, row)
        rows.append(row)
    session.execute(insert(AuditEntry), rows)
    note = replace if session.info.get(AGAIN) else advance
    if goes_on or note is replace:
        after_commit(session, partial(note, desk.vault.folder, desk.pack, Head(number, previous)))


def _goes_on(session: Session, desk: Desk, last: Head) -> bool:
    """Whether the chain as it stands still has the entry that the head names, and a head at all unless it is empty.

    After a cut, a fork or an old copy it has not: then the head stays where it was, however long the chain becomes,
    and `askwell audit verify` tells. A head that was not noted before a crash is on the chain, and is caught up with.
    """
    try:
        head = read_head(desk.vault.folder, desk.pack)
    except HeadError:
        return False
    if head is None or head.number >= last.number:
        return last == (head or Head(0, START))
    named = select(AuditEntry.hash).where(AuditEntry.pack == desk.pack, AuditEntry.number == head.number)
    return session.exec(named).first() == head.hash

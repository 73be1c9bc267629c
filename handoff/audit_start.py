"""Where the audit chain begins once its oldest entries were kept long enough and went: a link kept outside it."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import delete
from sqlmodel import Session, col, func, select

from handoff.audit import START
from handoff.audit_head import Head, head_file
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.key_files import sync_folder, write_through
from handoff.models import AuditEntry
from handoff.retention_rules import Rule


def start_of_chain(desk: Desk) -> Head:
    """The number and hash that the first entry still kept must follow. Entries up to that number are not checked."""
    path = _path(desk)
    if not path.exists():
        return Head(0, START)
    number, hash = path.read_text(encoding="ascii").split()
    return Head(int(number), hash)


def trim(session: Session, desk: Desk, rule: Rule) -> int:
    """Remove the entries at the chain's beginning that are older than the rule; how many. The last always stays."""
    mine = col(AuditEntry.pack) == desk.pack
    cut = rule.cut(desk.now())
    last = session.exec(select(func.max(AuditEntry.number)).where(mine)).one() or 0
    younger = select(func.min(AuditEntry.number)).where(mine, col(AuditEntry.at) > cut)
    first_kept = session.exec(younger).one() or last
    gone = session.exec(select(AuditEntry).where(mine, col(AuditEntry.number) == first_kept - 1)).first()
    if gone is None:
        return 0
    # On the disk before the rows go: a crash between leaves old entries that nobody checks, and the next sweep takes.
    _write(desk, Head(gone.number, gone.hash))
    return rows_changed(session.execute(delete(AuditEntry).where(mine, col(AuditEntry.number) < first_kept)))


def _write(desk: Desk, start: Head) -> None:
    path = _path(desk)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".start.part")
    write_through(fresh, f"{start.number} {start.hash}\n".encode(), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    fresh.replace(path)
    sync_folder(path.parent)


def _path(desk: Desk) -> Path:
    return head_file(desk.vault.folder, desk.pack).with_suffix(".start")

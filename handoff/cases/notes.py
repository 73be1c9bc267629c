"""Notes for colleagues. This module and the officers' pages are all that may read them; a family never can."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from handoff.cases.changing import By, Change, change, hold, look
from handoff.cases.words import as_written, same_again
from handoff.desk import Desk
from handoff.models import Act, Case
from handoff.models.notes import CaseNote
from handoff.rights import Acting

TEXT = "case_note.sealed_text"


@dataclass(frozen=True)
class Note:
    """A note, opened: for staff only."""

    id: str
    officer_id: str
    text: str
    at: datetime


def note(session: Session, desk: Desk, acting: Acting, case_id: str, version: int, text: str, key: str) -> Case:
    """Write a note for colleagues. Anyone who may see the case may, also when it is closed.

    The same `key` again writes nothing more. Raises `CaseError`, and `KeyReusedError` for the key with another text.
    """
    hold(session, desk, case_id)
    case = look(session, desk, acting, case_id)
    written = _by_key(session, desk, case_id, key)
    if written:
        same_again(desk.open(written.person_id, written.sealed_text, TEXT), text)
        return case
    as_written(text)
    case = change(session, desk, acting, case_id, version, Change(Act.NOTED, By.ANYONE, {}, closed=True))
    add_note(session, desk, acting, case, text, key)
    return case


def add_note(session: Session, desk: Desk, acting: Acting, case: Case, text: str, key: str) -> CaseNote:
    """The note itself, beside an act that has its own event. Raises `CaseError` for one that is empty or too long."""
    written = CaseNote(
        pack=desk.pack,
        id=desk.new_id(),
        case_id=case.id,
        person_id=case.person_id,
        officer_id=acting.officer_id,
        key=key,
        sealed_text=desk.seal(case.person_id, as_written(text), TEXT),
        at=desk.now(),
    )
    session.add(written)
    session.flush()
    return written


def notes_of(session: Session, desk: Desk, acting: Acting, case_id: str) -> tuple[Note, ...]:
    """The notes on a case, oldest first. Raises `NoSuchCaseError` for a case the officer may not see."""
    look(session, desk, acting, case_id)
    mine = select(CaseNote).where(CaseNote.pack == desk.pack, CaseNote.case_id == case_id)
    found = session.exec(mine.order_by(col(CaseNote.at), col(CaseNote.id))).all()
    return tuple(Note(one.id, one.officer_id, desk.open(one.person_id, one.sealed_text, TEXT), one.at) for one in found)


def _by_key(session: Session, desk: Desk, case_id: str, key: str) -> CaseNote | None:
    mine = select(CaseNote).where(CaseNote.pack == desk.pack, CaseNote.case_id == case_id, CaseNote.key == key)
    return session.exec(mine).first()

"""Answering a family: the owner alone, once for each press, with the clock stopped in the same transaction."""

from __future__ import annotations

from sqlmodel import Session, col, select

from handoff.cases.changing import By, Change, change, hold, look
from handoff.cases.telling import tell_reply
from handoff.cases.words import as_written, same_again
from handoff.desk import Desk
from handoff.models import Act, Case, CaseReply, Status
from handoff.rights import Acting

TEXT = "case_reply.sealed_text"


def reply(session: Session, desk: Desk, acting: Acting, case_id: str, version: int, text: str, key: str) -> Case:
    """Send the family `text`. Ownership is checked again in the update itself, at the moment of sending.

    The same `key` again sends nothing more. Raises `CaseError`, and `KeyReusedError` for the key with another text.
    """
    hold(session, desk, case_id)
    case = look(session, desk, acting, case_id)
    sent = sent_with(session, desk, case_id, key)
    if sent:
        same_again(desk.open(sent.person_id, sent.sealed_text, TEXT), text)
        return case
    words = as_written(text)
    answered = {"answered_at": desk.now(), "late_at": None, "status": Status.WORKING}
    case = change(session, desk, acting, case_id, version, Change(Act.REPLIED, By.OWNER, answered))
    written = CaseReply(
        pack=desk.pack,
        id=desk.new_id(),
        case_id=case.id,
        person_id=case.person_id,
        officer_id=acting.officer_id,
        key=key,
        sealed_text=desk.seal(case.person_id, words, TEXT),
        at=desk.now(),
    )
    session.add(written)
    session.flush()
    tell_reply(session, desk, case, written, words)
    return case


def sent_with(session: Session, desk: Desk, case_id: str, key: str) -> CaseReply | None:
    """The reply that was sent with this key, if one was."""
    mine = select(CaseReply).where(CaseReply.pack == desk.pack, CaseReply.case_id == case_id, CaseReply.key == key)
    return session.exec(mine.order_by(col(CaseReply.at))).first()

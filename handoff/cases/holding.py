"""Ten seconds to think again: a reply is held, then sent; until then its writer takes it back (ux.md O5).

Nothing reaches a family before the time is over, on any door. Sending does all that `reply` does, at that moment: who
owns the case and at which version is checked then, and a reply that cannot be sent stays with its words for its writer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, delete, select, update

from handoff.cases.changing import look
from handoff.cases.errors import CaseChangedError, CaseError, NotYoursError
from handoff.cases.replying import reply, sent_with
from handoff.cases.words import as_written
from handoff.database import rows_changed, transaction
from handoff.desk import Desk
from handoff.models import HeldReply
from handoff.officers import acting as acting_now
from handoff.receipts import KeyReusedError
from handoff.rights import Acting

TEXT = "held_reply.sealed_text"
CHANGED, REFUSED = "changed", "refused"


def hold_reply(
    session: Session, desk: Desk, acting: Acting, case_id: str, version: int, text: str, key: str, wait: timedelta
) -> datetime:
    """Hold `text` for the family, to be sent after `wait`; when that is. The same `key` again holds nothing more.

    Raises `CaseError` for what could not be sent now either.
    """
    case = look(session, desk, acting, case_id)
    mine = select(HeldReply).where(HeldReply.pack == desk.pack, HeldReply.case_id == case_id, HeldReply.key == key)
    held = session.exec(mine).first()
    if held or sent_with(session, desk, case_id, key):
        return held.due_at if held else desk.now()
    if case.version != version:
        raise CaseChangedError(version, case.version)
    if case.owner_id != acting.officer_id:
        raise NotYoursError(case.owner_id)
    row = HeldReply(
        pack=desk.pack,
        id=desk.new_id(),
        case_id=case_id,
        person_id=case.person_id,
        officer_id=acting.officer_id,
        version=version,
        key=key,
        sealed_text=desk.seal(case.person_id, as_written(text), TEXT),
        due_at=desk.now() + wait,
    )
    session.add(row)
    session.flush()
    return row.due_at


def take_back(session: Session, desk: Desk, acting: Acting, case_id: str) -> str | None:
    """The words of this officer's held reply, which is not sent any more; none when it has gone."""
    look(session, desk, acting, case_id)
    row = held_for(session, desk, acting, case_id)
    if row is None or (not row.fault and row.due_at <= desk.now()):
        return None
    gone = delete(HeldReply).where(col(HeldReply.pack) == desk.pack, col(HeldReply.id) == row.id)
    words = desk.open(row.person_id, row.sealed_text, TEXT)
    return words if rows_changed(session.execute(gone)) else None


def held_for(session: Session, desk: Desk, acting: Acting, case_id: str) -> HeldReply | None:
    """This officer's reply that waits, or that could not be sent."""
    mine = select(HeldReply).where(
        HeldReply.pack == desk.pack, HeldReply.case_id == case_id, HeldReply.officer_id == acting.officer_id
    )
    return session.exec(mine.order_by(col(HeldReply.due_at).desc())).first()


def send_held(engine: Engine, desk: Desk) -> int:
    """Send every reply whose time is over; how many went. One transaction each. Run it every second or two."""
    sent = 0
    with transaction(engine) as session:
        due = select(HeldReply.id).where(
            HeldReply.pack == desk.pack, col(HeldReply.due_at) <= desk.now(), HeldReply.fault == ""
        )
        ids = session.exec(due.order_by(col(HeldReply.due_at), col(HeldReply.id)).limit(100)).all()
    for id in ids:
        try:
            with transaction(engine) as session:
                sent += _send(session, desk, id)
        except (CaseError, KeyReusedError) as error:
            with transaction(engine) as session:
                fault = CHANGED if isinstance(error, CaseChangedError) else REFUSED
                mine = update(HeldReply).where(col(HeldReply.pack) == desk.pack, col(HeldReply.id) == id)
                session.execute(mine.values(fault=fault))
    return sent


def _send(session: Session, desk: Desk, id: str) -> int:
    row = session.exec(
        select(HeldReply).where(HeldReply.pack == desk.pack, HeldReply.id == id).with_for_update()
    ).first()
    # Taken back, or sent by another process, since the list was made.
    if row is None or row.fault:
        return 0
    writer = acting_now(session, desk, row.officer_id)
    if writer is None:
        raise NotYoursError(None)
    words = desk.open(row.person_id, row.sealed_text, TEXT)
    reply(session, desk, writer, row.case_id, row.version, words, row.key)
    session.delete(row)
    return 1

"""The status page's content: exactly what a family may see of its case, found by a link nobody can guess."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from handoff import receipts
from handoff.cases.family import Heard, close_mine, family_wrote
from handoff.cases.naming import kept_token
from handoff.cases.sealed import SHARED, SUMMARY
from handoff.cases.telling import say_about
from handoff.cases.words import as_written
from handoff.conversations import TEXT, Said, record
from handoff.desk import Desk
from handoff.models import Case, Conversation, Message, Status, Who
from handoff.promises import REOPEN_DAYS, queue_of
from handoff.vault import ErasedError
from knowledge.routing import SAFEGUARDING

CLOCK_STANDS = (Status.DONE, Status.WAITING_FOR_FAMILY)


@dataclass(frozen=True)
class FamilyMessage:
    """One message of the case as its family sees it: their own, the officer's reply, or a notice."""

    who: Who
    text: str
    at: datetime


@dataclass(frozen=True)
class FamilyView:
    """All a family may see of its case. There is no field in which a note could travel.

    `reply_by` is none when nobody is due to reply; `late` is true while a promise is broken and not yet made good.
    `said` is the status, and what follows from it, in the pack's words.
    """

    case_id: str
    reference: str
    team: str
    status: Status
    said: str
    opened_at: datetime
    reply_by: datetime | None
    late: bool
    sent: str
    shared: tuple[str, ...]
    messages: tuple[FamilyMessage, ...]
    may_add: bool
    may_close: bool
    language: str


def status_of(session: Session, desk: Desk, token: str) -> FamilyView | None:
    """What the family may see; none for a link that leads nowhere, or whose case was erased."""
    case = case_by_token(session, desk, token)
    if case is None:
        return None
    try:
        return _view(session, desk, case)
    except ErasedError:
        return None


def case_by_token(session: Session, desk: Desk, token: str) -> Case | None:
    """The case whose link this is. The database holds a hash, so looking tells nothing by how long it takes."""
    wanted = select(Case).where(Case.pack == desk.pack, Case.status_token == kept_token(token))
    return session.exec(wanted.execution_options(populate_existing=True)).first()


def add(session: Session, desk: Desk, token: str, text: str, key: str) -> Heard | None:
    """The family adds `text`, as it was typed, to its case; none for a link that leads nowhere.

    The same `key` again adds nothing. A case closed too long is left as it is, and nothing is added. Raises
    `NotNowError` for an empty text, and `KeyReusedError` for the key with another text.
    """
    case = case_by_token(session, desk, token)
    if case is None:
        return None
    words = as_written(text)
    before = receipts.earlier(session, desk, f"add:{case.id}:{key}", words)
    if before:
        return Heard[before]
    heard = family_wrote(session, desk, case.id)
    if heard is not Heard.CLOSED:
        conversation = session.get_one(Conversation, (desk.pack, case.conversation_id))
        record(session, desk, conversation, Said(Who.PERSON, words, language=case.language, case_id=case.id))
    receipts.keep(session, desk, f"add:{case.id}:{key}", words, heard.name)
    return heard


def close_by_token(session: Session, desk: Desk, token: str) -> Case | None:
    """The family closes its case; none for a link that leads nowhere. Raises `NotNowError` as `close_mine` does."""
    case = case_by_token(session, desk, token)
    return None if case is None else close_mine(session, desk, case.id)


def _view(session: Session, desk: Desk, case: Case) -> FamilyView:
    running = case.status not in CLOCK_STANDS and case.answered_at is None
    return FamilyView(
        case_id=case.id,
        reference=case.reference,
        team=queue_of(desk, case.queue).name,
        status=case.status,
        said=say_about(desk, case, f"case_status_{case.status.value}"),
        opened_at=case.opened_at,
        reply_by=case.reply_by if running else None,
        late=running and (case.late_at is not None or case.reply_by < desk.now()) and case.queue != SAFEGUARDING,
        sent=desk.open(case.person_id, case.sealed_summary, SUMMARY),
        shared=tuple(json.loads(desk.open(case.person_id, case.sealed_shared, SHARED))),
        messages=_messages(session, desk, case),
        may_add=case.closed_at is None or (desk.now() - case.closed_at).days < REOPEN_DAYS,
        may_close=case.status is not Status.DONE and case.queue != SAFEGUARDING,
        language=case.language,
    )


def _messages(session: Session, desk: Desk, case: Case) -> tuple[FamilyMessage, ...]:
    mine = select(Message).where(
        Message.pack == desk.pack, Message.case_id == case.id, Message.person_id == case.person_id
    )
    found = session.exec(mine.order_by(col(Message.number))).all()
    return tuple(FamilyMessage(one.who, desk.open(one.person_id, one.sealed_text, TEXT), one.at) for one in found)

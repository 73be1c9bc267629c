"""Questions that found no answer, half of one, or one that did not help (F12): read, settled, and told of once.

Nothing is kept beside the conversation itself: the question's words are those of its line, personal details taken
out, sealed with the family's key, and gone with it after 30 days. What is marked holds ids and codes alone. Whoever
has a case in the safeguarding queue is left out altogether.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col, func, select, update
from sqlmodel.sql.expression import SelectOfScalar

from handoff import audit, outbox
from handoff.conversations import TEXT, Said, record
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.models import Case, Conversation, Feedback, GapJoin, GapMark, Hearing, Helped, Message, Settled, Who
from handoff.vault import ErasedError, SealError
from knowledge.routing import SAFEGUARDING

# As long as a conversation is kept.
LOOKED_AT = timedelta(days=30)
MOST = 400
AT_ONCE = 200
ABSTAINED = "abstain"
GAP_ANSWERED = "gap_answered"


@dataclass(frozen=True)
class Unanswered:
    """One question, as it was asked: `why` is `not_found`, `partly` or `no`; `language` is the reply's."""

    id: str
    person_id: str
    conversation_id: str
    text: str
    why: str
    language: str
    at: datetime


def unanswered(session: Session, desk: Desk) -> list[Unanswered]:
    """The questions of the last 30 days that are open, the latest first, 400 at most."""
    since = desk.now() - LOOKED_AT
    why = dict(_not_found(session, desk, since))
    why |= {id: said for id, said in _did_not_help(session, desk, since) if id not in why}
    settled = _settled(session, desk, why)
    open_ones = [id for id in why if id not in settled][:MOST]
    found = [_opened(desk, line, why[line.answers_id or ""]) for line in _questions(session, desk, open_ones)]
    return sorted((one for one in found if one), key=lambda one: (one.at, one.id), reverse=True)


def settle(session: Session, desk: Desk, ids: Collection[str], settled: Settled, by: str, section: str = "") -> int:
    """Mark these questions as settled; how many were not before."""
    new = set(ids) - _settled(session, desk, ids)
    session.add_all(
        GapMark(pack=desk.pack, id=id, settled=settled, section=section, by=by, at=desk.now()) for id in sorted(new)
    )
    session.flush()
    if new:
        audit.record(
            session, desk, actor=by, act=f"gap_{settled}", kind="gap", subject=min(new), detail=f"questions={len(new)}"
        )
    return len(new)


def put_together(session: Session, desk: Desk, id: str, other: str, by: str) -> None:
    """An editor says that question `id` and question `other` ask the same; said again, it changes nothing."""
    if id == other or session.get(GapJoin, (desk.pack, id)) is not None:
        return
    session.add(GapJoin(pack=desk.pack, id=id, other=other, by=by, at=desk.now()))
    session.flush()
    audit.record(session, desk, actor=by, act="gap_joined", kind="gap", subject=id)


def joined(session: Session, desk: Desk, ids: Collection[str]) -> list[tuple[str, str]]:
    """Of these questions, which ones editors put together."""
    mine = select(GapJoin.id, GapJoin.other).where(GapJoin.pack == desk.pack)
    return [pair for chunk in _chunks(list(ids)) for pair in session.exec(mine.where(col(GapJoin.id).in_(chunk))).all()]


@dataclass(frozen=True)
class Answered:
    """A text that answers what was not answered before: how many questions it settled, and when last."""

    section: str
    questions: int
    at: datetime


def answered_since(session: Session, desk: Desk, since: datetime) -> list[Answered]:
    """The texts that settled questions since then, the most questions first. Nobody's words are in it."""
    said = (
        select(GapMark.section, func.count(), func.max(GapMark.at))
        .where(GapMark.pack == desk.pack, col(GapMark.at) >= since)
        .where(GapMark.settled == Settled.ANSWERED, GapMark.section != "")
        .group_by(GapMark.section)
    )
    found = [Answered(section, number, at) for section, number, at in session.exec(said).all()]
    return sorted(found, key=lambda one: (-one.questions, one.section))


def ask_to_hear(session: Session, desk: Desk, person_id: str, message_id: str) -> bool:
    """Remember that this person wants to hear when their own question has an answer; False when it is not theirs."""
    mine = select(Message).where(
        Message.pack == desk.pack, col(Message.answers_id) == message_id, Message.person_id == person_id
    )
    line = session.exec(mine.where(Message.who == Who.ASSISTANT)).first()
    if line is None:
        return False
    if session.get(Hearing, (desk.pack, message_id)) is None:
        row = Hearing(
            pack=desk.pack,
            id=message_id,
            person_id=person_id,
            conversation_id=line.conversation_id,
            language=line.language,
            made_at=desk.now(),
        )
        session.add(row)
        session.flush()
    return True


def asked_to_hear(session: Session, desk: Desk, ids: Collection[str]) -> set[str]:
    """Of these questions, those whose people asked to hear, told or not."""
    return set(session.exec(_hearing(), params={"our": desk.pack, "asked": list(ids)}).all()) if ids else set()


@cache
def _hearing() -> SelectOfScalar[str]:
    # Made once: each page asks this.
    wanted = col(Hearing.id).in_(bindparam("asked", expanding=True))
    return select(Hearing.id).where(Hearing.pack == bindparam("our"), wanted)


def waiting_to_hear(session: Session, desk: Desk, ids: Collection[str]) -> set[str]:
    """Of these questions, those whose people asked to hear and have not been told."""
    mine = select(Hearing.id).where(Hearing.pack == desk.pack, col(Hearing.told_at).is_(None))
    return {id for chunk in _chunks(list(ids)) for id in session.exec(mine.where(col(Hearing.id).in_(chunk))).all()}


def tell_of_answer(session: Session, desk: Desk, id: str, answer: str, sections: tuple[str, ...], by: str) -> bool:
    """Tell whoever asked question `id` what the answer is now, and send word to their doors; True the first time.

    The words go into their own conversation; a letter says no more than that there is an answer.
    """
    mine = update(Hearing).where(col(Hearing.pack) == desk.pack, col(Hearing.id) == id, col(Hearing.told_at).is_(None))
    if not rows_changed(session.execute(mine.values(told_at=desk.now()))):
        return False
    row = session.get_one(Hearing, (desk.pack, id), populate_existing=True)
    talk = session.get(Conversation, (desk.pack, row.conversation_id))
    if talk is not None:
        text = f"{desk.say('gap_answered', row.language)}\n\n{answer}"
        said = Said(Who.ASSISTANT, text, status=GAP_ANSWERED, sections=sections, language=row.language)
        record(session, desk, talk, said)
    outbox.tell(
        session,
        desk,
        row.person_id,
        key=f"gap:{id}",
        line=row.conversation_id,
        kind="gap_answered",
        subject=desk.say("gap_subject", row.language),
        text=desk.say("gap_letter", row.language),
        neutral=desk.say("letter_neutral", row.language),
        link=desk.link("/"),
        language=row.language,
    )
    audit.record(session, desk, actor=by, act="gap_told", kind="gap", subject=id)
    return True


def _not_found(session: Session, desk: Desk, since: datetime) -> Iterator[tuple[str, str]]:
    said = select(Message.answers_id).where(
        Message.pack == desk.pack,
        col(Message.at) >= since,
        Message.who == Who.ASSISTANT,
        Message.outcome == ABSTAINED,
        col(Message.answers_id).is_not(None),
        ~_at_risk(desk),
    )
    for id in session.exec(said.order_by(col(Message.at).desc()).limit(MOST)).all():
        yield str(id), "not_found"


def _did_not_help(session: Session, desk: Desk, since: datetime) -> Iterator[tuple[str, str]]:
    said = select(Feedback.id, Feedback.helped).where(
        Feedback.pack == desk.pack, col(Feedback.at) >= since, Feedback.helped != Helped.YES
    )
    for id, helped in session.exec(said.order_by(col(Feedback.at).desc()).limit(MOST)).all():
        yield id, "partly" if helped is Helped.PARTLY else "no"


def _questions(session: Session, desk: Desk, ids: Sequence[str]) -> Iterator[Message]:
    asked = select(Message).where(Message.pack == desk.pack, Message.who == Who.PERSON, ~_at_risk(desk))
    for chunk in _chunks(ids):
        yield from session.exec(asked.where(col(Message.answers_id).in_(chunk))).all()


def _settled(session: Session, desk: Desk, ids: Collection[str]) -> set[str]:
    mine = select(GapMark.id).where(GapMark.pack == desk.pack)
    return {id for chunk in _chunks(list(ids)) for id in session.exec(mine.where(col(GapMark.id).in_(chunk))).all()}


def _at_risk(desk: Desk) -> ColumnElement[bool]:
    """The lines of whoever has a case in the safeguarding queue. Looked up once, not for every line."""
    people = select(Case.person_id).where(Case.pack == desk.pack, Case.queue == SAFEGUARDING)
    return col(Message.person_id).in_(people)


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]


def _opened(desk: Desk, line: Message, why: str) -> Unanswered | None:
    try:
        text = desk.open(line.person_id, line.sealed_text, TEXT)
    except (ErasedError, SealError):
        return None
    return Unanswered(line.answers_id or "", line.person_id, line.conversation_id, text, why, line.language, line.at)

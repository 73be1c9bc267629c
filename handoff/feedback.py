"""Whether answers help: said by families under an answer, read by officers with the gaps (ux.md W5, O8).

What is kept says nothing about who said it (`handoff.models.feedback`). Every act runs in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import bindparam
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from handoff.conversations import TEXT
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.models import Feedback, Helped, Lacking, Message, Who
from handoff.vault import ErasedError, SealError

# Nobody is asked what they think once no officer has looked for this long: a control says that somebody reads it.
UNREAD = timedelta(days=14)


def say_if_it_helped(
    session: Session, desk: Desk, channel: str, message_id: str, helped: Helped, lacking: Lacking = Lacking.NOT_SAID
) -> bool:
    """Keep what was said of the answer to this message; said again, the later word counts.

    False when the message has no answer, or has been swept or erased. The caller has made sure that it is theirs.
    """
    told = _answer_to(session, desk, message_id)
    if told is None:
        return False
    row = session.get(Feedback, (desk.pack, message_id))
    if row is None:
        row = Feedback(pack=desk.pack, id=message_id, channel=channel, helped=helped, at=desk.now())
    row.helped, row.lacking = helped, Lacking.NOT_SAID if helped is Helped.YES else lacking
    row.outcome, row.status, row.sections = told.outcome or "", told.status or "", told.sections
    row.language, row.at, row.seen_at = told.language, desk.now(), None
    session.add(row)
    session.flush()
    return True


def said_of(session: Session, desk: Desk, message_ids: Collection[str]) -> dict[str, Feedback]:
    """What was said of the answers to these messages, by the message's id."""
    rows = session.exec(_about(), params={"our": desk.pack, "messages": list(message_ids)}).all()
    return {row.id: row for row in rows}


def said_since(session: Session, desk: Desk, since: datetime) -> Sequence[Feedback]:
    """What has been said of answers from `since` on, the latest first. For officers."""
    wanted = select(Feedback).where(Feedback.pack == desk.pack, col(Feedback.at) >= since)
    return session.exec(wanted.order_by(col(Feedback.at).desc(), col(Feedback.id))).all()


def question_of(session: Session, desk: Desk, feedback: Feedback) -> str | None:
    """The question's words, personal details taken out; none once the conversation is swept or erased."""
    asked = select(Message).where(
        Message.pack == desk.pack, col(Message.answers_id) == feedback.id, Message.who == Who.PERSON
    )
    line = session.exec(asked).first()
    try:
        return desk.open(line.person_id, line.sealed_text, TEXT) if line else None
    except (ErasedError, SealError):
        return None


def mark_seen(session: Session, desk: Desk, until: datetime) -> int:
    """An officer has looked at what was said up to `until`; how many of it were new."""
    new = update(Feedback).where(
        col(Feedback.pack) == desk.pack, col(Feedback.at) <= until, col(Feedback.seen_at).is_(None)
    )
    return rows_changed(session.execute(new.values(seen_at=desk.now())))


def is_read(session: Session, desk: Desk) -> bool:
    """Whether officers look at what is said: nothing has waited for them for `UNREAD` (14 days)."""
    return session.exec(_waits(), params={"our": desk.pack, "since": desk.now() - UNREAD}).first() is None


@cache
def _about() -> SelectOfScalar[Feedback]:
    # These two are made once: each page asks them.
    wanted = col(Feedback.id).in_(bindparam("messages", expanding=True))
    return select(Feedback).where(Feedback.pack == bindparam("our"), wanted)


@cache
def _waits() -> SelectOfScalar[str]:
    old = (col(Feedback.seen_at).is_(None), col(Feedback.at) <= bindparam("since"))
    return select(Feedback.id).where(Feedback.pack == bindparam("our"), *old).limit(1)


def _answer_to(session: Session, desk: Desk, message_id: str) -> Message | None:
    told = select(Message).where(
        Message.pack == desk.pack, col(Message.answers_id) == message_id, Message.who == Who.ASSISTANT
    )
    return session.exec(told).first()

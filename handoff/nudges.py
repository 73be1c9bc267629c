"""Owners of sources hear when one is past its review date: once for each date, and no more once somebody has checked.

The letter names the team and how many of its pages wait. It goes to the editors who see the team's queue, and to every
editor where there is none: nobody else can mark a page as checked.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from handoff.content import EDITORS
from handoff.database import reading, transaction
from handoff.desk import Desk
from handoff.documents import watches
from handoff.models import Officer, OfficerQueue, OutboxMessage, OutboxState, SourceWatch
from handoff.officers import officers
from handoff.staff_letters import tell_officer
from knowledge.article import Source
from knowledge.working_hours import LONDON

KIND = "review_due"


def nudge_owners(engine: Engine, desk: Desk, sources: Iterable[Source]) -> int:
    """One round: letters to the owners of what is past its review date and was not told of; how many. Run it hourly.

    A letter that still waits for a team whose pages were all checked meanwhile is dropped.
    """
    today = desk.now().astimezone(LONDON).date()
    past = [source for source in sources if source.past_review(today)]
    with reading(engine) as session:
        known = watches(session, desk)
    owed: dict[str, list[Source]] = defaultdict(list)
    for source in past:
        if not _was_told(source, known):
            owed[source.owner].append(source)
    with transaction(engine) as session:
        _drop_checked(session, desk, {source.owner for source in past})
        return sum(_tell(session, desk, owner, owed[owner]) for owner in sorted(owed))


def _was_told(source: Source, known: Mapping[str, SourceWatch]) -> bool:
    row = known.get(source.id)
    # A later check sets a later date, and what was told before that date is another reminder.
    return bool(row and row.nudged_at and row.nudged_at.astimezone(LONDON).date() > source.review_by)


def _tell(session: Session, desk: Desk, owner: str, sources: Sequence[Source]) -> int:
    team = desk.queues[owner].name if owner in desk.queues else owner
    words = desk.say(KIND, "en", team=team, count=str(len(sources)))
    which = hashlib.sha256(repr(sorted((one.id, one.review_by) for one in sources)).encode()).hexdigest()[:32]
    readers = _editors_of(session, desk, owner)
    for officer in readers:
        tell_officer(
            session,
            desk,
            officer,
            # Two processes that look at once write one letter.
            key=f"{KIND}:{officer.id}:{which}",
            line=_line(officer, owner),
            kind=KIND,
            words=words,
            path="/officers/knowledge?state=stale",
        )
    if readers:
        for source in sources:
            _note(session, desk, source)
    return len(readers)


def _note(session: Session, desk: Desk, source: Source) -> None:
    now = desk.now()
    row = session.get(SourceWatch, (desk.pack, source.id))
    row = row or SourceWatch(pack=desk.pack, id=source.id, url=(source.url or "")[:2000], asked_at=now)
    row.nudged_at = now
    session.add(row)


def _editors_of(session: Session, desk: Desk, owner: str) -> list[Officer]:
    editors = [one for one in officers(session, desk) if one.role in EDITORS]
    seeing = select(OfficerQueue.officer_id).where(OfficerQueue.pack == desk.pack, OfficerQueue.queue == owner)
    theirs = set(session.exec(seeing).all())
    return [one for one in editors if one.id in theirs] or editors


def _line(officer: Officer, owner: str) -> str:
    return f"{officer.id}:{owner}"[:64]


def _drop_checked(session: Session, desk: Desk, still: set[str]) -> None:
    waiting = select(OutboxMessage).where(
        OutboxMessage.pack == desk.pack,
        OutboxMessage.kind == KIND,
        OutboxMessage.state == OutboxState.WAITING,
        col(OutboxMessage.attempts) == 0,
    )
    for letter in session.exec(waiting.with_for_update(skip_locked=True)).all():
        if letter.line.partition(":")[2] not in still:
            letter.state, letter.fault = OutboxState.DROPPED, "checked"
            session.add(letter)

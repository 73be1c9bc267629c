"""Versions of the pack's texts: drafted, applied and read back. `knowledge` reads files and knows nothing of them.

Applying writes a number that only goes up; every process that answers sees it and takes the newer text in
(`bot.shelf`). The text itself has been checked by then: what cannot be read is never applied.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, func, select, update

from handoff import audit
from handoff.database import rows_changed
from handoff.desk import Desk
from handoff.models import ContentVersion, OfficerRole, VersionState
from handoff.retention_rules import Rule
from handoff.rights import Acting
from handoff.switches import Part, turns
from knowledge.sources.holding import FOLDER, Tombstone, from_text

EDITORS = frozenset({OfficerRole.EDITOR, OfficerRole.ADMIN})
# What decides about a child: four eyes.
RULES = "rules/"
DOCUMENTS = f"{FOLDER}/"
LONGEST = 400_000
LONGEST_WHY = 400
INGESTION_OFF = "Taking in new text is switched off. An administrator turns it on under Settings."


class ContentError(Exception):
    """The text was not kept or applied. The message says why, and what to do."""


class ContentChangedError(ContentError):
    """A colleague changed the same file meanwhile."""


def may_edit(acting: Acting) -> bool:
    """Editors and administrators change texts."""
    return acting.role in EDITORS


def hash_of(text: str) -> str:
    """What a version says it was made from."""
    return hashlib.sha256(text.encode()).hexdigest()


def draft(
    session: Session, desk: Desk, acting: Acting, path: str, text: str, was: str, why: str, subject: str = ""
) -> ContentVersion:
    """A draft of the file at `path`, made from the text `was`. It changes nothing. Raises `ContentError`."""
    _check(acting)
    said = " ".join(why.replace("\x00", " ").split())
    if not said or len(said) > LONGEST_WHY:
        raise ContentError("Say why, in 400 characters or fewer. The reason is kept with the text.")
    if text == was:
        raise ContentError("Nothing in the text was changed.")
    if len(text) > LONGEST or "\x00" in text:
        raise ContentError("The text is too long, or holds a character that no file may hold.")
    row = ContentVersion(
        pack=desk.pack,
        id=desk.new_id(),
        path=path,
        subject=subject,
        text=text,
        base=hash_of(was),
        why=said,
        by=acting.officer_id,
        made_at=desk.now(),
    )
    session.add(row)
    session.flush()
    audit.record(session, desk, actor=acting.officer_id, act="drafted", kind="content", subject=row.id)
    return row


def apply_draft(session: Session, desk: Desk, acting: Acting, id: str, now_in_use: str) -> ContentVersion:
    """From now on Askwell answers from this draft. `now_in_use` is the file's text as the pack has it today.

    Raises `ContentChangedError` when that is not the text it was made from, and `ContentError`.
    """
    _check(acting)
    turned = turns(session, desk).get(Part.INGESTION)
    if turned and turned.off:
        raise ContentError(INGESTION_OFF)
    row = session.get(ContentVersion, (desk.pack, id))
    if row is None or row.state is VersionState.DROPPED:
        raise ContentError("This draft is not there any more.")
    if row.state is VersionState.APPLIED:
        return row
    if row.path.startswith(RULES) and row.by == acting.officer_id:
        raise ContentError("Rules are put to use by a second person. Ask another editor or administrator.")
    if row.base != hash_of(now_in_use):
        raise ContentChangedError("A colleague changed this text meanwhile. Open it again and make your change anew.")
    values = {"state": VersionState.APPLIED, "number": newest(session, desk) + 1}
    values |= {"applied_by": acting.officer_id, "applied_at": desk.now()}
    mine = update(ContentVersion).where(
        col(ContentVersion.pack) == desk.pack,
        col(ContentVersion.id) == id,
        col(ContentVersion.state) == VersionState.DRAFT,
    )
    try:
        with session.begin_nested():
            done = session.execute(mine.values(**values).execution_options(synchronize_session=False))
    except IntegrityError as error:
        raise ContentChangedError("A colleague applied another text at this moment. Press again.") from error
    if not rows_changed(done):
        raise ContentChangedError("A colleague was first. Open the text again to see what became of it.")
    session.refresh(row)
    if row.path.startswith(DOCUMENTS) and isinstance(from_text(row.text), Tombstone):
        _forget_words(session, desk, row)
    audit.record(session, desk, actor=acting.officer_id, act="applied", kind="content", subject=id)
    return row


def _forget_words(session: Session, desk: Desk, tombstone: ContentVersion) -> None:
    """What was taken out is in no earlier version either: that there were some stays, and what they said goes."""
    others = update(ContentVersion).where(
        col(ContentVersion.pack) == desk.pack,
        col(ContentVersion.path) == tombstone.path,
        col(ContentVersion.id) != tombstone.id,
    )
    session.execute(others.values(text=tombstone.text).execution_options(synchronize_session=False))
    drafted = others.where(col(ContentVersion.state) == VersionState.DRAFT)
    session.execute(drafted.values(state=VersionState.DROPPED).execution_options(synchronize_session=False))


def drop(session: Session, desk: Desk, acting: Acting, id: str) -> None:
    """The draft is not wanted any more. What was applied stays: it is replaced by a newer version instead."""
    _check(acting)
    mine = update(ContentVersion).where(
        col(ContentVersion.pack) == desk.pack,
        col(ContentVersion.id) == id,
        col(ContentVersion.state) == VersionState.DRAFT,
    )
    if rows_changed(session.execute(mine.values(state=VersionState.DROPPED))):
        audit.record(session, desk, actor=acting.officer_id, act="dropped", kind="content", subject=id)


def newest(session: Session, desk: Desk) -> int:
    """The number of what was applied last; 0 when the pack is as its files are."""
    found = select(func.max(ContentVersion.number)).where(ContentVersion.pack == desk.pack)
    return int(session.exec(found).one() or 0)


def in_use(session: Session, desk: Desk) -> dict[str, str]:
    """The text of every file that officers changed, by its path in the pack."""
    applied = (ContentVersion.pack == desk.pack, ContentVersion.state == VersionState.APPLIED)
    last = select(func.max(ContentVersion.number)).where(*applied).group_by(col(ContentVersion.path))
    rows = select(ContentVersion).where(*applied, col(ContentVersion.number).in_(last))
    return {row.path: row.text for row in session.exec(rows).all()}


def history(session: Session, desk: Desk, subject: str, limit: int = 20) -> Sequence[ContentVersion]:
    """What was drafted and applied of one subject (a section, a source), the latest first."""
    mine = select(ContentVersion).where(ContentVersion.pack == desk.pack, ContentVersion.subject == subject)
    return session.exec(mine.order_by(col(ContentVersion.made_at).desc(), col(ContentVersion.id)).limit(limit)).all()


def drafts(session: Session, desk: Desk) -> Sequence[ContentVersion]:
    """What waits to be applied, the latest first."""
    mine = select(ContentVersion).where(ContentVersion.pack == desk.pack, ContentVersion.state == VersionState.DRAFT)
    return session.exec(mine.order_by(col(ContentVersion.made_at).desc()).limit(50)).all()


def forget_old(session: Session, desk: Desk, rule: Rule) -> int:
    """Versions that a later one replaced long ago, and old drafts; how many went. What is in use stays."""
    mine, cut = col(ContentVersion.pack) == desk.pack, rule.cut(desk.now())
    applied = col(ContentVersion.state) == VersionState.APPLIED
    last = select(func.max(ContentVersion.number)).where(mine, applied).group_by(col(ContentVersion.path))
    old = (col(ContentVersion.made_at) <= cut) & (~applied | col(ContentVersion.number).not_in(last))
    return rows_changed(session.execute(delete(ContentVersion).where(mine, old)))


def _check(acting: Acting) -> None:
    if not may_edit(acting):
        raise ContentError("Editors and administrators change texts. Ask one of them.")

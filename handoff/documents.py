"""Real documents on their way into the pack: what waits for an editor, what was decided, and when each was asked for.

The words themselves are versions of the pack's files (`handoff.content`), one file a document: what is approved is
answered from, what waits changes nothing, and of what was taken out no word is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select, update

from handoff import audit
from handoff.content import DOCUMENTS, ContentError, apply_draft, hash_of, in_use
from handoff.desk import Desk
from handoff.models import ContentVersion, OfficerRole, SourceWatch, VersionState
from handoff.rights import Acting
from knowledge.sources.holding import Held, Shelf, Tombstone, as_text, from_text, path_of
from knowledge.working_hours import LONDON

LONGEST = 6_000_000
# Who puts text to use that need not wait: nobody, by the pack's own rule.
BY_RULE = Acting("system", OfficerRole.EDITOR, frozenset())


@dataclass(frozen=True)
class Waiting:
    """A document, or the end of one, that waits for an editor; `before` is what is in use."""

    version: ContentVersion
    one: Held | Tombstone
    before: Held | None


def in_the_pack(session: Session, desk: Desk, own: Shelf) -> Shelf:
    """Every document as it is in use: the pack's own files with what was decided since laid over them."""
    held, gone = dict(own.held), dict(own.gone)
    for path, text in in_use(session, desk).items():
        if not path.startswith(DOCUMENTS):
            continue
        one = from_text(text)
        held.pop(one.id, None)
        gone.pop(one.id, None)
        if isinstance(one, Held):
            held[one.id] = one
        else:
            gone[one.id] = one
    return Shelf(held, gone)


def propose(
    session: Session, desk: Desk, one: Held | Tombstone, was: str, why: str, by: str = "system"
) -> ContentVersion:
    """A draft of the document, in the place of any that waited. `was` is the text in use. Raises `ContentError`."""
    drop_waiting(session, desk, one.id)
    row = _version(session, desk, one, was, why, by)
    audit.record(session, desk, actor=by, act="proposed", kind="document", subject=one.id)
    return row


def mark_checked(
    session: Session, desk: Desk, acting: Acting, held: Held, was: str, name: str, review_by: date
) -> ContentVersion:
    """A person compared the document with the live page today, and says so by name. Raises `ContentError`."""
    if waiting_for(session, desk, Shelf({}, {}), held.id):
        raise ContentError("The page has changed since, and its new words wait. Look at those instead.")
    today = desk.now().astimezone(LONDON).date()
    seen = replace(held, checked=today, checked_by=name, review_by=review_by)
    row = _version(session, desk, seen, was, "Compared with the live page", acting.officer_id)
    return apply_draft(session, desk, acting, row.id, was)


def _version(session: Session, desk: Desk, one: Held | Tombstone, was: str, why: str, by: str) -> ContentVersion:
    text = as_text(one)
    if len(text) > LONGEST:
        raise ContentError("The document holds far more text than can be kept.")
    row = ContentVersion(
        pack=desk.pack,
        id=desk.new_id(),
        path=path_of(one.id),
        subject=f"document:{one.id}",
        text=text,
        base=hash_of(was),
        why=" ".join(why.split())[:400] or "Read",
        by=by,
        made_at=desk.now(),
    )
    session.add(row)
    session.flush()
    return row


def drop_waiting(session: Session, desk: Desk, id: str) -> None:
    """What waited for this document is not wanted any more."""
    mine = update(ContentVersion).where(
        col(ContentVersion.pack) == desk.pack,
        col(ContentVersion.path) == path_of(id),
        col(ContentVersion.state) == VersionState.DRAFT,
    )
    session.execute(mine.values(state=VersionState.DROPPED).execution_options(synchronize_session=False))


def waiting(session: Session, desk: Desk, shelf: Shelf, limit: int = 1_000) -> list[Waiting]:
    """What waits, the latest first."""
    mine = select(ContentVersion).where(
        ContentVersion.pack == desk.pack,
        ContentVersion.state == VersionState.DRAFT,
        col(ContentVersion.path).startswith(DOCUMENTS),
    )
    rows = session.exec(mine.order_by(col(ContentVersion.made_at).desc(), col(ContentVersion.id)).limit(limit)).all()
    read = ((row, from_text(row.text)) for row in rows)
    return [Waiting(row, one, shelf.held.get(one.id)) for row, one in read]


def waiting_for(session: Session, desk: Desk, shelf: Shelf, id: str) -> Waiting | None:
    """What waits for one document."""
    return next((one for one in waiting(session, desk, shelf) if one.one.id == id), None)


def approve(
    session: Session, desk: Desk, acting: Acting, waits: Waiting, was: str, allowed: Sequence[str] = ()
) -> ContentVersion:
    """Answer from the document from now on, or take it out for good. Raises `ContentError`.

    `allowed` are numbers, emails and links in it that the editor lets through.
    """
    if isinstance(waits.one, Held) and allowed:
        let = replace(waits.one, allowed=tuple(dict.fromkeys((*waits.one.allowed, *allowed))))
        waits.version.text = as_text(let)
        session.add(waits.version)
        session.flush()
    return apply_draft(session, desk, acting, waits.version.id, was)


def watches(session: Session, desk: Desk) -> dict[str, SourceWatch]:
    """What is known of each followed document, by its id."""
    rows = session.exec(select(SourceWatch).where(SourceWatch.pack == desk.pack)).all()
    return {row.id: row for row in rows}


def note(session: Session, desk: Desk, id: str, url: str, **seen: object) -> None:
    """Write down what became of asking for a document. `seen` are fields of `SourceWatch`."""
    row = session.get(SourceWatch, (desk.pack, id)) or SourceWatch(pack=desk.pack, id=id, url=url, asked_at=desk.now())
    row.url, row.asked_at = url, desk.now()
    for name, value in seen.items():
        setattr(row, name, value)
    session.add(row)
    session.flush()


def last_asked(rows: Mapping[str, SourceWatch]) -> datetime | None:
    """When anything was asked for last."""
    return max((row.asked_at for row in rows.values()), default=None)

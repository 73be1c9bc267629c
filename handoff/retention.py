"""The daily sweep: each kind of record goes when its rule says so. Running it again changes nothing.

A person under a legal hold keeps everything. A case is swept with all that hangs on it, and what belongs to a case
still kept waits for the case. What has not been dealt with (an open case, a message not answered, a letter not sent)
is never swept: it is in somebody's queue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import ColumnElement, delete, exists, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel, col, func, select

from handoff.audit_start import trim
from handoff.bookings.ageing import SWEEPS as BOOKING_SWEEPS
from handoff.content import forget_old
from handoff.database import after_commit, rows_changed
from handoff.desk import Desk
from handoff.erasure import ErasureReceipt, erase
from handoff.models import (
    Case,
    ChatUpdate,
    ChatUpdateState,
    Conversation,
    Erasure,
    Feedback,
    GapJoin,
    GapMark,
    Hearing,
    InboxMessage,
    InboxState,
    JoinLink,
    LeftMailbox,
    Message,
    Officer,
    OfficerQueue,
    OfficerSession,
    OffSwitch,
    OutboxMessage,
    OutboxState,
    Person,
    Receipt,
    SavedCheck,
    SchoolAccess,
    SchoolLink,
    SchoolSession,
    SignInTry,
    SourceWatch,
)
from handoff.personal import PERSON, tables_of_people
from handoff.retention_rules import Rule, Rules, rule_of_case


@dataclass(frozen=True)
class Swept:
    """How many rows of each class went, and the people of whom nothing was left."""

    rows: dict[str, int] = field(default_factory=dict)
    people: tuple[ErasureReceipt, ...] = ()

    @property
    def anything(self) -> bool:
        """True when something went, and the files want a scrub."""
        return bool(self.people) or any(self.rows.values())


def sweep_retention(session: Session, desk: Desk) -> Swept:
    """Remove what has been kept long enough; with a person of whom nothing is left, their key too."""
    rows = {name: sweep(session, desk, desk.rules[name]) for name, sweep in SWEEPS.items()}
    rows |= _cases(session, desk, desk.rules)
    rows |= {name: sweep(session, desk, desk.rules[name]) for name, sweep in AFTER_CASES.items()}
    return Swept(rows, _people(session, desk, desk.rules["person"]))


def _conversations(session: Session, desk: Desk, rule: Rule) -> int:
    """Lines said long ago, and conversations nobody has gone on with since; never those of a case."""
    cut = rule.cut(desk.now())
    in_case = select(Case.conversation_id).where(Case.pack == desk.pack)
    lines = (col(Message.pack) == desk.pack, col(Message.at) <= cut, col(Message.conversation_id).not_in(in_case))
    gone = _delete(session, Message, *lines, ~_held(Message))
    old = select(Conversation.id).where(
        Conversation.pack == desk.pack, col(Conversation.last_at) <= cut, ~_held(Conversation)
    )
    ids = session.exec(old.where(col(Conversation.id).not_in(in_case), ~_unanswered())).all()
    return gone + _with_what_hangs_on(session, desk, "conversation", ids)


def _inbox(session: Session, desk: Desk, rule: Rule) -> int:
    in_case = select(Case.conversation_id).where(Case.pack == desk.pack)
    evidence = col(InboxMessage.urgent).is_not(None) & col(InboxMessage.conversation_id).in_(in_case)
    gone = _delete(
        session,
        InboxMessage,
        col(InboxMessage.pack) == desk.pack,
        col(InboxMessage.received_at) <= rule.cut(desk.now()),
        col(InboxMessage.state) != InboxState.RECEIVED,
        ~evidence,
        ~_held(InboxMessage),
    )
    return gone + _delete(
        session,
        ChatUpdate,
        col(ChatUpdate.pack) == desk.pack,
        col(ChatUpdate.received_at) <= rule.cut(desk.now()),
        col(ChatUpdate.state).in_((ChatUpdateState.SENT, ChatUpdateState.FAILED)),
        ~_held(ChatUpdate),
    )


def _join_links(session: Session, desk: Desk, rule: Rule) -> int:
    ended = (col(JoinLink.pack) == desk.pack, col(JoinLink.expires_at) <= rule.cut(desk.now()))
    return _delete(session, JoinLink, *ended, ~_held(JoinLink))


def _left_mailboxes(session: Session, desk: Desk, rule: Rule) -> int:
    old = (col(LeftMailbox.pack) == desk.pack, col(LeftMailbox.left_at) <= rule.cut(desk.now()))
    return _delete(session, LeftMailbox, *old)


def _outbox(session: Session, desk: Desk, rule: Rule) -> int:
    settled = col(OutboxMessage.state).in_((OutboxState.SENT, OutboxState.DROPPED))
    when = func.coalesce(OutboxMessage.sent_at, OutboxMessage.made_at)
    return _letters(session, desk, settled, when <= rule.cut(desk.now()))


def _outbox_dead(session: Session, desk: Desk, rule: Rule) -> int:
    dead = col(OutboxMessage.state) == OutboxState.DEAD
    return _letters(session, desk, dead, col(OutboxMessage.made_at) <= rule.cut(desk.now()))


def _letters(session: Session, desk: Desk, *which: ColumnElement[bool]) -> int:
    return _delete(session, OutboxMessage, col(OutboxMessage.pack) == desk.pack, *which, ~_held(OutboxMessage))


def _receipts(session: Session, desk: Desk, rule: Rule) -> int:
    return _delete(session, Receipt, col(Receipt.pack) == desk.pack, col(Receipt.at) <= rule.cut(desk.now()))


def _tries(session: Session, desk: Desk, rule: Rule) -> int:
    return _delete(session, SignInTry, col(SignInTry.pack) == desk.pack, col(SignInTry.at) <= rule.cut(desk.now()))


def _feedback(session: Session, desk: Desk, rule: Rule) -> int:
    return _delete(session, Feedback, col(Feedback.pack) == desk.pack, col(Feedback.at) <= rule.cut(desk.now()))


def _gaps(session: Session, desk: Desk, rule: Rule) -> int:
    cut = rule.cut(desk.now())
    gone = _delete(session, GapMark, col(GapMark.pack) == desk.pack, col(GapMark.at) <= cut)
    gone += _delete(session, GapJoin, col(GapJoin.pack) == desk.pack, col(GapJoin.at) <= cut)
    return gone + _delete(
        session, Hearing, col(Hearing.pack) == desk.pack, col(Hearing.made_at) <= cut, ~_held(Hearing)
    )


def _saved_checks(session: Session, desk: Desk, rule: Rule) -> int:
    ended = col(SavedCheck.expires_at) <= rule.cut(desk.now())
    return _delete(session, SavedCheck, col(SavedCheck.pack) == desk.pack, ended)


def _sessions(session: Session, desk: Desk, rule: Rule) -> int:
    ended = col(OfficerSession.expires_at) <= rule.cut(desk.now())
    gone = _delete(session, OfficerSession, col(OfficerSession.pack) == desk.pack, ended)
    held = select(SchoolAccess.id).where(SchoolAccess.pack == desk.pack, _held(SchoolAccess))
    for table in (SchoolSession, SchoolLink):
        over = (col(table.expires_at) <= rule.cut(desk.now()), col(table.access_id).not_in(held))
        gone += _delete(session, table, col(table.pack) == desk.pack, *over)
    return gone


def _schools(session: Session, desk: Desk, rule: Rule) -> int:
    ended = select(SchoolAccess.id).where(
        SchoolAccess.pack == desk.pack, col(SchoolAccess.ends_at) <= rule.cut(desk.now()), ~_held(SchoolAccess)
    )
    ids = session.exec(ended).all()
    for table in (SchoolSession, SchoolLink):
        _delete(session, table, col(table.pack) == desk.pack, col(table.access_id).in_(ids))
    return _delete(session, SchoolAccess, col(SchoolAccess.pack) == desk.pack, col(SchoolAccess.id).in_(ids))


def _officers(session: Session, desk: Desk, rule: Rule) -> int:
    left = select(Officer.id).where(Officer.pack == desk.pack, col(Officer.left_at) <= rule.cut(desk.now()))
    ids = session.exec(left).all()
    for table in (OfficerSession, OfficerQueue):
        _delete(session, table, col(table.pack) == desk.pack, col(table.officer_id).in_(ids))
    for id in ids:
        # The key of their second step.
        after_commit(session, partial(_destroy_key, desk, id))
    return _delete(session, Officer, col(Officer.pack) == desk.pack, col(Officer.id).in_(ids))


def _destroy_key(desk: Desk, id: str) -> None:
    desk.vault.destroy(id)


def _switches(session: Session, desk: Desk, rule: Rule) -> int:
    """Turns that a later turn of the same switch replaced long ago: how a switch stands now is never forgotten."""
    later = aliased(OffSwitch)
    replaced = exists().where(
        col(later.pack) == col(OffSwitch.pack),
        col(later.what) == col(OffSwitch.what),
        col(later.at) > col(OffSwitch.at),
        col(later.at) <= rule.cut(desk.now()),
    )
    old = session.exec(select(OffSwitch.id).where(OffSwitch.pack == desk.pack, replaced)).all()
    return _delete(session, OffSwitch, col(OffSwitch.pack) == desk.pack, col(OffSwitch.id).in_(old))


def _source_watches(session: Session, desk: Desk, rule: Rule) -> int:
    long_ago = col(SourceWatch.asked_at) <= rule.cut(desk.now())
    return _delete(session, SourceWatch, col(SourceWatch.pack) == desk.pack, long_ago)


def _erasures(session: Session, desk: Desk, rule: Rule) -> int:
    return _delete(session, Erasure, col(Erasure.pack) == desk.pack, col(Erasure.at) <= rule.cut(desk.now()))


def _cases(session: Session, desk: Desk, rules: Rules) -> dict[str, int]:
    closed = select(Case).where(Case.pack == desk.pack, col(Case.closed_at).is_not(None), ~_held(Case))
    gone: dict[str, list[str]] = {name: [] for name in sorted(CASE_RULES)}
    for case in session.exec(closed).all():
        rule = rule_of_case(rules, case)
        if case.closed_at is not None and case.closed_at <= rule.cut(desk.now()):
            gone[rule.name].append(case.id)
    return {name: _with_what_hangs_on(session, desk, "case", ids) for name, ids in gone.items()}


def _people(session: Session, desk: Desk, rule: Rule) -> tuple[ErasureReceipt, ...]:
    """Erase those who have not been here for long and of whom nothing is left but their doors."""
    long_ago = select(Person.id).where(
        Person.pack == desk.pack, col(Person.seen_at) <= rule.cut(desk.now()), col(Person.hold_reason).is_(None)
    )
    for table in tables_of_people():
        if table.name not in ONLY_DOORS and "person_id" in table.c:
            long_ago = long_ago.where(
                ~exists().where(table.c.pack == col(Person.pack), table.c.person_id == col(Person.id))
            )
    return tuple(erase(session, desk, person_id, by="system") for person_id in session.exec(long_ago).all())


CASE_RULES = frozenset({"case", "complaint_case", "data_complaint", "safeguarding_case"})
ONLY_DOORS = frozenset({PERSON, "address", "join_link"})
Sweep = Callable[[Session, Desk, Rule], int]
SWEEPS: dict[str, Sweep] = {
    "join_link": _join_links,
    "left_mailbox": _left_mailboxes,
    "outbox": _outbox,
    "outbox_dead": _outbox_dead,
    "receipt": _receipts,
    "try": _tries,
    "feedback": _feedback,
    "content": forget_old,
    "source_watch": _source_watches,
    "gap": _gaps,
    "saved_check": _saved_checks,
    "session": _sessions,
    "school": _schools,
    "officer": _officers,
    "switch": _switches,
    "erasure": _erasures,
    "audit": trim,
    **BOOKING_SWEEPS,
}
AFTER_CASES: dict[str, Sweep] = {"inbox": _inbox, "conversation": _conversations}


def _with_what_hangs_on(session: Session, desk: Desk, parent: str, ids: Sequence[str]) -> int:
    """Delete these rows of `parent` and every row that points to them; a mere mention of them is emptied."""
    whole = SQLModel.metadata.tables[parent]
    column = f"{parent}_id"
    for table in tables_of_people():
        if column not in table.c:
            continue
        its = (table.c.pack == desk.pack) & table.c[column].in_(ids)
        hangs = any(one.referred_table is whole for one in table.foreign_key_constraints)
        session.execute(delete(table).where(its) if hangs else update(table).where(its).values({column: None}))
    return rows_changed(session.execute(delete(whole).where(whole.c.pack == desk.pack, whole.c.id.in_(ids))))


def _unanswered() -> ColumnElement[bool]:
    return exists().where(
        col(InboxMessage.pack) == col(Conversation.pack),
        col(InboxMessage.conversation_id) == col(Conversation.id),
        col(InboxMessage.state) == InboxState.RECEIVED,
    )


def _held(
    table: type[
        Conversation | Message | InboxMessage | ChatUpdate | JoinLink | OutboxMessage | Case | SchoolAccess | Hearing
    ],
) -> ColumnElement[bool]:
    return exists().where(
        col(Person.pack) == col(table.pack),
        col(Person.id) == col(table.person_id),
        col(Person.hold_reason).is_not(None),
    )


def _delete(session: Session, table: type[SQLModel], *which: ColumnElement[bool]) -> int:
    return rows_changed(session.execute(delete(table).where(*which)))

"""A conversation as its page shows it: what was asked, the kept replies, and what officers wrote, in order of time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache

from sqlalchemy import bindparam
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from bot.keeping import reply_from_text, standing_from_text, waiting_from_text
from bot.messages import Chosen, Reply
from bot.taken_out import STATUS, is_gone, without_taken_out
from bot.web.site import Site
from handoff.conversations import TEXT as LINE_TEXT
from handoff.conversations import latest_at, state_of
from handoff.database import reading
from handoff.feedback import is_read, said_of
from handoff.gaps import GAP_ANSWERED, asked_to_hear
from handoff.inbox import TEXT, reply_of
from handoff.models import Conversation, Feedback, InboxMessage, InboxState, Message, Who
from handoff.people import known_address
from handoff.vault import ErasedError, SealError

CHANNEL = "web"
MOST = 40


@dataclass(frozen=True)
class Turn:
    """A question with its reply, or words from the council: an officer's, or a `notice` of what became of a request.

    `reply` is none while the message waits; `message_id` is the question's, as the inbox keeps it. `helped` and
    `lacking` are what was said of the answer; `asks_back` says whether to ask. `hears` when they asked to hear of one.
    """

    number: int
    at: datetime
    text: str
    reply: Reply | None = None
    redacted: bool = False
    officer: bool = False
    notice: bool = False
    team: str = ""
    failed: bool = False
    message_id: str = ""
    helped: str = ""
    lacking: str = ""
    asks_back: bool = False
    hears: bool = False


@dataclass(frozen=True)
class Transcript:
    """What is said at one door. With no conversation yet, nothing. `kept` says that the records hold all of it."""

    turns: tuple[Turn, ...] = ()
    conversation_id: str | None = None
    person_id: str | None = None
    language: str = "en"
    case_id: str | None = None
    chosen: Chosen = field(default_factory=Chosen)
    kept: bool = True

    @property
    def last(self) -> int:
        return self.turns[-1].number if self.turns else 0


def transcript_of(site: Site, session: str | None, after: int = 0) -> Transcript:
    """The conversation of a browser's session: its last `MOST` turns, those `after` a number alone, at least the last.

    Empty where there is none. Writes nothing.
    """
    if session is None:
        return Transcript()
    with reading(site.front.office.engine) as db:
        conversation = _conversation(db, site, session)
        if conversation is None:
            return Transcript()
        try:
            turns = _turns(db, site, conversation, after)
            chosen = standing_from_text(state_of(site.desk, conversation)).chosen
        except (ErasedError, SealError):
            # Erased a moment ago by another page of the same browser.
            return Transcript()
        return Transcript(
            turns, conversation.id, conversation.person_id, conversation.language, conversation.case_id, chosen
        )


def conversation_id_of(site: Site, session: str | None) -> str | None:
    """The conversation of a browser's session, by its id, without opening a word of it."""
    if session is None:
        return None
    with reading(site.front.office.engine) as db:
        conversation = _conversation(db, site, session)
        return conversation.id if conversation is not None else None


def _conversation(db: Session, site: Site, session: str) -> Conversation | None:
    address = known_address(db, site.desk, CHANNEL, session)
    # A person's doors share one conversation: what was asked in a chat goes on here, once this browser was joined.
    return latest_at(db, site.desk, address) if address is not None else None


def _turns(db: Session, site: Site, conversation: Conversation, after: int) -> tuple[Turn, ...]:
    desk = site.desk
    this = {"our": desk.pack, "conversation": conversation.id}
    asked, wrote = db.exec(_asked(), params=this).all(), db.exec(_wrote(), params=this).all()
    both: list[InboxMessage | Message] = sorted([*asked, *wrote], key=_when)
    numbered = list(enumerate(both, start=1))[min(-1, max(-MOST, after - len(both))) :]
    turns = tuple(_turn(site, number, row) for number, row in numbered)
    ids = [turn.message_id for turn in turns if turn.message_id]
    said, hears = said_of(db, desk, ids), asked_to_hear(db, desk, ids)
    asks = is_read(db, desk)
    told = (_with_what_was_said(turn, said.get(turn.message_id), asks) for turn in turns)
    return tuple(replace(turn, hears=turn.message_id in hears) for turn in told)


@cache
def _asked() -> SelectOfScalar[InboxMessage]:
    # These two are made once: each page asks them.
    mine = (InboxMessage.pack == bindparam("our"), InboxMessage.conversation_id == bindparam("conversation"))
    return select(InboxMessage).where(*mine).order_by(col(InboxMessage.position))


@cache
def _wrote() -> SelectOfScalar[Message]:
    mine = (Message.pack == bindparam("our"), Message.conversation_id == bindparam("conversation"))
    council = (Message.who != Who.PERSON, col(Message.case_id).is_not(None) | (col(Message.status) == GAP_ANSWERED))
    return select(Message).where(*mine, *council).order_by(col(Message.number))


def _with_what_was_said(turn: Turn, said: Feedback | None, asks: bool) -> Turn:
    if said is None:
        return replace(turn, asks_back=asks)
    return replace(turn, asks_back=asks, helped=said.helped.value, lacking=said.lacking.value)


def _when(row: InboxMessage | Message) -> datetime:
    return row.received_at if isinstance(row, InboxMessage) else row.at


def _turn(site: Site, number: int, row: InboxMessage | Message) -> Turn:
    desk = site.desk
    if isinstance(row, Message):
        text = desk.open(row.person_id, row.sealed_text, LINE_TEXT)
        if row.who is Who.ASSISTANT and any(is_gone(section, site.pack.gone) for section in row.sections.split()):
            text = site.pack.phrases.say(STATUS, row.language)
        return Turn(number, row.at, text, officer=True, notice=row.who is not Who.OFFICER, team=site.pack.council)
    said = waiting_from_text(desk.open(row.person_id, row.sealed_text, TEXT)).incoming
    kept = reply_of(desk, row)
    return Turn(
        number=number,
        at=row.received_at,
        text=said.text,
        reply=without_taken_out(reply_from_text(kept), site.pack.gone, site.pack.phrases) if kept is not None else None,
        redacted=row.redacted,
        failed=row.state is InboxState.FAILED,
        message_id=row.id,
    )

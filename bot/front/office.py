"""What every act of the front desk works with."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, NoResultFound
from sqlmodel import Session

from bot.assistant import Assistant
from bot.messages import Arrived, Outcome, Reply
from handoff.database import clashed, transaction
from handoff.desk import Desk
from handoff.inbox import Lease
from handoff.models import Address
from handoff.spool import Spool
from handoff.switches import Switchboard

Result = TypeVar("Result")
TRIES = 3
# G2: help for someone at risk is said within a second, also while the database is locked.
SOON_SECONDS = 0.7


@dataclass(frozen=True)
class Office:
    """The database, the council's desk, who answers, and where a cry for help waits while the database is away.

    `switches` says which parts of the service the council has off.
    """

    engine: Engine
    desk: Desk
    assistant: Assistant
    spool: Spool
    switches: Switchboard
    sleep: Callable[[float], None] = time.sleep
    soon: float = SOON_SECONDS

    def say(self, key: str, language: str = "en", **values: str) -> str:
        """A phrase of the council's pack."""
        return self.assistant.engine.pack.phrases.say(key, language, **values)


@dataclass(frozen=True)
class Kept:
    """A message that is safe. `reply` is what was said to it, once something was; `id` is its row's.

    `lease` when it was taken for answering in the same commit.
    """

    id: str
    conversation_id: str
    new: bool
    language: str = "en"
    reply: Reply | None = None
    lease: Lease | None = None


class NotNowError(Exception):
    """The database does not answer. `reply` says so in words, and whether the message is `kept`; try again soon."""

    retry_after = 10

    def __init__(self, reply: Reply, *, kept: bool) -> None:
        super().__init__(reply.heading)
        self.reply = reply
        self.kept = kept


def not_now(office: Office, language: str, *, kept: bool) -> NotNowError:
    """What to raise while the database is away."""
    key = "kept_no_answer_yet" if kept else "not_kept"
    return NotNowError(plain_reply(office, key, language, status=key), kept=kept)


def plain_reply(office: Office, key: str, language: str, status: str) -> Reply:
    """One sentence of the product's own."""
    return Reply(outcome=Outcome.ABSTAIN, status=status, language=language, heading=office.say(key, language))


def act(office: Office, work: Callable[[Session], Result]) -> Result:
    """`work` in one transaction, tried again when another writer was first."""
    for left in reversed(range(TRIES)):
        try:
            with transaction(office.engine) as session:
                return work(session)
        except NoResultFound:
            # The person erased themselves at another door meanwhile: they come in again as somebody new.
            if not left:
                raise
        except DBAPIError as error:
            # A lock that was waited for in vain stays one: only what is settled by now is worth another try.
            if not left or not clashed(error) or "is locked" in str(error.orig):
                raise
    raise AssertionError("the last try returns or raises")


def message_key(address: Address, message_id: str) -> str:
    """The id a message is kept under. Another person's door can never name it, whatever id it sends."""
    return key_at(address.id, message_id)


def key_at(address_id: str, message_id: str) -> str:
    """The same, from the door's id."""
    return hashlib.sha256(f"{address_id}:{message_id}".encode("utf-8", "replace")).hexdigest()


def language_of(arrived: Arrived) -> str:
    """The language to explain ourselves in before the message was read."""
    return (arrived.choices.language or "en").lower().split("-")[0]

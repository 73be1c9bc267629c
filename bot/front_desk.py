"""The front desk: the one place where every channel brings a message and fetches what was said to it.

A message is kept under its unique id before it is acknowledged, then answered; one turn is one transaction. The same
message again gives the stored reply and does nothing. A conversation's messages are answered in the order they came.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine

from bot.assistant import Assistant
from bot.front import acts, alarms, arriving, failing, handing_over, turns
from bot.front.handing_over import HandedOver, HandOver, Offer
from bot.front.office import SOON_SECONDS, Kept, NotNowError, Office, language_of, not_now, plain_reply
from bot.messages import Arrived, Chosen, Reply
from handoff import inbox
from handoff.cases import Contact
from handoff.conversations import Line
from handoff.database import UNAVAILABLE, reading
from handoff.desk import Desk
from handoff.models import InboxState
from handoff.spool import Spool
from handoff.switches import Switchboard

__all__ = ["FrontDesk", "HandOver", "HandedOver", "Kept", "NotNowError", "Offer"]
PAUSE_SECONDS = 0.05
PATIENCE = 400
ALARM_THREADS = 4
# A worker that died holds a message for `inbox.LEASE_SECONDS`; what waits longer than this is nobody's.
STUCK_SECONDS = 5


class FrontDesk:
    """What a channel talks to. Safe to call from many threads and many processes at once."""

    def __init__(
        self,
        engine: Engine,
        desk: Desk,
        assistant: Assistant,
        spool: Spool,
        *,
        switches: Switchboard | None = None,
        sleep: Callable[[float], None] = time.sleep,
        patience: int = PATIENCE,
        soon: float = SOON_SECONDS,
    ) -> None:
        self.office = Office(engine, desk, assistant, spool, switches or Switchboard(engine, desk), sleep, soon)
        self.patience = patience
        self.crew = ThreadPoolExecutor(ALARM_THREADS, thread_name_prefix="alarm")

    def receive(self, arrived: Arrived) -> Kept:
        """Keep the message: once this returns it is safe, and the channel may say so. Raises `NotNowError`.

        A message about someone at risk is never refused: it comes back with the help to give at once.
        """
        return self._received(arrived, taken=False)

    def work(self, conversation_id: str) -> int:
        """Answer what waits in the conversation, in order; how many messages were settled. Raises `NotNowError`."""
        try:
            return len(turns.work(self.office, conversation_id))
        except UNAVAILABLE as error:
            raise not_now(self.office, "en", kept=True) from error

    def reply(self, arrived: Arrived) -> Reply:
        """Keep the message and answer it. Raises `NotNowError`, which says whether the message is kept.

        While another worker has it, this waits for that worker's reply, and in the end says that one will follow.
        """
        kept = self._received(arrived, taken=True)
        try:
            return kept.reply or self._answered(arrived, kept)
        except UNAVAILABLE as error:
            raise not_now(self.office, language_of(arrived), kept=True) from error

    def choose(self, channel: str, address: str, chosen: Chosen) -> None:
        """Remember a role, a language or easy words for every later message at this door. Raises `NotNowError`."""
        try:
            arriving.choose(self.office, channel, address, chosen)
        except UNAVAILABLE as error:
            raise not_now(self.office, chosen.language or "en", kept=False) from error

    def lines(self, channel: str, address: str, limit: int = 50) -> tuple[Line, ...]:
        """What was said in the conversation at this door, oldest first. Raises `NotNowError`."""
        try:
            with reading(self.office.engine) as session:
                return arriving.lines(session, self.office, channel, address, limit)
        except UNAVAILABLE as error:
            raise not_now(self.office, "en", kept=True) from error

    def offer(self, channel: str, address: str, queue: str | None = None) -> Offer:
        """What to show before a person asks for one: the team, by when it replies, what could be shared.

        Raises `handoff.promises.UnknownQueueError` and `NotNowError`.
        """
        return handing_over.offer(self.office, channel, address, queue)

    def hand_over(self, wanted: HandOver) -> HandedOver:
        """Open a case for a person to answer, once under its key; by when, and where to look.

        Raises `UnknownQueueError`, `handoff.receipts.KeyReusedError` and `NotNowError`; a message about someone at risk
        raises nothing and comes back with the help to give.
        """
        return handing_over.hand_over(self.office, self.crew, wanted)

    def reach_me(self, channel: str, address: str, contact: Contact) -> bool:
        """Add a way to reach the person to their newest open case; False when there is none. Raises `NotNowError`."""
        return handing_over.reach_me(self.office, channel, address, contact)

    def sweep(self) -> int:
        """Take up what waits although nobody works on it: alarms on the disk first, then stuck conversations.

        How many messages were settled. Raises what the database raises while it is away.
        """
        settled = alarms.sweep(self.office)
        with reading(self.office.engine) as session:
            waiting = inbox.stuck(session, self.office.desk, timedelta(seconds=STUCK_SECONDS))
        return settled + sum(len(turns.work(self.office, conversation)) for conversation in waiting)

    def close(self) -> None:
        """Let what is under way end. What is not done by then is taken up after the next start."""
        self.crew.shutdown()

    def _received(self, arrived: Arrived, *, taken: bool) -> Kept:
        waiting = arriving.hidden(self.office, arrived)
        if waiting.incoming.urgent:
            return alarms.raise_alarm(self.office, self.crew, arrived, waiting)
        return arriving.keep(self.office, arrived, waiting, taken=taken)

    def _answered(self, arrived: Arrived, kept: Kept) -> Reply:
        lease = kept.lease
        for _ in range(self.patience):
            settled = turns.work(self.office, kept.conversation_id, lease)
            reply, lease = settled.get(kept.id) or self._reply_to(arrived.channel, kept), None
            if reply is not None:
                return reply
            self.office.sleep(PAUSE_SECONDS)
        return plain_reply(self.office, "answer_follows", kept.language, status="answer_follows")

    def _reply_to(self, channel: str, kept: Kept) -> Reply | None:
        with reading(self.office.engine) as session:
            row = inbox.find(session, self.office.desk, channel, kept.id)
            told = None if row else acts.told_of_erasure(session, self.office, kept.id)
        if told:
            return told
        if row is None or row.state is InboxState.FAILED:
            return failing.could_not_answer(self.office, kept.language)
        return arriving.as_kept(self.office, row, kept.language, new=kept.new).reply

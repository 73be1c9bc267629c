"""A real mail server of our own that keeps what it takes and misbehaves on request, and senders with a memory."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.senders.email import EmailSender, mail_address, mail_server
from handoff.outbox import Parcel


@dataclass
class PostOffice:
    """Takes mail. `at_recipient` and `at_data` answer in its place: a code, or a name of something worse."""

    at_recipient: str | None = None
    at_data: str | None = None
    took: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, to: str, options: Any) -> str:  # noqa: N802
        if self.at_recipient:
            return self.at_recipient
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.at_data == "drop before":
            server.transport.close()
            return "421 gone"
        if self.at_data == "silence":
            await asyncio.sleep(30)
        if self.at_data and self.at_data[0].isdigit():
            return self.at_data
        self.took.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.recipients += envelope.rcpt_tos
        if self.at_data == "drop after":
            server.transport.close()
        return "250 OK"


@contextmanager
def open_post_office(**how: str) -> Iterator[PostOffice]:
    """The office, open on a port of its own until the block ends."""
    office = PostOffice(**how)  # type: ignore[arg-type]
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    served = asyncio.run_coroutine_threadsafe(_serve(office), loop).result()
    office.port = served.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        asyncio.run_coroutine_threadsafe(_close(served), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _serve(office: PostOffice) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: SMTP(office, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)


async def _close(served: asyncio.Server) -> None:
    served.close()
    waiting = asyncio.all_tasks() - {asyncio.current_task()}
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


def email_sender(port: int, now: Callable[[], Any], seconds: float = 5.0) -> EmailSender:
    return EmailSender(
        mail_server(f"smtp://127.0.0.1:{port}"), mail_address("askwell@littleham.example"), "Littleham", now, seconds
    )


@dataclass
class Remembering:
    """A sender that remembers what it sent, and fails as `fails` says: an exception to raise, by letter."""

    channel: str = "email"
    fails: Callable[[Parcel], Exception | None] = lambda parcel: None
    sent: list[Parcel] = field(default_factory=list)

    async def send(self, parcel: Parcel) -> None:
        fault = self.fails(parcel)
        if fault:
            raise fault
        self.sent.append(parcel)

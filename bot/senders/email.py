"""Letters by email. The same letter sent twice carries the same Message-ID, so that a repeat shows as one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.senders.outcomes import DoorClosed, Refused, RetryLater
from handoff.outbox import Parcel

SECONDS = 20.0
# RFC 3463: addressing status 1 (no such mailbox, domain or system), 6 (moved); and RFC 5321 for servers without them.
GONE = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")


class MailAddressError(ValueError):
    """The mail server's or the sender's address cannot be read. The message says what to write."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in. With a password, never without encryption."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"


def mail_server(url: str) -> MailServer:
    """`smtp://[user:password@]host[:587]` (encrypted when the server offers it, and always with a password), or
    `smtps://…[:465]`. Raises `MailAddressError`."""
    wrong = "ASKWELL_SMTP_URL cannot be read. Write smtp://user:password@host:587 or smtps://user:password@host:465."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise MailAddressError(wrong) from error
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise MailAddressError(wrong)
    tls = parts.scheme == "smtps"
    user = unquote(parts.username) if parts.username else None
    password = unquote(parts.password) if parts.password else None
    return MailServer(parts.hostname, port or (465 if tls else 587), user, password, tls)


def mail_address(text: str) -> Address:
    """One mailbox, such as askwell@example.org. Raises `MailAddressError`."""
    try:
        address = Address(addr_spec=text.strip())
    except (ValueError, IndexError, AttributeError, MessageError) as error:
        raise MailAddressError("This is not one email address, like askwell@example.org.") from error
    if address.domain.startswith("[") or ("." not in address.domain and address.domain != "localhost"):
        raise MailAddressError("This is not one email address, like askwell@example.org.")
    return address


@dataclass(frozen=True)
class EmailSender:
    """Hands letters to a mail server. `from_name` is what a person sees as the sender: keep it neutral."""

    server: MailServer
    from_address: Address
    from_name: str
    now: Callable[[], datetime]
    seconds: float = SECONDS
    channel: str = "email"

    async def send(self, parcel: Parcel) -> None:
        """Raises `RetryLater`, `DoorClosed` and `Refused`."""
        message = self.message(parcel)
        server = self.server
        try:
            await aiosmtplib.send(
                message,
                hostname=server.host,
                port=server.port,
                username=server.user,
                password=server.password,
                use_tls=server.tls,
                start_tls=True if server.password and not server.tls else None,
                timeout=self.seconds,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refused(error.recipients[0]) from None
        except (aiosmtplib.SMTPAuthenticationError, aiosmtplib.SMTPSenderRefused) as error:
            # Our own settings are at fault, not the letter: it must not die of them.
            raise RetryLater(code=f"smtp_settings_{error.code}") from None
        except aiosmtplib.SMTPResponseException as error:
            raise _refused(error) from None
        except aiosmtplib.SMTPNotSupported:
            raise Refused("smtp_not_supported") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise RetryLater(code=f"smtp_{type(error).__name__}") from None

    def message(self, parcel: Parcel) -> EmailMessage:
        """The letter as an email. Raises `Refused` when its address is not one mailbox."""
        try:
            to = mail_address(parcel.to)
        except MailAddressError:
            raise DoorClosed("bad_address") from None
        message = EmailMessage()
        message["From"] = Address(self.from_name, addr_spec=self.from_address.addr_spec)
        message["To"] = to
        message["Subject"] = " ".join(parcel.subject.split())
        message["Date"] = self.now()
        message["Message-ID"] = f"<{hashlib.sha256(parcel.key.encode()).hexdigest()[:32]}@{self.from_address.domain}>"
        # RFC 3834: holiday notices do not answer it.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(f"{parcel.text}\n\n{parcel.link}\n" if parcel.link else f"{parcel.text}\n")
        message["Content-Language"] = parcel.language
        return message


def _refused(answer: aiosmtplib.SMTPResponseException) -> RetryLater | DoorClosed | Refused:
    code = f"smtp_{answer.code}"
    if answer.code < 500:
        return RetryLater(code=code)
    if answer.message.lstrip().startswith(GONE) or answer.code == 551:
        return DoorClosed(code)
    return Refused(code)

"""Which channels letters leave by, as the settings say."""

from __future__ import annotations

from bot.senders.email import EmailSender, MailAddressError, mail_address, mail_server
from bot.senders.log import LogSender
from bot.senders.outcomes import Sender
from bot.settings import Settings
from handoff.desk import Desk
from handoff.staff_letters import STAFF

EMAIL_OFF = (
    "Email is off: letters by email wait and are listed by 'askwell outbox list'. "
    "ASKWELL_SMTP_URL and ASKWELL_SMTP_FROM turn it on."
)
LETTERS_LOGGED = "Letters are not sent, only counted (ASKWELL_LOG_LETTERS): for trying Askwell out, never for families."


def senders_for(settings: Settings, desk: Desk, council: str) -> dict[str, Sender]:
    """A sender for each channel that is on, by channel. Raises `MailAddressError` for an address nobody can use."""
    if settings.smtp_url and not settings.smtp_from:
        raise MailAddressError("ASKWELL_SMTP_FROM is missing: the address letters come from, like askwell@example.org.")
    if settings.smtp_url:
        name = settings.smtp_from_name or council
        email = EmailSender(mail_server(settings.smtp_url), mail_address(settings.smtp_from), name, desk.now)
        return {email.channel: email, STAFF: email}
    return {channel: LogSender(channel) for channel in ("email", STAFF)} if settings.log_letters else {}


def what_is_off(settings: Settings) -> str | None:
    """What an operator should know about the channels before families do; none when email is on."""
    if settings.smtp_url:
        return None
    return LETTERS_LOGGED if settings.log_letters else EMAIL_OFF

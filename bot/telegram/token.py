"""The bot's token and the webhook's secrets, read once, checked, and never written anywhere."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from bot.settings import Settings

_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,100}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
PATH = "/telegram"


class TelegramSettingsError(ValueError):
    """The door cannot be opened as it is set. The message says what to write, and holds no secret."""


@dataclass(frozen=True)
class Hook:
    """Where the webhook is and what it must bring."""

    path: str
    secret: str
    url: str

    def __repr__(self) -> str:
        return "Hook(secret)"


def token_of(settings: Settings) -> str:
    """The token from its file, or from the environment; empty when there is none. Raises `TelegramSettingsError`."""
    token = settings.telegram_token.strip()
    if settings.telegram_token_file is not None:
        try:
            token = settings.telegram_token_file.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            raise TelegramSettingsError(
                f"ASKWELL_TELEGRAM_TOKEN_FILE cannot be read: {type(error).__name__}."
            ) from None
    if token and not _TOKEN.fullmatch(token):
        raise TelegramSettingsError("This is no bot token. BotFather gives one like 123456:ABC… with some 35 letters.")
    return token


def hook_of(settings: Settings) -> Hook | None:
    """The webhook, when it is on. Raises `TelegramSettingsError` without a secret path and a secret header."""
    if not settings.telegram_webhook:
        return None
    if not token_of(settings):
        raise TelegramSettingsError(
            "The webhook needs the bot's token: set ASKWELL_TELEGRAM_TOKEN_FILE or ASKWELL_TELEGRAM_TOKEN."
        )
    for name, secret in (("PATH", settings.telegram_path), ("SECRET", settings.telegram_secret)):
        if not _SECRET.fullmatch(secret):
            raise TelegramSettingsError(
                f"The webhook needs ASKWELL_TELEGRAM_{name}: 16 letters and digits or more that nobody can guess, "
                f"such as {secrets.token_urlsafe(24)}"
            )
    if settings.telegram_path == settings.telegram_secret:
        raise TelegramSettingsError("ASKWELL_TELEGRAM_PATH and ASKWELL_TELEGRAM_SECRET must not be the same.")
    if not settings.address.startswith("https://") and not settings.telegram_api:
        raise TelegramSettingsError("Telegram sends updates by https alone: set ASKWELL_ADDRESS to an https address.")
    path = f"{PATH}/{settings.telegram_path}"
    return Hook(path, settings.telegram_secret, f"{settings.address.rstrip('/')}{path}")

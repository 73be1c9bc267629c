"""The only reader of the environment. Every name starts with ASKWELL_."""

from __future__ import annotations

from pathlib import Path

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator may set. A model is a sentence-transformers name or path; empty means the packaged one.

    The keys of families' words are kept apart from the database and from its backups: `keys` moves them.
    `retention` names the council's own rules of how long what is kept (see handoff/retention.yaml).
    `smtp_url` and `smtp_from` turn email on; `smtp_from_name` is what a lock screen shows as the sender (the council's
    name when empty). `log_letters`, for trying things out, counts letters as sent and sends none. `metrics_token` lets
    a machine elsewhere read /metrics; without one, this machine alone may.
    `telegram_token`, or the file `telegram_token_file`, opens the Telegram door; with `telegram_webhook` it is fed by
    `serve`, under the secret `telegram_path` and with the secret header `telegram_secret`; `telegram_replies` lets a
    family have an officer's words sent there; `telegram_api` is another Bot API server.
    `address` begins with https in public; `frame_on` are the sites whose pages may show the panel (the pack's when
    empty); `raise_exit` shows "Leave this site" on every page; `exit_to` is where it leads.
    """

    model_config = SettingsConfigDict(env_prefix="ASKWELL_", extra="ignore", populate_by_name=True)

    pack: str = "hounslow"
    data: Path = Path("askwell-data")
    english_model: str = ""
    multilingual_model: str = ""
    database_url: str = Field(default="", validation_alias=AliasChoices("ASKWELL_DATABASE_URL", "DATABASE_URL"))
    keys: Path | None = None
    address: str = Field(
        default="http://127.0.0.1:8000", description="Where families reach the page: letters link to it."
    )
    retention: Path | None = None
    threads: int = Field(default=2, ge=1, le=64)
    smtp_url: str = Field(default="", repr=False)
    smtp_from: str = ""
    smtp_from_name: str = ""
    log_letters: bool = False
    log_level: str = "info"
    metrics_token: str = Field(default="", repr=False)
    telegram_token: str = Field(default="", repr=False)
    telegram_token_file: Path | None = None
    telegram_webhook: bool = False
    telegram_path: str = Field(default="", repr=False)
    telegram_secret: str = Field(default="", repr=False)
    telegram_replies: bool = False
    telegram_api: str = ""
    frame_on: str = ""
    raise_exit: bool = False
    address_a_minute: int = Field(default=600, ge=1, description="Messages from one network address, such as a school.")
    council_a_minute: int = Field(default=3000, ge=1, description="Messages in all.")
    private_sites: str = Field(
        default="", description="Sites of documents.yaml that may be inside the council's own network, as host:port."
    )
    chat_a_minute: int = Field(default=12, ge=0, description="Messages from one chat in Telegram; 0 for no limit.")
    exit_to: str = "https://www.bbc.co.uk/weather"

    @property
    def index_folder(self) -> Path:
        return self.data / "index"

    @property
    def content_folder(self) -> Path:
        """Where the pack is laid out with what officers changed of it."""
        return self.data / "content"

    @property
    def directory_folder(self) -> Path:
        """Where the imported AP Directory of this council is kept."""
        return self.data / "directory" / Path(self.pack).name

    @property
    def models_folder(self) -> Path:
        return self.data / "models"

    @property
    def database(self) -> str:
        """The address of the database: `DATABASE_URL`, or a SQLite file beside the index."""
        return self.database_url or f"sqlite:///{self.data / 'askwell.db'}"

    @property
    def keys_folder(self) -> Path:
        return self.keys or self.data / "keys"

    @property
    def spool_folder(self) -> Path:
        return self.data / "spool"

    @property
    def private_hosts(self) -> tuple[str, ...]:
        """The sites in `private_sites`, separated by blanks or commas."""
        return tuple(self.private_sites.lower().replace(",", " ").split())

    @property
    def frame_hosts(self) -> tuple[str, ...]:
        """The origins in `frame_on`, separated by blanks or commas."""
        return tuple(self.frame_on.replace(",", " ").split())

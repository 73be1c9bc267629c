"""The only reader of the environment. Every name starts with ASKWELL_."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator may set. A model is a sentence-transformers name or path; empty means the packaged one."""

    model_config = SettingsConfigDict(env_prefix="ASKWELL_", extra="ignore")

    pack: str = "hounslow"
    data: Path = Path("askwell-data")
    english_model: str = ""
    multilingual_model: str = ""
    threads: int = Field(default=2, ge=1, le=64)

    @property
    def index_folder(self) -> Path:
        return self.data / "index"

    @property
    def models_folder(self) -> Path:
        return self.data / "models"

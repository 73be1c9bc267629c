"""A small council of our own, made afresh for each test, and the real Hounslow pack made once a run."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from little_council import TODAY, little_engine, write_pack

from bot.app import build_engine
from bot.assistant import Assistant
from bot.batch import converse
from bot.messages import Incoming, Reply, Role
from bot.settings import Settings
from knowledge.pack import PACKS, Pack, load_pack

pytest_plugins = ["databases"]
ROOT = Path(__file__).parent.parent
# No test is judged by how long it took: a busy machine would fail it.
hypothesis_settings.register_profile("unhurried", deadline=None)
hypothesis_settings.load_profile("unhurried")


@pytest.fixture(scope="module", autouse=True)
def _nothing_left_open() -> Iterator[None]:
    """What a file of tests leaves open is found while that file runs, and not in whichever test runs later."""
    yield
    gc.collect()


@pytest.fixture
def little_folder(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "littleham")


@pytest.fixture
def little_pack(little_folder: Path) -> Pack:
    return load_pack(little_folder)


@pytest.fixture
def little_assistant(little_pack: Pack) -> Assistant:
    return Assistant(little_engine(little_pack))


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Where the Hounslow index is kept between runs; `ASKWELL_DATA` moves it."""
    return Settings(data=Path(os.environ.get("ASKWELL_DATA", str(ROOT / "askwell-data"))))


@pytest.fixture(scope="session")
def hounslow(settings: Settings) -> Assistant:
    """The real assistant: the Hounslow pack, both encoders, the classifier."""
    return Assistant(build_engine(settings, today=lambda: TODAY))


@pytest.fixture(scope="session")
def hounslow_by_words() -> Assistant:
    """The Hounslow pack with small parts: for tests of pages, which need its words and not the models."""
    return Assistant(little_engine(load_pack(PACKS / "hounslow")))


@pytest.fixture(scope="session")
def ask(hounslow: Assistant) -> Callable[..., Reply]:
    """Ask the real assistant; several messages are one conversation."""

    def asked(*messages: str, role: Role = Role.FAMILY, language: str | None = None) -> Reply:
        return converse(hounslow, [Incoming(message, role, language) for message in messages])

    return asked

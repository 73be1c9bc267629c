"""A small council of our own, made afresh for each test, and the real Hounslow pack made once a run."""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
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
    """What a file of tests leaves open is found while that file runs, and not in whichever test runs later.

    Its logging goes with it: a command or a server under test sends the whole process's log where it likes.
    """
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    gc.collect()
    structlog.reset_defaults()
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if type(one) is not logging.StreamHandler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(False)
    logging.raiseExceptions = True
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate, logger.level = [], True, logging.NOTSET


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

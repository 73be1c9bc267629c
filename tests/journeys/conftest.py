"""The real service on loopback, and Debian's Chromium in front of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from little_council import must_run
from real_server import served
from web_house import app_for

from bot.assistant import Assistant

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


@contextmanager
def serving(assistant: Assistant) -> Iterator[str]:
    """The address at which `assistant` answers, over a database of its own, until the block ends."""
    with tempfile.TemporaryDirectory() as folder, served(app_for(assistant, Path(folder))) as url:
        yield url


@pytest.fixture(scope="session")
def serve() -> Callable[[Assistant], AbstractContextManager[str]]:
    """For an assistant of the test's own."""
    return serving


@pytest.fixture(scope="session")
def address(hounslow: Assistant) -> Iterator[str]:
    with serving(hounslow) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium. One a file: Playwright's loop runs as long as it does, and no other may start meanwhile."""
    chromium = shutil.which("chromium")
    if chromium is None:
        must_run("Chromium is not installed (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()

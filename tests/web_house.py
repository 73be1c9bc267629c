"""The web pages on a throwaway database: the real house behind them, and a browser's manners for the test client."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blank_file import blank_file
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response

from bot.assistant import Assistant
from bot.front_desk import FrontDesk
from bot.settings import Settings
from bot.web.routes import create_app, site_for
from handoff.database import connect, upgrade
from handoff.desk import desk_of
from handoff.spool import Spool
from handoff.vault import Vault

HERE = "http://testserver"


def front_for(assistant: Assistant, folder: Path, database: str = "") -> FrontDesk:
    """A front desk with a database of its own in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    records = connect(database or blank_file(folder / "askwell.db"))
    if database:
        upgrade(records)
    desk = desk_of(assistant.engine.pack, Vault(folder / "keys"))
    return FrontDesk(records, desk, assistant, Spool(folder / "spool", folder / "keys"))


def app_for(assistant: Assistant, folder: Path, *, database: str = "", **parts: Any) -> FastAPI:
    """The web application over a front desk of its own; `parts` replace parts of its site."""
    front = front_for(assistant, folder, database)
    settings = Settings(data=folder, **parts.pop("settings", {}))
    return create_app(front, site=site_for(front, settings, **parts))


@dataclass
class Browser:
    """A browser: keeps cookies, says where it is, and sends the forms that are on the page."""

    client: TestClient

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers={"accept": "text/html", "sec-fetch-site": "same-origin", **headers})

    def post(self, path: str, fields: dict[str, Any], **headers: str) -> Response:
        sent = {"accept": "text/html", "origin": HERE, "sec-fetch-site": "same-origin", **headers}
        return self.client.post(path, data=fields, headers={name: value for name, value in sent.items() if value})

    def press(self, path: str, on: str | None = None, **fields: Any) -> Response:
        """Send a form of the page `on` (or `path`) with its token and its number."""
        return self.post(path, {**hidden(self.get(on or path).text), **fields})

    def press_blind(self, path: str, **fields: Any) -> Response:
        """Send a form of a page that was open before: with a token, without looking at the page again."""
        return self.post(path, {**hidden(self.get("/menu").text), "message_id": "opened-before", **fields})

    def ask(self, question: str, **fields: Any) -> Response:
        """Ask on the page, and see what comes of it."""
        return self.press("/", question=question, **fields)


def hidden(page: str) -> dict[str, str]:
    """The token and the number of the first form on a page."""
    found = re.findall(r'name="(token|message_id|lang)" value="([^"]*)"', page)
    return dict(reversed(found))


@contextmanager
def browser_at(app: FastAPI) -> Iterator[Browser]:
    with TestClient(app) as client:
        yield Browser(client)

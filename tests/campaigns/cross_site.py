"""S9: 40 attempts of another site to act for a person, in real Chromium, from a page that is cross-site and one that is
merely another origin (whose requests bring the cookie along). None may change anything; no page may be framed.

Run by `tests/journeys/test_hostile.py`, with its control: without the guard and the token some succeed.
"""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, func, select
from web_states import AGES, World, asked

from handoff.models import Case, Conversation, InboxMessage, Message, Person

# A page at localhost is another site than 127.0.0.1; one at another port is the same site and another origin.
HOSTS = ("localhost", "127.0.0.1")
WAYS = ("form", "fetch", "frame", "frame and form")
TARGETS = (
    ("/", "question=attack&message_id=m1&token=1.x"),
    ("/person", "queue=clubs&message=attack&how=here&act=send&message_id=m2&token=1.x"),
    ("/start-again", "token=1.x"),
    ("/forget", "token=1.x"),
    ("{status}/close", "token=1.x"),
)


@dataclass(frozen=True)
class Attempt:
    """One attempt, and whether anything changed or was shown in a frame."""

    origin: str
    way: str
    target: str
    succeeded: bool


def run(browser: Any, world: World, ways: tuple[str, ...] = WAYS, hosts: tuple[str, ...] = HOSTS) -> list[Attempt]:
    """All attempts: two origins, four ways, five targets."""
    tried = []
    with elsewhere() as port:
        for origin in (f"http://{host}:{port}" for host in hosts):
            context = browser.new_context()
            first = context.new_page()
            asked(AGES)(first, world, "en")
            for way in ways:
                for path, body in TARGETS:
                    tried.append(attempt(context, world, origin, way, path.format(status=world.status), body))
            context.close()
    return tried


def attempt(context: Any, world: World, origin: str, way: str, path: str, body: str) -> Attempt:
    """Try once. Success is a change of any row, or our page seen inside a foreign frame."""
    before, page = rows(world), context.new_page()
    page.goto(f"{origin}/")
    url = f"{world.address}{path}"
    framed = False
    if way == "form":
        with page.expect_navigation(wait_until="commit"):
            page.evaluate(FORM, [url, body, "_self"])
    elif way == "fetch":
        page.evaluate(FETCH, [url, body])
    else:
        if way == "frame and form":
            page.evaluate(FRAME, ["about:blank", "f"])
            page.evaluate(FORM, [url, body, "f"])
        else:
            page.evaluate(FRAME, [url, "f"])
        page.wait_for_timeout(80)
        framed = any(
            frame != page.main_frame and frame.url.startswith(world.address) and frame.query_selector("main")
            for frame in page.frames
        )
    page.close()
    return Attempt(origin, way, path, bool(framed) or rows(world) != before)


def rows(world: World) -> list[int]:
    """How many rows there are of what an attempt could make, change or erase."""
    with Session(world.app.state.site.front.office.engine) as db:
        counts = [db.exec(select(func.count()).select_from(one)).one() for one in TABLES]
        return [*counts, db.exec(select(func.sum(Case.version))).one() or 0]


TABLES = (Person, Conversation, InboxMessage, Message, Case)
FORM = """([url, body, target]) => {
  const form = document.createElement('form'); form.method = 'post'; form.action = url; form.target = target;
  for (const [name, value] of new URLSearchParams(body)) { const i = document.createElement('input'); i.name = name; i.value = value; form.append(i); }
  document.body.append(form); setTimeout(() => HTMLFormElement.prototype.submit.call(form)); }"""
FETCH = """([url, body]) => Promise.allSettled([
  fetch(url, { method: 'POST', mode: 'no-cors', credentials: 'include', body: new URLSearchParams(body) }),
  fetch(url, { method: 'POST', credentials: 'include', body, headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-askwell': 'turns' } }),
])"""
FRAME = """([url, name]) => { const f = document.createElement('iframe'); f.name = name; f.src = url; document.body.append(f); }"""


@contextmanager
def elsewhere() -> Iterator[int]:
    """The port of another site."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>elsewhere</title><body>elsewhere")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

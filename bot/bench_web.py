"""`askwell bench web`: many open pages and steady questions against the real service, beside the bare answer function.

Open pages wait for news (server-sent events) as the script's pages do, and the questions come from them in turn: each
is a post of that page's own form with its own session. The service runs in a process of its own; this one only asks
and measures.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

HEAD = "Host: {host}\r\nOrigin: http://{host}\r\nSec-Fetch-Site: same-origin\r\nAccept: application/json\r\n"
_TOKEN = re.compile(r'name="token" value="([^"]+)"')
_COOKIE = re.compile(r"set-cookie: (askwell=[^;]+)", re.IGNORECASE)
_NEXT_TOKEN = re.compile(r"x-askwell-token: (\S+)", re.IGNORECASE)
_TURN = re.compile(r'data-turn="(\d+)"')
CRY = "i want to kill myself"
# So many pages are opened at once: a day's visitors do not all come in the same second.
OPENING = 4


@dataclass
class Measured:
    """What became of the questions: statuses, and the seconds until each was answered, by kind."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    busy_seconds: list[float] = field(default_factory=list)
    urgent_seconds: list[float] = field(default_factory=list)
    booking_seconds: list[float] = field(default_factory=list)
    urgent_missed: int = 0
    dropped: int = 0
    open_pages: int = 0
    recovered_after: float | None = None


@dataclass(frozen=True)
class Plan:
    """`rate` questions a second for `seconds`, beside `pages` that are open; every `urgent`-th is a cry."""

    port: int
    questions: Sequence[str]
    pages: int
    rate: float
    seconds: float
    urgent: int = 0


@dataclass
class Page:
    """One browser: its session, the token of its form and the last turn it shows."""

    cookie: str = ""
    token: str = ""
    seen: str = "0"


async def ask_all(plan: Plan) -> Measured:
    """Open the pages, ask at the rate, wait for the last answer, and see how soon one question is answered again."""
    made, stop = Measured(), asyncio.Event()
    pages = await _open_pages(plan)
    readers = [asyncio.create_task(_wait_for_news(plan, made, page, stop)) for page in pages]
    asked: list[asyncio.Task[None]] = []
    begun = time.monotonic()
    for number in range(int(plan.rate * plan.seconds)):
        due = begun + number / plan.rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        page = pages[number % len(pages)] if pages else Page()
        asked.append(asyncio.create_task(_ask(plan, made, number, page)))
        if plan.urgent and number % plan.urgent == plan.urgent // 2:
            asked.append(asyncio.create_task(_look_at_bookings(plan, made)))
    ended = time.monotonic()
    made.recovered_after = await _recovered(plan, ended)
    await asyncio.gather(*asked)
    stop.set()
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    return made


async def _open_pages(plan: Plan) -> list[Page]:
    at_once = asyncio.Semaphore(OPENING)

    async def opened(number: int) -> Page:
        page = Page()
        async with at_once:
            await _post(plan, page, plan.questions[-1 - number % len(plan.questions)])
        return page

    return list(await asyncio.gather(*map(opened, range(plan.pages))))


async def _wait_for_news(plan: Plan, made: Measured, page: Page, stop: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", plan.port)
    writer.write(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{plan.port}\r\nCookie: {page.cookie}\r\n\r\n".encode())
    await writer.drain()
    first = await reader.readline()
    made.open_pages += first.startswith(b"HTTP/1.1 200")
    try:
        while not stop.is_set():
            if not await reader.read(4096):
                made.dropped += 1
                return
    finally:
        writer.close()


async def _ask(plan: Plan, made: Measured, number: int, page: Page) -> None:
    urgent = bool(plan.urgent) and number % plan.urgent == 0
    text = CRY if urgent else plan.questions[number % len(plan.questions)]
    begun = time.monotonic()
    try:
        status, body = await asyncio.wait_for(_post(plan, page, text), 60)
    except (OSError, TimeoutError, ValueError):
        made.statuses[0] += 1
        made.urgent_missed += urgent
        return
    took = time.monotonic() - begun
    made.statuses[status] += 1
    if urgent:
        made.urgent_seconds.append(took)
        made.urgent_missed += "116 123" not in body
    elif status == 200:
        made.seconds.append(took)
    elif status in (429, 503):
        made.busy_seconds.append(took)


async def _look_at_bookings(plan: Plan, made: Measured) -> None:
    begun = time.monotonic()
    try:
        status, _, _ = await asyncio.wait_for(_talk(plan, "GET /booking HTTP/1.1\r\n", ""), 60)
    except (OSError, TimeoutError, ValueError):
        status = 0
    made.booking_seconds.append(time.monotonic() - begun if status == 200 else 60.0)


async def _recovered(plan: Plan, ended: float) -> float:
    """How long after the last question was sent an ordinary one is answered within a second; 60 when none is."""
    while (since := time.monotonic() - ended) < 60:
        begun = time.monotonic()
        status, _ = await _post(plan, Page(), plan.questions[0])
        if status == 200 and time.monotonic() - begun < 1:
            return since
        await asyncio.sleep(1)
    return 60.0


async def _post(plan: Plan, page: Page, text: str) -> tuple[int, str]:
    """The page's question. A browser that has never been here fetches a page with a token first."""
    if not page.token:
        found = _TOKEN.search((await _talk(plan, "GET /menu HTTP/1.1\r\n", ""))[2])
        if found is None:
            return 503, ""
        page.token = found[1]
    fields = {"token": page.token, "message_id": secrets.token_hex(16), "question": text, "seen": page.seen}
    line = f"POST / HTTP/1.1\r\nX-Askwell: turns\r\n{f'Cookie: {page.cookie}' if page.cookie else 'X-New: yes'}\r\n"
    status, head, body = await _talk(plan, line, urlencode({**fields, "role": "family"}))
    cookie, token, shown = _COOKIE.search(head), _NEXT_TOKEN.search(head), _TURN.findall(body)
    page.cookie = cookie[1] if cookie else page.cookie
    page.token = token[1] if token else page.token
    page.seen = max([page.seen, *shown], key=int)
    return status, body


async def _talk(plan: Plan, line: str, body: str) -> tuple[int, str, str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", plan.port)
    head = HEAD.format(host=f"127.0.0.1:{plan.port}")
    kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n" if body else ""
    writer.write(f"{line}{head}{kind}Connection: close\r\n\r\n{body}".encode())
    try:
        await writer.drain()
        answer = (await reader.read()).decode("utf-8", "replace")
    finally:
        writer.close()
    top, _, rest = answer.partition("\r\n\r\n")
    return int(top.split(" ", 2)[1]), top, rest


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie; nought for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0

"""`askwell bench web`: many open pages and steady questions against the real service, beside the bare answer function.

Open pages wait for news (server-sent events) as the script's pages do; each question is a post of the page's own
form by a browser of its own. The service runs in a process of its own; this one only asks and measures.
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


@dataclass
class Measured:
    """What became of the questions: statuses, and the seconds until each was answered, by kind."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    urgent_seconds: list[float] = field(default_factory=list)
    urgent_missed: int = 0
    dropped: int = 0
    open_pages: int = 0


@dataclass(frozen=True)
class Plan:
    """`rate` questions a second for `seconds`, beside `pages` that are open; every `urgent`-th is a cry."""

    port: int
    questions: Sequence[str]
    pages: int
    rate: float
    seconds: float
    urgent: int = 0


CRY = "i want to kill myself"


async def ask_all(plan: Plan) -> Measured:
    """Open the pages, ask at the rate, and wait for the last answer."""
    made, stop = Measured(), asyncio.Event()
    readers = await _open_pages(plan, made, stop)
    asked: list[asyncio.Task[None]] = []
    begun = time.monotonic()
    for number in range(int(plan.rate * plan.seconds)):
        due = begun + number / plan.rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        asked.append(asyncio.create_task(_ask(plan, made, number)))
    await asyncio.gather(*asked)
    stop.set()
    for reader in readers:
        reader.cancel()
    await asyncio.gather(*readers, return_exceptions=True)
    return made


async def _open_pages(plan: Plan, made: Measured, stop: asyncio.Event) -> list[asyncio.Task[None]]:
    tasks = []
    for number in range(plan.pages):
        cookie = await _first_question(plan, number)
        tasks.append(asyncio.create_task(_wait_for_news(plan, made, cookie, stop)))
        if number % 20 == 19:
            await asyncio.sleep(0)
    return tasks


async def _first_question(plan: Plan, number: int) -> str:
    _, head, _ = await _post(plan, plan.questions[number % len(plan.questions)])
    found = _COOKIE.search(head)
    return found[1] if found else ""


async def _wait_for_news(plan: Plan, made: Measured, cookie: str, stop: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", plan.port)
    writer.write(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{plan.port}\r\nCookie: {cookie}\r\n\r\n".encode())
    await writer.drain()
    made.open_pages += (await reader.readline()).startswith(b"HTTP/1.1 200")
    try:
        while not stop.is_set():
            if not await reader.read(4096):
                made.dropped += 1
                return
    finally:
        writer.close()


async def _ask(plan: Plan, made: Measured, number: int) -> None:
    urgent = bool(plan.urgent) and number % plan.urgent == 0
    text = CRY if urgent else plan.questions[number % len(plan.questions)]
    begun = time.monotonic()
    try:
        status, _, body = await asyncio.wait_for(_post(plan, text), 60)
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


async def _post(plan: Plan, text: str) -> tuple[int, str, str]:
    """One browser that has never been here: the menu for a token, then the question."""
    page = (await _talk(plan, "GET /menu HTTP/1.1\r\n", ""))[2]
    found = _TOKEN.search(page)
    if found is None:
        return 503, "", page
    fields = {"token": found[1], "message_id": secrets.token_hex(16), "question": text, "seen": "0", "role": "family"}
    return await _talk(plan, "POST / HTTP/1.1\r\nX-Askwell: turns\r\n", urlencode(fields))


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

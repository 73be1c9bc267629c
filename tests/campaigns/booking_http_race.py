"""R1 through HTTP: browsers press for the last place at once, on the real server. Exactly one goes on to the questions.

    python -m tests.campaigns.booking_http_race --full     1,000 races of 16 browsers
    python -m tests.campaigns.booking_http_race            20 races

Each browser has its own cookies and has the page of times open; then all press. One may go on (200), the others are
told that the time has gone (409), with the nearest others. A short form runs in `tests/bot/test_booking_http_race.py`;
the control that double-books is that of `booking_race`.
"""

from __future__ import annotations

import re
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx
from fastapi import FastAPI
from little_council import little_engine, write_pack
from real_server import served
from small_surgeries import Surgeries
from sqlmodel import select
from web_house import front_for

from bot.assistant import Assistant
from bot.front_desk import FrontDesk
from bot.limits import Limits, Rate
from bot.settings import Settings
from bot.web.routes import create_app, site_for
from campaigns.booking_race import last_place, settle
from handoff.database import reading
from handoff.models import Slot
from knowledge.pack import load_pack

FIELD = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')


@dataclass
class Raced:
    """What came of the races: how many went on in each, places taken in each, and every answer that was neither."""

    winners: Counter[int] = field(default_factory=Counter)
    places: Counter[int] = field(default_factory=Counter)
    others: Counter[int] = field(default_factory=Counter)

    @property
    def wrong(self) -> bool:
        return set(self.winners) != {1} or set(self.places) != {1} or bool(self.others)


@contextmanager
def house(folder: Path) -> Iterator[tuple[FastAPI, Surgeries]]:
    """The web application with room for many, and the desk behind it."""
    assistant = Assistant(little_engine(load_pack(write_pack(folder / "pack"))))
    front = front_for(assistant, folder / "web")
    site = site_for(front, Settings(data=folder), limits=roomy())
    site = replace(site, policy=replace(site.policy, hosts=(), secure=False))
    try:
        yield create_app(front, site=site), Surgeries(front.office.engine, front.office.desk)
    finally:
        _close(front)


def roomy() -> Limits:
    """Limits nobody reaches: everybody here is at one address."""
    return Limits(
        lambda: 0.0, dict.fromkeys(("conversation", "address", "council", "handover", "letter"), Rate(10**6, 10**6))
    )


def _close(front: FrontDesk) -> None:
    front.close()
    front.office.engine.dispose()


class Browser:
    """Somebody with the booking pages open."""

    def __init__(self, address: str) -> None:
        headers = {"accept": "text/html", "origin": address, "sec-fetch-site": "same-origin"}
        self.client = httpx.Client(base_url=address, headers=headers, timeout=60.0)
        self.page = ""

    def open_times(self) -> None:
        """As far as the page of times."""
        page = self.client.get("/booking").text
        self.page = self._send(page, surgery=_value(page, "surgery")).text

    def press(self, slot: str) -> int:
        return self._send(self.page, slot=slot, places="1").status_code

    def _send(self, page: str, **given: str) -> httpx.Response:
        form = page.split('<form method="post"')[1].split("</form>", maxsplit=1)[0]
        carried = {name: unescape(value) for name, value in FIELD.findall(form)}
        return self.client.post("/booking", data={**carried, **given})


def race(browsers: list[Browser], slot: str) -> list[int]:
    """All press at once; the status each was answered with."""
    start, told = threading.Barrier(len(browsers)), []

    def one(browser: Browser) -> None:
        start.wait()
        told.append(browser.press(slot))

    threads = [threading.Thread(target=one, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def run(folder: Path, races: int, clients: int = 16) -> Raced:
    """So many races, one session with one place for each."""
    raced = Raced()
    with house(folder) as (app, surgeries), served(app) as address:
        browsers = [Browser(address) for _ in range(clients)]
        try:
            for number in range(races):
                slot = last_place(surgeries.engine, surgeries.desk)
                for browser in browsers:
                    browser.open_times()
                answers = Counter(race(browsers, slot))
                with reading(surgeries.engine) as session:
                    raced.places[session.exec(select(Slot.taken).where(Slot.id == slot)).one()] += 1
                raced.winners[answers.pop(200, 0)] += 1
                answers.pop(409, 0)
                raced.others += answers
                settle(surgeries.engine, slot)
                if number % 50 == 49:
                    print(f"{number + 1} races, {dict(raced.winners)}, others {dict(raced.others)}", file=sys.stderr)
        finally:
            for browser in browsers:
                browser.client.close()
    return raced


def _value(page: str, name: str) -> str:
    return re.findall(rf'name="{name}" value="([^"]+)"', page)[0]


def main() -> None:
    """Print how many had exactly one winner; end with 1 when any had not."""
    races = 1_000 if "--full" in sys.argv else 20
    began = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        raced = run(Path(folder), races)
    took = (datetime.now(UTC) - began) / timedelta(seconds=1)
    print(
        f"{races} races of 16 browsers through HTTP in {took:.0f} s: winners {dict(raced.winners)}, "
        f"places taken {dict(raced.places)}, other answers {dict(raced.others) or 0}"
    )
    sys.exit(raced.wrong)


if __name__ == "__main__":
    main()

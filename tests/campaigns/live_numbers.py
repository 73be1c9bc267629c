"""R9: live numbers equal a fresh fetch, whatever was lost, repeated or came in another order.

    python -m tests.campaigns.live_numbers --full     1,000 seeds of 10,000 events each, in one page of real Chromium

The page is Priya's first page as the console serves it, with its own script. For each seed 10,000 events are made there, a
third are lost, some come twice and all in another order; then a fresh fetch is taken in, and more old ones after it. What
the page shows must equal the newest event that arrived, and after the fetch the fetch. Control: the same events with
their serials taken away, so that each counts as the newest.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from console_house import app_for, hire, sign_in_on_page
from databases import desk_at
from real_server import served
from small_office import Clock

from handoff.database import connect, upgrade
from handoff.models import OfficerRole

EVENTS = 10_000
# One seed: whether the page showed the newest event that had arrived, and whether it shows the fetch after more old ones.
ONE = """
([seed, count, serials]) => {
  let state = seed >>> 0;
  const dice = () => {  // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const base = window.r9base = (window.r9base || 0) + 2 * count;
  const names = ["late", "today", "mine", "nobody"];
  const event = (number) => ({
    serial: [base + number, Math.floor(dice() * 1000)],
    numbers: Object.fromEntries(names.map((name) => [name, Math.floor(dice() * 100)])), opened: 0 });
  const arrived = [];
  for (let number = 1; number <= count; number++) {
    const one = event(number);
    if (dice() > 1 / 3) { arrived.push(one); if (dice() < 0.2) arrived.push(one); }
  }
  for (let at = arrived.length - 1; at > 0; at--) {
    const other = Math.floor(dice() * (at + 1));
    [arrived[at], arrived[other]] = [arrived[other], arrived[at]];
  }
  const fresh = event(count + 1), half = arrived.length >> 1;
  let newest = arrived[0];
  for (const one of arrived.slice(0, half)) {
    const [a, b] = [one.serial, newest.serial];
    if (a[0] > b[0] || (a[0] === b[0] && a[1] > b[1])) newest = one;
  }
  window.r9clock = window.r9clock || 1e12;
  const apply = (one) => window.askwellLive.apply(serials ? one : { ...one, serial: [window.r9clock++, 0] });
  const shown = () => JSON.stringify(Object.fromEntries(
    [...document.querySelectorAll("[data-live]")].map((e) => [e.dataset.live, +e.textContent]).sort()));
  const truth = (one) => JSON.stringify(Object.fromEntries(Object.entries(one.numbers).sort()));
  arrived.slice(0, half).forEach(apply);
  const first = shown() === truth(newest);
  apply(fresh);
  arrived.slice(half).forEach(apply);
  return [first, shown() === truth(fresh)];
}
"""


@contextmanager
def first_page() -> Iterator[Any]:
    """Priya's first page, served, in Chromium."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{Path(folder) / 'askwell.db'}")
        upgrade(engine)
        desk = desk_at(Path(folder), Clock())
        hire(engine, desk, "Priya", OfficerRole.OFFICER, "send")
        with served(app_for(engine, desk)) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_page()
            sign_in_on_page(page, address)
            page.wait_for_function("window.askwellLive")
            yield page
            browser.close()
        engine.dispose()


def run(page: Any, seeds: range, *, serials: bool = True) -> list[int]:
    """The seeds after which the page shows something else than what is true. `serials` off is the control."""
    page.reload()
    page.wait_for_function("window.askwellLive")
    return [seed for seed in seeds if page.evaluate(ONE, [seed, EVENTS, serials]) != [True, True]]


def main() -> int:
    """Run it and print the figures."""
    seeds = range(1000 if "--full" in sys.argv else 20)
    began = time.perf_counter()
    with first_page() as page:
        wrong = run(page, seeds)
        took = time.perf_counter() - began
        control = run(page, range(20), serials=False)
    print(
        f"{len(seeds)} seeds of {EVENTS} events: {len(wrong)} pages differ from a fresh fetch {wrong[:5]} ({took:.0f} s)"
    )
    print(f"control, without serials: {len(control)} of 20 differ")
    return 0 if not wrong and len(control) == 20 else 1


if __name__ == "__main__":
    sys.exit(main())

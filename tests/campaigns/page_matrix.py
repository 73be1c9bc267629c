"""The whole matrix of the web pages, looked at once in real Chromium; its result is the accessibility page's.

    python -m tests.campaigns.page_matrix --full            every state in two cells, chosen states in all cells
    python -m tests.campaigns.page_matrix --full --write    and write the result into bot/web/accessibility.yaml

A cell is a window, a direction, a colour scheme and whether our script runs; the chosen states are also seen with text
at 200 %, in forced colours and with reduced motion. Each look is axe (WCAG A, AA and best practice), sideways scroll,
focus that cannot be seen on a walk by Tab, and targets under 44 pixels. The control is
`tests/journeys/test_page.py::test_the_checker_sees_faults`; the two cells of every state run there too.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import yaml
from journeys.seeing import looked_at, without_script
from real_server import served
from web_states import CHOSEN, STATES, World, little_app, world_of

ROOT = Path(__file__).parents[2]
STATEMENT = ROOT / "bot" / "web" / "accessibility.yaml"
TWICE = "() => { document.documentElement.style.fontSize = '200%' }"


@dataclass(frozen=True)
class Cell:
    """One way to look at a page."""

    name: str
    options: dict[str, Any]
    language: str = "en"
    script: bool = True
    twice: bool = False


@dataclass
class Row:
    """What was found in one cell."""

    name: str
    pages: int = 0
    faults: int = 0
    found: list[str] = field(default_factory=list)


def cells() -> tuple[Cell, ...]:
    """The two cells in which every state is looked at."""
    wide = {"viewport": {"width": 1280, "height": 900}}
    small = {"viewport": {"width": 320, "height": 256}, "color_scheme": "dark"}
    return (
        Cell("1280 wide, light", wide),
        Cell("320 by 256, dark, right to left, no script", small, "ur", script=False),
    )


def all_cells() -> Iterator[Cell]:
    """Every cell of the matrix, for the chosen states."""
    sizes = {"1280": {"width": 1280, "height": 900}, "320": {"width": 320, "height": 256}}
    extras: dict[str, dict[str, Any]] = {
        "": {},
        "200 % text": {},
        "forced colours": {"forced_colors": "active"},
        "reduced motion": {"reduced_motion": "reduce"},
    }
    for size, language, scheme, script, extra in product(sizes, ("en", "ur"), ("light", "dark"), (True, False), extras):
        options = {"viewport": sizes[size], "color_scheme": scheme, **extras[extra]}
        name = ", ".join(one for one in (size, language, scheme, "script" if script else "no script", extra) if one)
        yield Cell(name, options, language, script, twice=extra == "200 % text")


def look(browser: Any, world: World, cell: Cell, state: str) -> dict[str, Any]:
    """What is wrong with one state in one cell."""
    context = browser.new_context(**cell.options)
    if not cell.script:
        without_script(context)
    page = context.new_page()
    try:
        STATES[state](page, world, cell.language)
        if cell.twice:
            page.evaluate(TWICE)
        return looked_at(page)
    finally:
        context.close()


def run(browser: Any, world: World, states: tuple[str, ...], cell: Cell) -> Row:
    """Look at `states` in one cell."""
    row = Row(cell.name)
    for state in states:
        wrong = look(browser, world, cell, state)
        row.pages += 1
        row.faults += len(wrong)
        row.found += [f"{state}: {wrong}"] if wrong else []
    print(f"{row.name}: {row.pages} looked at, {row.faults} faults", flush=True)
    for one in row.found:
        print(f"  {one[:400]}", flush=True)
    return row


def main() -> None:
    """The campaign."""
    from playwright.sync_api import sync_playwright

    spec = importlib.util.spec_from_file_location("house", ROOT / "tests" / "journeys" / "conftest.py")
    assert spec and spec.loader
    house = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(house)
    begun = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as folder,
        served(app := little_app(Path(folder))) as address,
        world_of(app, address) as world,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=house.FLAGS)
        rows = [run(browser, world, tuple(STATES), cell) for cell in cells()]
        if "--full" in sys.argv:
            every = [run(browser, world, CHOSEN, cell) for cell in all_cells()]
            together = Row(f"{len(CHOSEN)} chosen states in {len(every)} cells")
            together.pages, together.faults = sum(one.pages for one in every), sum(one.faults for one in every)
            rows.append(together)
        version = browser.version
    print(
        f"{sum(one.pages for one in rows)} looks, {sum(one.faults for one in rows)} faults in {time.monotonic() - begun:.0f} s"
    )
    if "--write" in sys.argv:
        write(rows, version)
    sys.exit(any(one.faults for one in rows))


def write(rows: list[Row], version: str) -> None:
    """Put the result where the accessibility page reads it."""
    held = yaml.safe_load(STATEMENT.read_text(encoding="utf-8"))
    held["tested"] = {
        "date": f"{time.strftime('%d').lstrip('0')} {time.strftime('%B %Y')}",
        "axe": "4.12.1",
        "browser": f"Chromium {version.split('.', maxsplit=1)[0]}",
        "cells": [{"name": one.name, "pages": one.pages, "faults": one.faults} for one in rows],
    }
    head = "".join(line + "\n" for line in STATEMENT.read_text(encoding="utf-8").splitlines() if line.startswith("#"))
    STATEMENT.write_text(head + yaml.safe_dump(held, allow_unicode=True, sort_keys=False, width=200), encoding="utf-8")


if __name__ == "__main__":
    main()

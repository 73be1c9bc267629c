"""The MIP check through its doors: web, terminal, command line and Telegram's screens give one outcome for the same answers.

    python -m tests.campaigns.mip_three_doors --full     10,000 random walks, each to its end at every door

A short form runs in `tests/bot/senco/test_same_outcome.py`, with the control: a door whose rules differ is found.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from little_council import TODAY, little_engine
from web_house import Browser, app_for, browser_at

from bot.assistant import Assistant
from bot.mip_ask import ask_all
from bot.mip_cli import judge_given
from knowledge.pack import PACKS, Pack, load_pack
from knowledge.rules.asking import choose, next_page
from knowledge.rules.decide import decide
from knowledge.rules.given import read_value
from knowledge.rules.table import UNKNOWN, table_on

# Left to chance alone, a walk soon meets a rule that says no: most picks are the ones that lead on.
PROMISING = {"safeguarding": 1, "age": 1, "looked_after": 1}
LUCK = 0.8
Picks = list[tuple[str, str, int]]
Door = Callable[[Pack, Picks, dict[str, str]], str]


def walk(pack: Pack, seed: int) -> tuple[Picks, dict[str, str]]:
    """A random way through the questions: (page, question, choice) in order, and the answers it gives."""
    rng, table = random.Random(seed), table_on(pack.mip, TODAY)
    answers = {"date": read_value(table.inputs["date"], TODAY)}
    picks: Picks = []
    while page := next_page(table, answers):
        for question in page.questions:
            lucky = PROMISING.get(question.id, 0) if rng.random() < LUCK else None
            number = rng.randrange(len(question.choices)) if lucky is None else lucky
            answers = choose(answers, question, question.choices[number])
            picks.append((page.id, question.id, number))
    return picks, answers


def on_the_terminal(pack: Pack, picks: Picks, _answers: dict[str, str]) -> str:
    """The outcome when the same choices are typed."""
    typed = iter([*(str(number + 1) for _, _, number in picks), ""])
    table = table_on(pack.mip, TODAY)
    answers = ask_all(table, pack, TODAY, lambda: next(typed, None), lambda _words: None)
    assert answers is not None
    return decide(table, answers).outcome.value


def on_the_command_line(pack: Pack, _picks: Picks, answers: dict[str, str]) -> str:
    """The outcome of the same answers as JSON."""
    told = {key: value for key, value in answers.items() if key not in ("date", "age", "school_year")}
    bands = {"under_5": 4, "from_5_to_15": 9, "from_16": 16}
    years = {"nursery": "nursery", "reception": "reception", "years_1_to_10": 4, "year_11": 11, "year_12_or_over": 12}
    told["age"] = bands.get(answers.get("age", UNKNOWN))  # type: ignore[assignment]
    told["school_year"] = years.get(answers.get("school_year", UNKNOWN))  # type: ignore[assignment]
    given = json.loads(json.dumps({**told, "date": TODAY.isoformat()}))
    return judge_given(pack, given, TODAY).outcome.value


def on_the_web(browser: Browser) -> Door:
    """The outcome on the result page, after every page in between."""

    def walked(_pack: Pack, picks: Picks, _answers: dict[str, str]) -> str:
        address = "/check/question"
        for page in dict.fromkeys(page for page, _, _ in picks):
            query = address.split("?", 1)[1] if "?" in address else ""
            chosen = urlencode([(f"q-{id}", str(number)) for on, id, number in picks if on == page])
            shown = browser.client.get(f"/check/answer?{query}&page={page}&{chosen}", follow_redirects=False)
            address = unescape(shown.headers["Location"])
        result = browser.get(
            address.replace("/check/question", "/check/result").replace("/check/answers", "/check/result")
        )
        return outcome_on(result.text)

    return walked


def outcome_on(page: str) -> str:
    """The outcome that a result page shows."""
    found = re.search(r'data-outcome="([a-z_]+)"', page)
    assert found, "a result page names its outcome"
    return found[1]


def differing(pack: Pack, doors: dict[str, Door], seeds: range) -> list[str]:
    """The walks on which the doors disagree."""
    found = []
    for seed in seeds:
        picks, answers = walk(pack, seed)
        outcomes = {name: door(pack, picks, answers) for name, door in doors.items()}
        if len(set(outcomes.values())) != 1:
            found.append(f"walk {seed}: {outcomes}")
    return found


def spoilt(pack: Pack) -> Pack:
    """The control: a pack in which one published row says nothing."""
    table = pack.mip[0]
    rows = tuple(replace(row, used=row.number != 6) for row in table.rows)
    return replace(pack, mip=(replace(table, rows=rows),))


def main(count: int) -> int:
    """Run the walks and print what came of them."""
    from campaigns.mip_in_chat import in_chat  # it walks as this file does

    pack = load_pack(PACKS / "hounslow")
    with tempfile.TemporaryDirectory() as folder:
        app = app_for(Assistant(little_engine(pack)), Path(folder))
        with browser_at(app) as browser:
            doors = {
                "web": on_the_web(browser),
                "terminal": on_the_terminal,
                "command line": on_the_command_line,
                "Telegram": in_chat(app.state.site.front),
            }
            wrong = differing(pack, doors, range(count))
            control = differing(pack, {"web": doors["web"], "spoilt": _of(spoilt(pack))}, range(min(count, 300)))
    print(
        f"{date.today()}: {count} walks through {len(doors)} doors, {len(wrong)} differ; control: {len(control)} differ"
    )
    print("\n".join(wrong[:10]))
    return 1 if wrong or not control else 0


def _of(pack: Pack) -> Door:
    return lambda _pack, _picks, answers: decide(table_on(pack.mip, TODAY), answers).outcome.value


if __name__ == "__main__":
    sys.exit(main(10_000 if "--full" in sys.argv else 200))

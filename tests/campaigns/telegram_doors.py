"""The MIP check in Telegram gives the outcome of the other doors for the same answers: every walk goes over the wire.

    PYTHONPATH=tests python -m campaigns.telegram_doors --walks 300

A short form runs in `tests/bot/telegram/test_telegram_campaigns.py`, with the control: a door whose rules differ is found.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from little_council import TODAY, little_engine
from telegram_house import House, open_house, words
from web_house import front_for

from bot.assistant import Assistant
from bot.logs import configure as configure_logs
from campaigns.mip_three_doors import Picks, on_the_terminal, spoilt, walk
from knowledge.pack import PACKS, Pack, load_pack
from knowledge.rules.decide import decide
from knowledge.rules.table import table_on


def on_telegram(house: House, chat: int, pack: Pack, picks: Picks) -> tuple[str, str]:
    """The outcome of the answers behind the result, and all that was said last."""
    table = table_on(pack.mip, TODAY)
    questions = {one.id: one for page in table.pages for one in page.questions}
    tom = house.human(chat)
    house.says(tom, "/school")
    for _, id, number in picks:
        asked = tom.reads_last()
        assert questions[id].label in asked.plain, f"asked {asked.plain!r} for {id}"
        house.presses(tom, questions[id].choices[number].label)
    said = words(house.presses(tom, "See the result"))
    house.presses(tom, "Open on the web")
    link = tom.reads_last().buttons[0]["url"]
    return decide(table, dict(parse_qsl(urlsplit(link).query))).outcome.value, said


def differing(house: House, pack: Pack, other: Pack, seeds: range) -> list[str]:
    """The walks on which Telegram, with `pack`, and the terminal, with `other`, disagree, or the words do not fit."""
    found = []
    for seed in seeds:
        picks, answers = walk(pack, seed)
        there, said = on_telegram(house, 10_000 + seed, pack, picks)
        here = on_the_terminal(other, picks, answers) if other is pack else decided(other, answers)
        verdict = decide(table_on(pack.mip, TODAY), answers)
        heading = "refer_safeguarding" if verdict.once_safe is not None else verdict.outcome.value
        parent = answers.get("asker") == "parent"
        if there != here or not (parent or verdict.word(heading) in said):
            found.append(f"walk {seed}: telegram {there}, elsewhere {here}")
    return found


def decided(pack: Pack, answers: dict[str, str]) -> str:
    return decide(table_on(pack.mip, TODAY), answers).outcome.value


def main() -> None:
    """Print on how many walks the doors differ; end with 1 when they do, or when the control does not."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--walks", type=int, default=300)
    given = parser.parse_args()
    configure_logs("critical")
    pack = load_pack(PACKS / "hounslow")
    with tempfile.TemporaryDirectory() as folder:
        front = front_for(Assistant(little_engine(pack)), Path(folder))
        front.office = replace(front.office, desk=replace(front.office.desk, site="https://send.example"))
        with open_house(front, address="https://send.example") as house:
            wrong = differing(house, pack, pack, range(given.walks))
            control = differing(house, pack, spoilt(pack), range(given.walks, given.walks + 60))
        front.close()
        front.office.engine.dispose()
    print(f"{date.today()}: {given.walks} walks in Telegram, {len(wrong)} differ; control: {len(control)} differ")
    print("\n".join(wrong[:10]))
    sys.exit(bool(wrong or not control))


if __name__ == "__main__":
    main()

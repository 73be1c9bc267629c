"""`askwell plan`: getting ready for adult life, by school year."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from bot.app import load_settings_pack
from bot.dates_cli import Today, read_today
from bot.plain import as_text
from bot.settings import Settings
from bot.terminal import stop
from bot.year_plan import find_plan, plan_object, plan_reply
from knowledge.planner import FIRST_AGE, LAST_AGE

HOW = f"Give a school year, such as Year 9 or Reception, or an age from {FIRST_AGE} to {LAST_AGE}."


def plan(
    year: Annotated[list[str], typer.Argument(help=HOW)],
    as_object: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    today: Today = None,
) -> None:
    """What to do now and next to get ready for adult life, by school year."""
    pack, day = load_settings_pack(Settings()), read_today(today)
    made = find_plan(" ".join(year), pack, day)
    if made is None:
        stop(f"I have no plan for that. {HOW}")
    shown = json.dumps(plan_object(made, pack, day), ensure_ascii=False) if as_object else None
    sys.stdout.write((shown or as_text(plan_reply(made, pack, day), pack)) + "\n")

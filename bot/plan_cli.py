"""`askwell plan`: getting ready for adult life, by school year."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from typing import Annotated

import typer

from bot.app import load_settings_pack
from bot.dates_cli import Today, read_today
from bot.plain import as_text
from bot.settings import Settings
from bot.terminal import stop
from bot.year_plan import plan_object, plan_reply
from knowledge.pack import Pack
from knowledge.planner import FIRST_AGE, LAST_AGE, YearPlan, plan_for
from knowledge.school_years import read_school_year

_AGE = re.compile(r"(?:aged?\s+)?(\d{2})")
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


def find_plan(typed: str, pack: Pack, today: date) -> YearPlan | None:
    """The plan for what was typed; none when it is no school year and no age from 19 to 25."""
    age = _AGE.fullmatch(typed.strip().lower())
    year = int(age[1]) if age and int(age[1]) >= FIRST_AGE else read_school_year(typed)
    return plan_for(year, pack.planner, pack.deadlines, today) if year is not None else None

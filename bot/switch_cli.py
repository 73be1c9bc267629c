"""`askwell switch`: a part of the service off, or on again, within seconds and without a restart."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.desk_door import open_desk
from bot.settings import Settings
from bot.terminal import said, stop
from handoff.database import reading, transaction
from handoff.switches import SEEN_SECONDS, Part, SwitchError, turn, turns

STAYS = {
    Part.WEB: "The pages show the numbers to ring in danger and how to reach a person.",
    Part.BOT: "Help in danger is still told.",
    Part.ANSWERING: "Help in danger and the way to a person stay.",
    Part.INGESTION: "Answers go on from the index there is.",
}


def switch(
    what: Annotated[str, typer.Argument(help=f"{', '.join(Part)}; or list.")] = "list",
    state: Annotated[str, typer.Argument(help="off or on")] = "",
    reason: Annotated[str, typer.Option(help="Why. It is kept, and shown to the council's people alone.")] = "",
    by: Annotated[str, typer.Option(help="Who turns it: an officer's id.")] = "operator",
) -> None:
    """Turn a part of the service off or on, or list what is off and why."""
    if what == "list":
        return show()
    if what not in list(Part) or state not in ("off", "on"):
        stop(f'Write: askwell switch WHAT off --reason "…". WHAT is one of {", ".join(Part)}; the other state is on.')
    part = Part(what)
    try:
        with open_desk(Settings()) as (engine, desk), transaction(engine) as session:
            turn(session, desk, part, off=state == "off", reason=reason, by=by)
    except SwitchError as error:
        stop(f'{error} Add --reason "…".')
    stays = f" {STAYS[part]}" if state == "off" else ""
    said.print(f"{part} is {state}. What runs sees it within {SEEN_SECONDS} seconds.{stays}")
    return None


def show() -> None:
    """One line for each switch."""
    with open_desk(Settings()) as (engine, desk), reading(engine) as session:
        last = turns(session, desk)
    for part in Part:
        turned = last.get(part)
        why = f"\t{turned.at:%Y-%m-%d %H:%M} UTC\t{turned.by}\t{turned.reason}" if turned else ""
        sys.stdout.write(f"{part}\t{'off' if turned and turned.off else 'on'}{why}\n")

"""`askwell outbox`: letters that did not arrive, and sending one again. Never what they say, or to whom."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.desk_door import open_desk
from bot.settings import Settings
from bot.terminal import said, stop
from handoff import audit
from handoff.database import reading, transaction
from handoff.models import OutboxState
from handoff.undelivered import Undelivered, dead, late, retry, standing

outbox_cli = typer.Typer(help="Letters that did not arrive, and sending one again.", no_args_is_help=True)


@outbox_cli.command("list")
def show() -> None:
    """List the letters that died, and those still on their way after ten minutes."""
    with open_desk(Settings()) as (engine, desk), reading(engine) as session:
        gone, slow, stands = dead(session, desk), late(session, desk), standing(session, desk)
    for letter in gone + slow:
        sys.stdout.write(_line(letter) + "\n")
    counts = ", ".join(f"{stands.by_state[state]} {state.value}" for state in OutboxState)
    said.print(f"{len(gone)} dead and {len(slow)} late are listed. In all: {counts}.")


@outbox_cli.command("retry")
def again(id: Annotated[str, typer.Argument(help="The letter's id, as 'askwell outbox list' shows it.")]) -> None:
    """Send a dead letter again."""
    with open_desk(Settings()) as (engine, desk), transaction(engine) as session:
        done = retry(session, desk, id)
        if done:
            audit.record(session, desk, actor="system", act="letter_retried", kind="letter", subject=id)
    if not done:
        stop("There is no dead letter with this id. 'askwell outbox list' shows them.", code=1)
    said.print("The letter is sent again with the next round.")


def _line(letter: Undelivered) -> str:
    shown = (letter.id, letter.state.value, letter.kind, letter.channel, letter.line, letter.fault or "-")
    return "\t".join((*shown, f"{letter.attempts} tries", f"{letter.made_at:%Y-%m-%d %H:%M} UTC"))

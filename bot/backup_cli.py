"""`askwell backup` and `askwell restore`: the council's records as one file, and back, while the service runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.desk_door import open_desk
from bot.settings import Settings
from bot.terminal import said, stop
from handoff.backup import backup as make_backup
from handoff.backup_file import BackupError
from handoff.restore import restore as put_back

File = Annotated[Path, typer.Argument(help="The file.")]


def backup(file: File) -> None:
    """Write a backup to a new file. The families' keys are not in it: copy their folder to another place yourself."""
    try:
        with open_desk(Settings()) as (engine, desk):
            made = make_backup(engine, desk, file)
    except BackupError as error:
        stop(str(error), code=1)
    keys = Settings().keys_folder
    said.print(f"{file} holds {sum(made.rows.values())} rows of {made.pack}. It cannot be read without {keys}.")


def restore(
    file: File,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    by: Annotated[str, typer.Option(help="Who answers for it: an officer's id.")] = "operator",
) -> None:
    """Put a backup back. What was written since is lost; erasures made since are applied again."""
    if not yes and not typer.confirm("What was written since this backup is lost. Go on?", err=True):
        stop("Nothing was changed.", code=1)
    try:
        with open_desk(Settings()) as (engine, desk):
            done = put_back(engine, desk, file, by=by)
    except BackupError as error:
        stop(f"{error} Nothing was changed.", code=1)
    again = len(done.erased_again)
    said.print(f"{sum(done.manifest.rows.values())} rows of {done.manifest.made_at} are back. {again} erasures again.")
    if done.audit_from_backup:
        said.print("The audit chain was lost and goes on from the backup's end. Its next entry says so.")
    said.print("Everybody is signed out. Look through 'askwell officers list' before families come back.")

"""`askwell audit`: whether what was noted about who saw and changed what is still all there."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.app import load_settings_pack
from bot.records import desk_of, open_database
from bot.settings import Settings
from bot.terminal import said, stop
from handoff import database
from handoff.audit_check import Checked, verify
from handoff.audit_head import Head

audit = typer.Typer(help="Who saw or changed what, and whether that record is whole.", no_args_is_help=True)
Noted = Annotated[str, typer.Option("--head", help="A head noted before, as NUMBER:HASH, that must still be there.")]


@audit.command("verify")
def verify_command(noted: Noted = "") -> None:
    """Check every entry of the audit chain. Exit code 1 when one was changed, taken out, put in, or cut off."""
    checked = _checked(_read(noted) if noted else None)
    if checked.behind:
        said.print(f"{checked.behind} entries are newer than the head: it was not noted before a crash.")
    for fault in checked.faults:
        sys.stdout.write(f"{fault}\n")
    if checked.faults:
        stop("The audit chain is not whole. Keep the database and the keys as they are, and tell the data officer.", 1)
    said.print(f"The audit chain is whole: {checked.entries} entries.")


@audit.command("head")
def head_command() -> None:
    """Print where the chain ends, as NUMBER:HASH, to be kept on another machine. Checks the chain first."""
    checked = _checked(None)
    if checked.faults:
        stop("The audit chain is not whole, so its end proves nothing. Run 'askwell audit verify'.", 1)
    sys.stdout.write(f"{checked.last.number}:{checked.last.hash}\n")


def _checked(noted: Head | None) -> Checked:
    settings = Settings()
    pack = load_settings_pack(settings)
    engine = None
    try:
        engine = open_database(settings)
        with database.reading(engine) as session:
            return verify(session, desk_of(settings, pack), noted)
    except database.DatabaseError as error:
        stop(str(error), code=1)
    except database.UNAVAILABLE:
        stop("The database cannot be reached. Check that it runs and that DATABASE_URL names it.", code=1)
    finally:
        if engine is not None:
            engine.dispose()


def _read(text: str) -> Head:
    number, _, hash = text.strip().partition(":")
    if not (number.isdecimal() and number.isascii() and len(hash) == 64):
        stop("A head is written as NUMBER:HASH, as 'askwell audit head' printed it.")
    return Head(int(number), hash.lower())

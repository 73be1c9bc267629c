"""`askwell directory`: bring a council's AP Directory in, look things up in it, and hand it on."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bot.app import load_settings_pack
from bot.desk_door import refuse_while_off
from bot.directory_search import directory_search
from bot.directory_text import as_lines, as_object, comparison
from bot.models import ready_encoders
from bot.settings import Settings
from bot.terminal import said, stop
from handoff.switches import Part
from knowledge.directory.fields import FIELDS
from knowledge.directory.matching import FACETS, providers_matching, read_wanted
from knowledge.directory.provider import Provider, Reader
from knowledge.directory.sheets import SheetError
from knowledge.directory.store import Directory, Report, as_csv, keep, load_directory, plan_import

directory = typer.Typer(help="The AP Directory: import, look up, compare, export.", no_args_is_help=True)
MOST_FAULTS = 50


@directory.command()
def check(file: Annotated[Path, typer.Argument(help="A CSV or XLSX file.")]) -> None:
    """Say what is wrong with a file, and what importing it would change. Changes nothing."""
    report = _planned(file, _kept(Settings()))
    _tell(report)
    if report.faults:
        stop("Nothing was changed.", code=1)


@directory.command(name="import")
def import_(file: Annotated[Path, typer.Argument(help="A CSV or XLSX file.")]) -> None:
    """Make a file the directory. With one fault in it, nothing changes."""
    settings = Settings()
    refuse_while_off(settings, Part.INGESTION)
    report = _planned(file, _kept(settings))
    _tell(report)
    if report.faults:
        stop("Nothing was changed. Mend the lines above, and import the file again.", code=1)
    if not report.providers:
        stop("There is no provider in this file. Nothing was changed.", code=1)
    keep(settings.directory_folder, report, file.name, date.today())
    said.print(f"The directory now holds {len(report.providers)} providers.")


@directory.command()
def find(
    words: Annotated[list[str] | None, typer.Argument(help="What you look for, in your own words.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help=f"Narrow by a facet, as key_stages=KS3. Facets: {', '.join(FACETS)}.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """List the providers that fit, each with what must be known about it."""
    settings = Settings()
    pack, today = load_settings_pack(settings), date.today()
    kept = _kept(settings)
    fitting = providers_matching(kept.providers, _facets(where or []), visible_to=Reader.SCHOOL)
    found = fitting
    if words and fitting:
        found = directory_search(kept.providers, ready_encoders(settings)).find(" ".join(words), fitting)
    for provider in found:
        entry = as_object(pack, provider, today)
        text = json.dumps(entry, ensure_ascii=False) if as_json else "\n".join(as_lines(pack, provider, today)) + "\n"
        sys.stdout.write(f"{text}\n")
    said.print(pack.phrases.say("ap_not_recommended") if found else pack.phrases.say("ap_none"))


@directory.command()
def compare(ids: Annotated[list[str], typer.Argument(help="Two or more ids, as find --json prints them.")]) -> None:
    """Put providers side by side, a line for each field."""
    settings = Settings()
    chosen = [_one(_kept(settings), id) for id in ids]
    for label, cells in comparison(chosen, date.today()):
        sys.stdout.write(f"{label}: {' | '.join(cell or '-' for cell in cells)}\n")
    said.print(load_settings_pack(settings).phrases.say("ap_not_recommended"))


@directory.command()
def export(out: Annotated[Path, typer.Argument(help="The CSV file to write.")]) -> None:
    """Write the directory as CSV. No cell of it is run by a spreadsheet."""
    try:
        out.write_text(as_csv(_kept(Settings()).providers), encoding="utf-8-sig", newline="")
    except OSError as error:
        stop(f"{out} cannot be written: {error.strerror}.", code=1)


@directory.command()
def columns() -> None:
    """List the columns a file may have, where each was seen, and the words a cell may hold."""
    for field in FIELDS:
        must = " (must be there)" if field.required else ""
        words = f": {', '.join(field.choices)}" if field.choices else ""
        where = f"seen in {field.seen_in}" if field.seen_in else "inferred"
        sys.stdout.write(f"{field.label}{must} [{field.kind}, {where}]{words}\n")


def _kept(settings: Settings) -> Directory:
    return load_directory(settings.directory_folder)


def _planned(file: Path, present: Directory) -> Report:
    try:
        return plan_import(file, present)
    except SheetError as error:
        stop(str(error), code=1)


def _tell(report: Report) -> None:
    for line in [*report.notes, *report.faults[:MOST_FAULTS]]:
        sys.stdout.write(f"{line}\n")
    if len(report.faults) > MOST_FAULTS:
        sys.stdout.write(f"and {len(report.faults) - MOST_FAULTS} more faults\n")
    said.print(
        f"{report.rows} rows: {len(report.providers)} without a fault, {len(report.faults)} faults. "
        f"New: {len(report.added)}. Changed: {len(report.changed)}. Gone: {len(report.removed)}."
    )


def _facets(given: list[str]) -> dict[str, tuple[str, ...]]:
    wanted: dict[str, list[str]] = {}
    for one in given:
        facet, _, value = one.partition("=")
        if facet not in FACETS or not value:
            stop(f"'{one}' is no facet: write one like key_stages=KS3. Facets: {', '.join(FACETS)}.")
        wanted.setdefault(facet, []).append(value)
    read = read_wanted(wanted)
    for facet, values in wanted.items():
        if strangers := [value for value in values if value not in read[facet]]:
            stop(f"'{strangers[0]}' is no value of {facet}.")
    return read


def _one(kept: Directory, id: str) -> Provider:
    try:
        return kept.provider(id)
    except KeyError:
        stop(f"There is no provider called '{id}'. 'askwell directory find --json' prints the ids.")
